import type { Services, Viewer } from '../context.ts'
import { createContext } from '../context.ts'
import { notFound, refuse } from '../errors.ts'
import { type MediaRow, mediaColumns, readMedia } from './store.ts'

/** A stored file that the viewer may read, and how it is served. */
export interface ServedFile {
  key: string
  byteSize: number
  mimeType: string
  /** File name of a download; null to show the file inline. */
  downloadName: string | null
  /** How long a client may cache the file, in seconds. */
  maxAgeSeconds: number
}

/** Resolves a signed URL. A valid signature is not enough: the session and the right to read are checked each time. */
export async function findRendition(
  services: Services,
  mediaId: string,
  rendition: string,
  query: URLSearchParams,
): Promise<ServedFile> {
  const viewer = services.media.links.readDownload(mediaId, rendition, query)
  if (!viewer)
    throw refuse(
      'FORBIDDEN',
      'The URL has expired or its signature is invalid; query the media item for a new one.',
    )
  await services.auth.sessions.assertLive(viewer)
  const media = await readAsViewer(services, viewer, mediaId)
  if (media?.status !== 'READY' || media.objectKey === null) throw notFound('media')
  return renditionOf(media, rendition)
}

function readAsViewer(services: Services, viewer: Viewer, mediaId: string): Promise<MediaRow | null> {
  return readMedia(createContext(services, { viewer, requestId: 'media', origin: '' }), mediaId)
}

function renditionOf(media: MediaRow, rendition: string): ServedFile {
  const maxAgeSeconds = 60
  if (rendition === 'original' && media.objectKey !== null) {
    const { objectKey: key, byteSize, mimeType, filename, kind } = media
    // Browsers show only images, video and audio inline: a FILE could be a page with scripts.
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

/** Finds the thumbnail of an avatar. A new avatar gets a new key, so clients may cache it for a day. */
export async function findAvatar({ sql }: Services, avatarKey: string): Promise<ServedFile> {
  const [media] = await sql.query<MediaRow>(byAvatarKey, [avatarKey])
  if (media?.status !== 'READY') throw notFound('avatar')
  return { ...renditionOf(media, 'thumbnail'), maxAgeSeconds: 86_400 }
}
