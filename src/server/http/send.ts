import type { ServerResponse } from 'node:http'
import { compress, encodingFor } from '../request/compression.ts'
import type { Exchange } from './exchange.ts'

type Headers = Record<string, string>

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Headers = {},
): void {
  sendBytes(response, status, Buffer.from(JSON.stringify(body)), { ...jsonHeaders, ...headers })
}

const jsonHeaders = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }

/** Smaller responses fit into one packet uncompressed. */
const compressedFrom = 1_024

/** Sends text, compressed if it is long and the client accepts that. */
export async function sendText(
  { request, response }: Pick<Exchange, 'request' | 'response'>,
  status: number,
  bytes: Buffer,
  headers: Headers,
): Promise<void> {
  if (bytes.length < compressedFrom) return sendBytes(response, status, bytes, headers)
  response.appendHeader('vary', 'Accept-Encoding')
  const encoding = encodingFor(request.headers['accept-encoding'])
  if (encoding === 'identity') return sendBytes(response, status, bytes, headers)
  const compressed = await compress(bytes, encoding, 'each')
  sendBytes(response, status, compressed, { ...headers, 'content-encoding': encoding })
}

function sendBytes(response: ServerResponse, status: number, bytes: Buffer, headers: Headers): void {
  if (response.destroyed || response.headersSent) return
  response.writeHead(status, { 'content-length': bytes.length, ...headers })
  response.end(bytes)
}
