import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { Services } from '../../context.ts'
import { Refusal } from '../../errors.ts'
import { findAvatar, findRendition, findShared, type ServedFile } from '../../media/find-rendition.ts'
import { Deadline } from '../../platform/time/deadline.ts'
import { answerTooLate } from '../execution/executor.ts'
import { HttpRefusal } from '../request/refusal.ts'
import { statusOf } from '../request/refusal-status.ts'
import { rangeOf } from './byte-range.ts'

const stallMs = 60_000

/** Serves the bytes of a media item for a signed URL, or an avatar for its unguessable URL. */
export async function serveMedia(
  services: Services,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    throw new HttpRefusal(405, 'INVALID_INPUT', 'Read media by GET or HEAD.', { allow: 'GET, HEAD' })
  const [, , mediaId = '', name = ''] = url.pathname.split('/')
  const found = find(services, mediaId, name, url.searchParams)
  const deadline = new Deadline(services.config.limits.requestDeadlineMs)
  const file = await deadline.race(found, () => Promise.reject(answerTooLate())).catch(asHttpRefusal)
  await sendFile(services, file, request, response)
}

function find(
  services: Services,
  first: string,
  second: string,
  query: URLSearchParams,
): Promise<ServedFile> {
  if (first === 'avatars') return findAvatar(services, second)
  if (first === 'shared') return findShared(services, second, query)
  return findRendition(services, first, second, query)
}

export function asHttpRefusal(error: unknown): never {
  if (error instanceof Refusal) throw new HttpRefusal(statusOf(error.code), error.code, error.message)
  throw error
}

async function sendFile(
  { media }: Services,
  file: ServedFile,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const headers = headersOf(file)
  if (request.headers['if-none-match'] === headers.etag) return void response.writeHead(304, headers).end()
  const { key, byteSize } = file
  const range = rangeOf(request, headers.etag, byteSize)
  if (range === 'UNSATISFIABLE')
    throw new HttpRefusal(416, 'INVALID_INPUT', `The media item has ${byteSize} bytes.`, {
      'content-range': `bytes */${byteSize}`,
    })
  const { from, to } = range ?? { from: 0, to: byteSize - 1 }
  // Opened before the headers are sent, so that a removed item is refused rather than cut short.
  const body =
    request.method === 'HEAD' ? null : await media.storage.open(key, { from, to }).catch(asHttpRefusal)
  response.writeHead(range ? 206 : 200, {
    ...headers,
    'content-length': to - from + 1,
    ...(range ? { 'content-range': `bytes ${from}-${to}/${byteSize}` } : {}),
  })
  if (!body) return void response.end()
  response.setTimeout(stallMs, () => response.destroy())
  // The headers are sent: an error can only end the connection now.
  await pipeline(body, response).catch(() => response.destroy())
}

function headersOf({ key, mimeType, downloadName, maxAgeSeconds, isShared }: ServedFile) {
  return {
    'content-type': mimeType,
    'content-disposition': downloadName === null ? 'inline' : attachment(downloadName),
    // Whatever its content, a browser runs no script of it and loads nothing for it.
    'content-security-policy': "default-src 'none'; sandbox",
    'cross-origin-resource-policy': 'cross-origin',
    'cache-control': `${isShared ? 'public' : 'private'}, max-age=${maxAgeSeconds}`,
    'accept-ranges': 'bytes',
    etag: `"${key.split('/')[1]}"`,
  }
}

/** The name in ASCII for old clients, and in full by RFC 5987. */
function attachment(filename: string): string {
  const ascii = filename.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const full = encodeURIComponent(filename).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  )
  return `attachment; filename="${ascii}"; filename*=UTF-8''${full}`
}
