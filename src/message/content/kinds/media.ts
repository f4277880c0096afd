import { z } from 'zod'
import type { MediaKind } from '../../../platform/db/generated/enums.ts'
import { text } from '../../../platform/text.ts'
import { check, checkAll } from '../../../platform/validation.ts'
import { type Kind, oneLine } from './definition.ts'
import { labels } from './labels.ts'

/** A reference to a media item, without a URL: URLs are signed on reading. */
export interface MediaBody {
  media_id: string
  /** The file name at sending, for search. */
  filename?: string
  caption?: string
}

export interface MediaInput {
  mediaId: string
  caption?: string | null
}

const idSchema = z.string().min(1).max(64)

function mediaKind(kind: MediaKind, typeName: string, description: string): Kind<MediaBody, MediaInput> {
  return {
    description,
    typeName,
    since: 2,
    read({ mediaId, caption }, { config }, path) {
      const captionSchema = text({ min: 0, max: config.limits.textLength })
      const [written, media_id] = checkAll(
        () => check(captionSchema, caption ?? '', `${path}.caption`),
        () => check(idSchema, mediaId, `${path}.mediaId`),
      )
      return written === '' ? { media_id } : { media_id, caption: written }
    },
    // Files are recognised by name, images by caption.
    plainText: ({ filename, caption }, _ctx, language) =>
      oneLine([labels[language][kind], kind === 'FILE' ? filename : '', caption].filter(Boolean).join(' ')),
    searchText: ({ filename, caption }) => [caption, filename].filter(Boolean).join('\n') || null,
    mediaIds: ({ media_id }) => [media_id],
  }
}

export const imageKind = mediaKind('IMAGE', 'ImageContent', 'An image.')
export const fileKind = mediaKind('FILE', 'FileContent', 'A file.')
export const videoKind = mediaKind('VIDEO', 'VideoContent', 'A video.')
export const audioKind = mediaKind('AUDIO', 'AudioContent', 'Audio, such as a voice message.')
