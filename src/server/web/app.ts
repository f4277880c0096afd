import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Config } from '../../config.ts'
import { encodingFor } from '../request/compression.ts'
import { HttpRefusal } from '../request/refusal.ts'
import { readWebFiles, type WebFile, type WebFiles } from './files.ts'

/** The web app at /. */
export interface WebApp {
  /** Returns whether the path belongs to the app; if not, nothing is sent. */
  serve(request: IncomingMessage, response: ServerResponse, pathname: string): Promise<boolean>
}

/** The pages of the app, which are one document; web/src/router.ts has the same. */
const pages = /^\/(?:(?:c|join)\/[^/]+|people|new-group|settings|moderation)?$/

export function createWebApp({ publicUrl, media }: Pick<Config, 'publicUrl' | 'media'>): WebApp {
  const mediaOrigins = [publicUrl, media.s3?.publicUrl, media.cdnUrl].flatMap((address) =>
    address ? [new URL(address).origin] : [],
  )
  let loaded: WebFiles | null = null

  /** Not kept while the app is not built. */
  async function files(): Promise<WebFiles> {
    if (loaded) return loaded
    const found = await readWebFiles()
    if (found.size > 0) loaded = found
    return found
  }

  return {
    async serve(request, response, pathname) {
      const isPage = pages.test(pathname)
      const file = (await files()).get(isPage ? '/index.html' : pathname)
      if (!file) return false
      if (request.method !== 'GET' && request.method !== 'HEAD')
        throw new HttpRefusal(405, 'INVALID_INPUT', 'Read the web app by GET or HEAD.', {
          allow: 'GET, HEAD',
        })
      await send(request, response, file, {
        'content-type': file.type,
        etag: file.etag,
        'cache-control': cacheControl(pathname),
        ...(isPage ? { 'content-security-policy': contentPolicy(request, mediaOrigins) } : {}),
      })
      return true
    },
  }
}

/** Names in this folder change with the content. */
const cacheControl = (pathname: string) =>
  pathname.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  file: WebFile,
  headers: Record<string, string>,
): Promise<void> {
  response.appendHeader('vary', 'Accept-Encoding')
  if (request.headers['if-none-match'] === file.etag) return void response.writeHead(304, headers).end()
  const encoding = encodingFor(request.headers['accept-encoding'])
  const bytes = await file.bytes(encoding)
  if (encoding !== 'identity') response.setHeader('content-encoding', encoding)
  response.writeHead(200, { ...headers, 'content-length': bytes.length })
  response.end(request.method === 'HEAD' ? undefined : bytes)
}

/**
 * Scripts and styles are files of this server. Media have the address of PUBLIC_URL or of the storage. Some browsers do not
 * apply 'self' to WebSockets.
 */
function contentPolicy({ headers: { host = '' } }: IncomingMessage, mediaOrigins: readonly string[]): string {
  const socket = /^[\w.:[\]-]+$/.test(host) ? ` ws://${host} wss://${host}` : ''
  const media = mediaOrigins.map((origin) => ` ${origin}`).join('')
  return [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "style-src 'self'",
    `img-src 'self' data: blob:${media}`,
    `media-src 'self' blob:${media}`,
    `connect-src 'self'${socket}${media}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
