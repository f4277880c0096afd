import { fileTypeFromBuffer } from 'file-type'
import type { MediaKind } from '../store.ts'

export interface ContentType {
  kind: MediaKind
  mimeType: string
}

/** So much of the beginning tells what a file is. */
export const headBytes = 65_536

/** Images that this server can read and write anew, and that no browser takes for a page. */
const images = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/avif'])

// They hold films as well as sound alone, as microphones of browsers and telephones record it.
const containers = new Set(['video/mp4', 'video/webm', 'video/ogg', 'video/quicktime', 'video/3gpp'])

/** What something is by its type. What cannot be shown safely, such as SVG, is a file like any other. */
export function kindOf(mimeType: string): MediaKind {
  if (images.has(mimeType)) return 'IMAGE'
  if (mimeType.startsWith('video/')) return 'VIDEO'
  return mimeType.startsWith('audio/') ? 'AUDIO' : 'FILE'
}

/** What the content is, whatever it is called; null when it is not what it was declared to be. */
export async function contentType(head: Uint8Array, declared: string): Promise<ContentType | null> {
  const wanted = kindOf(declared)
  const found = await typeOf(head)
  if (wanted === 'FILE') return { kind: found ? kindOf(found) : 'FILE', mimeType: found ?? declared }
  if (!found) return null
  const kind = kindOf(found)
  if (wanted === 'AUDIO' && containers.has(found))
    return { kind: 'AUDIO', mimeType: found.replace('video/', 'audio/') }
  return kind === wanted || (wanted === 'VIDEO' && kind === 'AUDIO') ? { kind, mimeType: found } : null
}

async function typeOf(head: Uint8Array): Promise<string | null> {
  const type = await fileTypeFromBuffer(head).catch(() => undefined)
  const mimeType = type?.mime.split(';', 1)[0] ?? null
  // A moving PNG is a PNG whose first picture is shown.
  return mimeType === 'image/apng' ? 'image/png' : mimeType
}
