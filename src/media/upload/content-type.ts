import { fileTypeFromBuffer } from 'file-type'
import type { MediaKind } from '../../platform/db/generated/enums.ts'
import { isText } from './is-text.ts'

export interface ContentType {
  kind: MediaKind
  mimeType: string
}

/** Number of leading bytes that decide the type of a file. */
export const headBytes = 65_536

/** Image types that this server can encode and that browsers never interpret as a page. */
const images = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/avif'])

// Containers for video that browsers and phones also use for audio alone.
const containers = new Set(['video/mp4', 'video/webm', 'video/ogg', 'video/quicktime', 'video/3gpp'])

// Their signatures are a few bits long: one random file in about three thousand begins like an MP3.
const weaklySigned = new Set(['audio/mpeg', 'audio/aac', 'audio/vnd.dolby.dd-raw', 'video/mp2t'])

/** The kind of a MIME type. A type that cannot be shown safely, such as SVG, is a FILE. */
export function kindOf(mimeType: string): MediaKind {
  if (images.has(mimeType)) return 'IMAGE'
  if (mimeType.startsWith('video/')) return 'VIDEO'
  return mimeType.startsWith('audio/') ? 'AUDIO' : 'FILE'
}

/** The type of a file by its content. Content that is no known image, video or audio is a FILE. */
export async function contentType(head: Uint8Array, declared: string): Promise<ContentType> {
  const expected = kindOf(declared)
  const found = isText(head) ? null : await typeOf(head)
  if (!found || (expected === 'FILE' && isWeak(found, head)))
    return { kind: 'FILE', mimeType: expected === 'FILE' ? declared : 'application/octet-stream' }
  if (expected === 'AUDIO' && containers.has(found))
    return { kind: 'AUDIO', mimeType: found.replace('video/', 'audio/') }
  return { kind: kindOf(found), mimeType: found }
}

const isWeak = (mimeType: string, head: Uint8Array) =>
  weaklySigned.has(mimeType) && Buffer.from(head.subarray(0, 3)).toString('latin1') !== 'ID3'

async function typeOf(head: Uint8Array): Promise<string | null> {
  const type = await fileTypeFromBuffer(head).catch(() => undefined)
  const mimeType = type?.mime.split(';', 1)[0] ?? null
  // An animated PNG is a PNG whose first frame is shown.
  return mimeType === 'image/apng' ? 'image/png' : mimeType
}
