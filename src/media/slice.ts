import { authSecrets } from '../auth/secret.ts'
import type { Slice } from '../slice.ts'
import { chooseAvatar, releaseAvatar } from './avatars.ts'
import { type Media, openMedia } from './media.ts'
import { processMedia } from './processing/process.ts'
import { collectUnusedMedia, removeMediaBytes } from './removal-jobs.ts'
import { deleteUploads } from './upload/delete-all.ts'

declare module '../context.ts' {
  interface Services {
    media: Media
  }
}

export const media: Slice = {
  name: 'media',
  async open({ config, log }, hooks) {
    const media = await openMedia(config, await authSecrets(config))
    if (!media.ffmpeg)
      log.warn({ ffmpeg: config.media.ffmpeg }, 'ffmpeg not found, video and audio not transcoded')
    hooks.on('accountDeleted', deleteUploads)
    hooks.on('avatarChosen', chooseAvatar)
    hooks.on('avatarReleased', releaseAvatar)
    return {
      service: { media },
      parts: {
        Uploads: media.storage.description,
        Video: media.ffmpeg ? 'transcoded with ffmpeg' : 'served as uploaded, ffmpeg not found',
      },
      tasks: (services) => ({
        processMedia: processMedia(services),
        removeMediaBytes: removeMediaBytes(services),
        collectUnusedMedia: collectUnusedMedia(services),
      }),
    }
  },
}
