import type { ServerResponse } from 'node:http'
import { compress, encodingFor } from '../request/compression.ts'
import type { Exchange } from './exchange.ts'

export type Headers = Record<string, string>

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Headers = {},
): void {
  sendBody(response, status, JSON.stringify(body), { ...jsonHeaders, ...headers })
}

/** The whole answer, without the end of the response. */
export function writeJson(response: ServerResponse, status: number, body: unknown, headers: Headers): void {
  const text = JSON.stringify(body)
  response.writeHead(status, { 'content-length': Buffer.byteLength(text), ...jsonHeaders, ...headers })
  response.write(text)
}

const jsonHeaders = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }

/** Smaller responses fit into one packet uncompressed. */
const compressedFrom = 1_024

/** Sends text, compressed if it is long and the client accepts that. */
export async function sendText(
  { request, response }: Pick<Exchange, 'request' | 'response'>,
  status: number,
  text: string,
  headers: Headers,
): Promise<void> {
  if (Buffer.byteLength(text) < compressedFrom) return sendBody(response, status, text, headers)
  response.appendHeader('vary', 'Accept-Encoding')
  const encoding = encodingFor(request.headers['accept-encoding'])
  if (encoding === 'identity') return sendBody(response, status, text, headers)
  const compressed = await compress(Buffer.from(text), encoding, 'each')
  sendBody(response, status, compressed, { ...headers, 'content-encoding': encoding })
}

// Node sends a string and the headers in one piece.
function sendBody(response: ServerResponse, status: number, body: string | Buffer, headers: Headers): void {
  if (response.destroyed || response.headersSent) return
  response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers })
  response.end(body)
}
