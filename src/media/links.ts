import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { AuthSecrets } from '../auth/secret.ts'
import type { Limits } from '../config.ts'
import type { Viewer } from '../context.ts'

/** The readable forms of a media item. */
export const renditions = ['original', 'thumbnail', 'video'] as const

export type RenditionName = (typeof renditions)[number]

export interface Link {
  url: string
  expiresAt: Date
}

/** Signed URLs. Each authorises one viewer for one rendition until it expires, because an `<img>` cannot send a token. */
export interface MediaLinks {
  download(origin: string, viewer: Viewer, mediaId: string, rendition: RenditionName): Link
  /** The viewer that a URL was signed for; null when the signature is invalid or has expired. */
  readDownload(mediaId: string, rendition: string, query: URLSearchParams): Viewer | null
  /** The same URL for every viewer, so that a CDN keeps one copy. */
  shared(cdnUrl: string, mediaId: string): Link
  /** When a shared URL expires; null when the signature is invalid or has expired. */
  readShared(mediaId: string, query: URLSearchParams): Date | null
  /** Query parameters or form fields that authorise an upload. */
  upload(mediaId: string, expiresAt: Date): Record<'expires' | 'signature', string>
  allowsUpload(mediaId: string, authorization: { expires?: string; signature?: string }): boolean
}

/** Links signed with the first secret; those signed with the others are valid, too. */
export function createMediaLinks(
  [secret, ...accepted]: AuthSecrets,
  { mediaLinkSeconds, cdnLinkSeconds }: Pick<Limits, 'mediaLinkSeconds' | 'cdnLinkSeconds'>,
): MediaLinks {
  const signer = (from: string) => {
    const key = Buffer.from(hkdfSync('sha256', from, '', 'parlance media link', 32))
    return (...parts: string[]) => createHmac('sha256', key).update(JSON.stringify(parts)).digest('base64url')
  }
  const sign = signer(secret)
  const signers = [sign, ...accepted.map(signer)]
  const isValid = (signature: string, expires: string, ...parts: string[]) =>
    Number(expires) * 1000 > Date.now() && signers.some((each) => equal(signature, each(...parts, expires)))

  return {
    download(origin, { userId, sessionId }, mediaId, rendition) {
      const expires = String(nextExpiry(mediaLinkSeconds))
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
      const valid = isValid(signature, expires, 'download', mediaId, rendition, userId, sessionId)
      return valid ? { userId, sessionId } : null
    },
    shared(cdnUrl, mediaId) {
      const expires = String(nextExpiry(cdnLinkSeconds))
      const query = new URLSearchParams({ expires, signature: sign('shared', mediaId, expires) })
      const url = `${cdnUrl}/media/shared/${mediaId}?${query}`
      return { url, expiresAt: new Date(Number(expires) * 1000) }
    },
    readShared(mediaId, query) {
      const [expires, signature] = [query.get('expires') ?? '', query.get('signature') ?? '']
      return isValid(signature, expires, 'shared', mediaId) ? new Date(Number(expires) * 1000) : null
    },
    upload(mediaId, expiresAt) {
      const expires = String(Math.floor(expiresAt.getTime() / 1000))
      return { expires, signature: sign('upload', mediaId, expires) }
    },
    allowsUpload: (mediaId, { expires = '', signature = '' }) =>
      isValid(signature, expires, 'upload', mediaId),
  }
}

/** Rounded to half the lifetime, so that repeated queries return the same URL and browser caches work. */
function nextExpiry(lifeSeconds: number): number {
  const step = Math.max(1, Math.floor(lifeSeconds / 2))
  return (Math.floor(Date.now() / 1000 / step) + 2) * step
}

function equal(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
