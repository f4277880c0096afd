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
  /** Whether caches between may keep a copy for other clients. */
  isShared: boolean
}

/** Resolves a signed URL. A valid signature is not enough: the session and the right to read are checked each time. */
export async function findRendition(
  services: Services,
  mediaId: string,
  rendition: string,
  query: URLSearchParams,
): Promise<ServedFile> {
  const viewer = services.media.links.readDownload(mediaId, rendition, query)
  if (!viewer) throw invalidUrl()
  await services.auth.sessions.assertLive(viewer)
  const media = await readAsViewer(services, viewer, mediaId)
  if (media?.status !== 'READY' || media.objectKey === null) throw notFound('media')
  return renditionOf(media, rendition)
}

const invalidUrl = () =>
  refuse('FORBIDDEN', 'The URL has expired or its signature is invalid; query the media item for a new one.')

function readAsViewer(services: Services, viewer: Viewer, mediaId: string): Promise<MediaRow | null> {
  return readMedia(createContext(services, { viewer, requestId: 'media', origin: '' }), mediaId)
}

function renditionOf(media: MediaRow, rendition: string): ServedFile {
  const cached = { maxAgeSeconds: 60, isShared: false }
  if (rendition === 'original' && media.objectKey !== null) {
    const { objectKey: key, byteSize, mimeType, filename, kind } = media
    // Browsers show only images, video and audio inline: a FILE could be a page with scripts.
    return kind === 'FILE'
      ? { key, byteSize, mimeType: 'application/octet-stream', downloadName: filename, ...cached }
      : { key, byteSize, mimeType, downloadName: null, ...cached }
  }
  const variant = media.variants.find(({ name }) => name === rendition)
  if (!variant) throw notFound('media')
  const { key, byteSize, mimeType } = variant
  return { key, byteSize, mimeType, downloadName: null, ...cached }
}

/**
 * Finds the thumbnail of a URL of the CDN, which asks for all viewers. An item goes with the last message that references
 * it, so after a recall only copies remain.
 */
export async function findShared(
  { sql, media: { links } }: Services,
  mediaId: string,
  query: URLSearchParams,
): Promise<ServedFile> {
  const expiresAt = links.readShared(mediaId, query)
  if (!expiresAt) throw invalidUrl()
  const [media] = await sql.query<MediaRow>(`select ${mediaColumns} from media d where d.id = $1`, [mediaId])
  if (media?.status !== 'READY') throw notFound('media')
  const maxAgeSeconds = Math.max(0, Math.floor((expiresAt.getTime() - Date.now()) / 1000))
  return { ...renditionOf(media, 'thumbnail'), maxAgeSeconds, isShared: true }
}

const byAvatarKey = `
  select ${mediaColumns} from media d
  where d.id = (
    select avatar_media_id from "user" where avatar_key = $1
    union all
    select avatar_media_id from group_conversation where avatar_key = $1
    limit 1)`

/** Finds the thumbnail of an avatar. A new avatar gets a new key, so clients may cache it for a day. */
export async function findAvatar({ sql, config }: Services, avatarKey: string): Promise<ServedFile> {
  const [media] = await sql.query<MediaRow>(byAvatarKey, [avatarKey])
  if (media?.status !== 'READY') throw notFound('avatar')
  const isShared = config.media.cdnUrl !== null
  return { ...renditionOf(media, 'thumbnail'), maxAgeSeconds: 86_400, isShared }
}
