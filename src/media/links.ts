import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { Viewer } from '../context.ts'

/** What of a media an address leads to. */
export const renditions = ['original', 'thumbnail', 'video'] as const

export type RenditionName = (typeof renditions)[number]

export interface Link {
  url: string
  expiresAt: Date
}

/** Addresses that speak for somebody, for one thing and for a short while: a browser can put nothing else into an image. */
export interface MediaLinks {
  download(origin: string, viewer: Viewer, mediaId: string, rendition: RenditionName): Link
  /** Who may read by this address, if they still may; null when this server did not make it or it has expired. */
  readDownload(mediaId: string, rendition: string, query: URLSearchParams): Viewer | null
  /** What an upload proves its right by. */
  upload(mediaId: string, expiresAt: Date): Record<'expires' | 'signature', string>
  allowsUpload(mediaId: string, authorization: { expires?: string; signature?: string }): boolean
}

export function createMediaLinks(secret: string, lifeSeconds: number): MediaLinks {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'parlance media link', 32))
  const sign = (...parts: string[]) =>
    createHmac('sha256', key).update(JSON.stringify(parts)).digest('base64url')
  const holds = (signature: string, expires: string, ...parts: string[]) =>
    Number(expires) * 1000 > Date.now() && equal(signature, sign(...parts, expires))

  return {
    download(origin, { userId, sessionId }, mediaId, rendition) {
      const expires = String(nextExpiry(lifeSeconds))
      const signature = sign('download', mediaId, rendition, userId, sessionId, expires)
      const query = new URLSearchParams({ viewer: userId, session: sessionId, expires, signature })
      const url = `${origin}/media/${mediaId}/${rendition}?${query}`
      return { url, expiresAt: new Date(Number(expires) * 1000) }
    },
    readDownload(mediaId, rendition, query) {
      const [userId = '', sessionId = '', expires = '', signature = ''] = [
        'viewer',
        'session',
        'expires',
        'signature',
      ].map((name) => query.get(name) ?? '')
      const good = holds(signature, expires, 'download', mediaId, rendition, userId, sessionId)
      return good ? { userId, sessionId } : null
    },
    upload(mediaId, expiresAt) {
      const expires = String(Math.floor(expiresAt.getTime() / 1000))
      return { expires, signature: sign('upload', mediaId, expires) }
    },
    allowsUpload: (mediaId, { expires = '', signature = '' }) => holds(signature, expires, 'upload', mediaId),
  }
}

/** The same for half a life, so that asking again gives the same address and a browser finds what it has kept. */
function nextExpiry(lifeSeconds: number): number {
  const step = Math.max(1, Math.floor(lifeSeconds / 2))
  return (Math.floor(Date.now() / 1000 / step) + 2) * step
}

function equal(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
