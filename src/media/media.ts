import sharp from 'sharp'
import type { AuthSecrets } from '../auth/secret.ts'
import type { Config } from '../config.ts'
import { createMediaLinks, type MediaLinks } from './links.ts'
import { type Ffmpeg, findFfmpeg } from './processing/ffmpeg.ts'
import { imageBounds } from './processing/image.ts'
import { createFolderStorage } from './storage/folder.ts'
import { mediaFolder } from './storage/open.ts'
import { createS3Storage } from './storage/s3/storage.ts'
import type { MediaStorage } from './storage/storage.ts'

/** Storage, URL signing and transcoding of media items. */
export interface Media {
  links: MediaLinks
  storage: MediaStorage
  /** null when not installed: video and audio are then served as uploaded. */
  ffmpeg: Ffmpeg | null
}

export async function openMedia(config: Config, secrets: AuthSecrets): Promise<Media> {
  const links = createMediaLinks(secrets, config.limits)
  const { s3, ffmpeg, ffprobe } = config.media
  // Every image is decoded once, so a cache of decoded images would only take memory.
  sharp.cache(false)
  sharp.concurrency(1)
  return {
    links,
    storage: s3 ? createS3Storage(s3) : createFolderStorage(mediaFolder(config), links),
    ffmpeg: await findFfmpeg(ffmpeg, ffprobe, imageBounds(config.limits).framePixels),
  }
}
