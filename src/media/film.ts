import { join } from 'node:path'
import type { Services } from '../context.ts'
import { blurhashOf, writeThumbnail } from './image.ts'
import type { Workshop } from './process-media.ts'
import type { Rendition } from './settle-media.ts'
import type { StoredVariant } from './store.ts'

/** Video and audio: how long, how large, a poster, and a rendition that plays everywhere. Without ffmpeg, as it is. */
export async function renderFilm({ media: parts, config }: Services, workshop: Workshop): Promise<Rendition> {
  const { ffmpeg } = parts
  if (!ffmpeg) return {}
  const { source, folder, signal, media } = workshop
  const shape = await ffmpeg.probe(source, signal)
  if (!shape.hasVideo || media.kind === 'AUDIO') return { durationMs: shape.durationMs }

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
  return { width, height, durationMs, blurhash, variants }
}
