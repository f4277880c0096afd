import type { Services } from '../../context.ts'
import { invalidInput } from '../../errors.ts'
import { imageBounds, isWithin, readShape } from '../processing/image.ts'
import type { MediaRow } from '../store.ts'
import { type ContentType, contentType, headBytes } from './content-type.ts'

type Inspector = Pick<Services, 'media' | 'config'>

/**
 * The content type of the bytes at a key. Content that cannot be shown is a FILE; the only refusal is a size that
 * differs from the announced one.
 */
export async function inspect(
  { media, config }: Inspector,
  { byteSize: announced, mimeType, asFile }: MediaRow,
  key: string,
  byteSize: number,
): Promise<ContentType> {
  if (byteSize !== announced)
    throw invalidInput({
      path: 'input.mediaId',
      message: `has ${byteSize} bytes, not the ${announced} that were announced`,
    })
  if (asFile) return { kind: 'FILE', mimeType }
  const type = await contentType(await readHead(media, key, byteSize), mimeType)
  if (type.kind !== 'IMAGE') return type
  // From the header alone: a small file may decode to more than the memory of this machine.
  const shape = await media.storage.withFile(key, readShape)
  return shape && isWithin(shape, imageBounds(config.limits)) ? type : { ...type, kind: 'FILE' }
}

async function readHead({ storage }: Services['media'], key: string, byteSize: number): Promise<Buffer> {
  const stream = await storage.open(key, { from: 0, to: Math.min(byteSize, headBytes) - 1 })
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
