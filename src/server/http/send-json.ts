import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

type Headers = Record<string, string>

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Headers = {},
): void {
  sendBytes(response, status, Buffer.from(JSON.stringify(body)), headers)
}

/** Smaller responses fit into one packet uncompressed. */
const compressedFrom = 1_024

const compress = promisify(gzip)

/** Sends JSON, compressed if it is long and the client accepts that. */
export async function sendCompressed(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Headers,
): Promise<void> {
  const bytes = Buffer.from(JSON.stringify(body))
  if (bytes.length < compressedFrom) return sendBytes(response, status, bytes, headers)
  response.appendHeader('vary', 'Accept-Encoding')
  if (!acceptsGzip(request.headers['accept-encoding'])) return sendBytes(response, status, bytes, headers)
  const compressed = await compress(bytes, { level: 1 })
  sendBytes(response, status, compressed, { ...headers, 'content-encoding': 'gzip' })
}

const acceptsGzip = (accepted: string | string[] | undefined) =>
  /(^|,)\s*(gzip|\*)\s*(;\s*q=(1|0\.\d*[1-9]))?\s*(,|$)/i.test(String(accepted ?? ''))

function sendBytes(response: ServerResponse, status: number, bytes: Buffer, headers: Headers): void {
  if (response.destroyed || response.headersSent) return
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': bytes.length,
    'cache-control': 'no-store',
    ...headers,
  })
  response.end(bytes)
}
