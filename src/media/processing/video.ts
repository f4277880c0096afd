import { join } from 'node:path'
import type { Services } from '../../context.ts'
import type { StoredVariant } from '../store.ts'
import type { Ffmpeg } from './ffmpeg.ts'
import type { Rendition } from './finish.ts'
import { blurhashOf, writeThumbnail } from './image.ts'
import type { Workshop } from './process.ts'
import { Unreadable } from './unreadable.ts'

/** Video and audio: how long, how large, a poster, and a rendition that plays everywhere. Without ffmpeg, as it is. */
export async function renderFilm({ media: parts, config }: Services, workshop: Workshop): Promise<Rendition> {
  const { ffmpeg } = parts
  if (!ffmpeg) return {}
  const { source, folder, signal, media } = workshop
  const shape = await ffmpeg.probe(source, signal)
  const original = await writeOriginal(ffmpeg, workshop)
  if (!shape.hasVideo || media.kind === 'AUDIO') return { ...original, durationMs: shape.durationMs }

  const { mediaMegapixels, mediaProcessingSeconds: seconds } = config.limits
  const bounds = { maxPixels: mediaMegapixels * 1_000_000, seconds }
  const drafts = {
    frame: join(folder, 'frame.png'),
    poster: join(folder, 'poster'),
    video: join(folder, 'video.mp4'),
  }
  await ffmpeg.frame(source, drafts.frame, signal)
  const poster = await writeThumbnail(drafts.frame, drafts.poster, bounds)
  const blurhash = await blurhashOf(drafts.poster, bounds)
  const video = await ffmpeg.transcode(source, drafts.video, signal)
  const variants: StoredVariant[] = [
    { name: 'thumbnail', mimeType: 'image/webp', ...poster, key: await workshop.keep(drafts.poster) },
    { name: 'video', mimeType: 'video/mp4', ...video, key: await workshop.keep(drafts.video) },
  ]
  const { width, height, durationMs } = shape
  return { ...original, width, height, durationMs, blurhash, variants }
}

/** Containers that can be written again, by the name that ffmpeg has for them. */
const formats: Record<string, string> = {
  'video/mp4': 'mp4',
  'audio/mp4': 'mp4',
  'video/x-m4v': 'ipod',
  'audio/x-m4a': 'ipod',
  'video/quicktime': 'mov',
  'audio/quicktime': 'mov',
  'video/3gpp': '3gp',
  'audio/3gpp': '3gp',
  'video/webm': 'webm',
  'audio/webm': 'webm',
  'video/matroska': 'matroska',
  'video/ogg': 'ogg',
  'audio/ogg': 'ogg',
  'audio/mpeg': 'mp3',
  'audio/flac': 'flac',
  'audio/wav': 'wav',
  'audio/aac': 'adts',
}

/** Puts a copy in place of the upload, without where and by whom it was taken. What cannot be copied stays. */
async function writeOriginal(ffmpeg: Ffmpeg, workshop: Workshop): Promise<Rendition> {
  const { source, folder, signal, media } = workshop
  const format = formats[media.mimeType]
  if (!format) return {}
  const draft = join(folder, 'original')
  try {
    const { byteSize } = await ffmpeg.copy(source, draft, format, signal)
    return { byteSize, objectKey: await workshop.keep(draft) }
  } catch (error) {
    // Not every container takes what another one of its name has.
    if (error instanceof Unreadable) return {}
    throw error
  }
}
