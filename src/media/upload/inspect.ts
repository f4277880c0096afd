import type { Services } from '../../context.ts'
import { invalidInput, refuse } from '../../errors.ts'
import { readShape } from '../processing/image.ts'
import type { MediaRow } from '../store.ts'
import { type ContentType, contentType, headBytes } from './content-type.ts'

type Inspector = Pick<Services, 'media' | 'config'>

const path = 'mediaId'

/** What the bytes under a key are. Refused when they are not what was announced, or more than may be unpacked. */
export async function inspect(
  { media, config }: Inspector,
  { byteSize: announced, mimeType }: MediaRow,
  key: string,
  byteSize: number,
): Promise<ContentType> {
  if (byteSize !== announced)
    throw invalidInput({ path, message: `has ${byteSize} bytes, not the ${announced} that were announced` })
  const head = await readHead(media, key, byteSize)
  const type = await contentType(head, mimeType)
  if (!type) throw invalidInput({ path, message: `is not ${mimeType}, as it was declared to be` })
  if (type.kind === 'IMAGE') await inspectImage({ media, config }, key)
  return type
}

async function readHead({ storage }: Services['media'], key: string, byteSize: number): Promise<Buffer> {
  const stream = await storage.open(key, { from: 0, to: Math.min(byteSize, headBytes) - 1 })
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** By its header alone: a small file may say that it unpacks to more than this machine has. */
async function inspectImage({ media, config }: Inspector, key: string): Promise<void> {
  const shape = await media.storage.withFile(key, readShape)
  if (!shape) throw invalidInput({ path, message: 'is not an image that can be read' })
  const limit = config.limits.mediaMegapixels
  if (shape.width * shape.height * shape.frames > limit * 1_000_000)
    throw refuse('LIMIT_EXCEEDED', `An image has at most ${limit} megapixels over all its frames.`, { limit })
}
