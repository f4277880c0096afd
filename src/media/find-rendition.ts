import type { Services, Viewer } from '../context.ts'
import { createContext } from '../context.ts'
import { notFound, refuse } from '../errors.ts'
import { type MediaRow, mediaColumns, readMedia } from './store.ts'

/** Bytes that somebody may have, and how they are to be taken. */
export interface ServedFile {
  key: string
  byteSize: number
  mimeType: string
  /** null when it is to be shown rather than saved. */
  downloadName: string | null
  /** How long the reader may keep it without asking again. */
  maxAgeSeconds: number
}

/**
 * What an address leads to. That it was given to somebody once is not enough: whether the session lasts and the
 * message can be read is looked up each time.
 */
export async function findRendition(
  services: Services,
  mediaId: string,
  rendition: string,
  query: URLSearchParams,
): Promise<ServedFile> {
  const viewer = services.media.links.readDownload(mediaId, rendition, query)
  if (!viewer) throw refuse('FORBIDDEN', 'This address was not made here, or it has expired.')
  await services.auth.sessions.assertLive(viewer)
  const media = await readFor(services, viewer, mediaId)
  if (media?.status !== 'READY' || media.objectKey === null) throw notFound('media')
  return renditionOf(media, rendition)
}

function readFor(services: Services, viewer: Viewer, mediaId: string): Promise<MediaRow | null> {
  return readMedia(createContext(services, { viewer, requestId: 'media', origin: '' }), mediaId)
}

function renditionOf(media: MediaRow, rendition: string): ServedFile {
  const maxAgeSeconds = 60
  if (rendition === 'original' && media.objectKey !== null) {
    const { objectKey: key, byteSize, mimeType, filename, kind } = media
    // A browser shows pictures, films and sound. Anything else might be a page of somebody's own making.
    return kind === 'FILE'
      ? { key, byteSize, mimeType: 'application/octet-stream', downloadName: filename, maxAgeSeconds }
      : { key, byteSize, mimeType, downloadName: null, maxAgeSeconds }
  }
  const variant = media.variants.find(({ name }) => name === rendition)
  if (!variant) throw notFound('media')
  const { key, byteSize, mimeType } = variant
  return { key, byteSize, mimeType, downloadName: null, maxAgeSeconds }
}

const byAvatarKey = `
  select ${mediaColumns} from media d
  where d.id = (
    select avatar_media_id from "user" where avatar_key = $1
    union all
    select avatar_media_id from group_conversation where avatar_key = $1
    limit 1)`

/** The picture of a person or a group, small. Another picture has another address, so it may be kept for long. */
export async function findAvatar({ sql }: Services, avatarKey: string): Promise<ServedFile> {
  const [media] = await sql.query<MediaRow>(byAvatarKey, [avatarKey])
  if (media?.status !== 'READY') throw notFound('picture')
  return { ...renditionOf(media, 'thumbnail'), maxAgeSeconds: 86_400 }
}
