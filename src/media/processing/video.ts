import { join } from 'node:path'
import type { Services } from '../../context.ts'
import type { StoredVariant } from '../store.ts'
import type { Ffmpeg } from './ffmpeg.ts'
import type { RenderResult } from './finish.ts'
import { blurhashOf, imageBounds, writeThumbnail } from './image.ts'
import type { RenderJob } from './render-job.ts'
import { Unreadable } from './unreadable.ts'

/** Renders video and audio: duration, dimensions, a poster, and a rendition that plays everywhere. Nothing without ffmpeg. */
export async function renderVideo(services: Services, job: RenderJob): Promise<RenderResult> {
  const { ffmpeg } = services.media
  if (!ffmpeg) return {}
  const { source, signal, media } = job
  const { hasVideo, hasAudio, width, height, durationMs } = await ffmpeg.probe(source, signal)
  if (!hasVideo && !hasAudio) throw new Unreadable('The upload has neither video nor audio.')
  const original = await writeOriginal(ffmpeg, job)
  if (!hasVideo || media.kind === 'AUDIO') return { ...original, durationMs }
  return { ...original, width, height, durationMs, ...(await decode(services, ffmpeg, job)) }
}

/** Poster and transcoded rendition. A video that ffmpeg cannot decode stays a VIDEO, as some client may play it. */
async function decode({ config, log }: Services, ffmpeg: Ffmpeg, job: RenderJob): Promise<RenderResult> {
  const { source, folder, signal, media } = job
  const drafts = {
    frame: join(folder, 'frame.png'),
    poster: join(folder, 'poster'),
    video: join(folder, 'video.mp4'),
  }
  const bounds = imageBounds(config.limits)
  try {
    await ffmpeg.frame(source, drafts.frame, signal)
    const poster = await writeThumbnail(drafts.frame, drafts.poster, bounds)
    const blurhash = await blurhashOf(drafts.poster, bounds)
    const video = await ffmpeg.transcode(source, drafts.video, signal)
    const variants: StoredVariant[] = [
      { name: 'thumbnail', mimeType: 'image/webp', ...poster, key: await job.store(drafts.poster) },
      { name: 'video', mimeType: 'video/mp4', ...video, key: await job.store(drafts.video) },
    ]
    return { blurhash, variants }
  } catch (error) {
    if (!job.isFinal(error)) throw error
    log.info({ mediaId: media.id, err: error }, 'video not transcoded, served as uploaded')
    return {}
  }
}

/** ffmpeg's names for the containers that it can write. */
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

/** Replaces the upload with a copy without metadata, such as location and author; an upload that cannot be copied is kept. */
async function writeOriginal(ffmpeg: Ffmpeg, job: RenderJob): Promise<RenderResult> {
  const { source, folder, signal, media } = job
  const format = formats[media.mimeType]
  if (!format) return {}
  const draft = join(folder, 'original')
  try {
    const { byteSize } = await ffmpeg.copy(source, draft, format, signal)
    return { byteSize, objectKey: await job.store(draft) }
  } catch (error) {
    // The container may not support the codecs of the upload.
    if (error instanceof Unreadable) return {}
    throw error
  }
}
