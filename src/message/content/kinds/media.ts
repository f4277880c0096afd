import { z } from 'zod'
import type { MediaKind } from '../../../platform/db/generated/enums.ts'
import { text } from '../../../platform/text.ts'
import { check, checkAll } from '../../../platform/validation.ts'
import { type Kind, oneLine } from './definition.ts'
import { labels } from './labels.ts'

/** A reference to an upload and never its address: addresses are signed when they are read. */
export interface MediaBody {
  media_id: string
  /** What it was called when it was sent, so that it is found by it. */
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
    // A file is known by its name, a picture by what is said of it.
    plainText: ({ filename, caption }) =>
      oneLine([labels[kind], kind === 'FILE' ? filename : '', caption].filter(Boolean).join(' ')),
    searchText: ({ filename, caption }) => [caption, filename].filter(Boolean).join('\n') || null,
    mediaIds: ({ media_id }) => [media_id],
  }
}

export const imageKind = mediaKind('IMAGE', 'ImageContent', 'An image.')
export const fileKind = mediaKind('FILE', 'FileContent', 'A file.')
export const videoKind = mediaKind('VIDEO', 'VideoContent', 'A video.')
export const audioKind = mediaKind('AUDIO', 'AudioContent', 'Audio, such as a voice message.')
