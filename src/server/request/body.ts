import type { IncomingMessage } from 'node:http'
import { badRequest, HttpRefusal } from './refusal.ts'

/** The body of a JSON request. Types that a browser can send from a form are refused. */
export async function readJsonBody(
  request: IncomingMessage,
  limit: number,
  expectBody: () => void,
): Promise<unknown> {
  assertJson(request.headers['content-type'])
  if ((request.headers['content-encoding'] ?? 'identity') !== 'identity')
    throw new HttpRefusal(415, 'INVALID_INPUT', 'Send the request without Content-Encoding.')
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit)

  expectBody()
  return parseJson(decodeUtf8(await readBytes(request, limit)))
}

/** By events: an iterator over the request costs ten times as much as a short body. */
function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    // An error takes long to make, and every request closes.
    const disconnected = () => {
      if (!request.readableEnded) reject(new Error('The client disconnected.'))
    }
    const onData = (chunk: Buffer) => {
      size += chunk.length
      if (size <= limit) return void chunks.push(chunk)
      // The connection must be able to carry the response.
      request.off('data', onData)
      request.pause()
      reject(tooLarge(limit))
    }
    if (request.destroyed) return disconnected()
    request.on('data', onData)
    request.once('end', () => resolve(Buffer.concat(chunks)))
    request.once('close', disconnected)
  })
}

const jsonType = /^application\/json\s*(;|$)/i
const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i

function assertJson(contentType = ''): void {
  const encoding = contentType.match(charset)?.[1]?.toLowerCase() ?? 'utf-8'
  if (jsonType.test(contentType) && (encoding === 'utf-8' || encoding === 'utf8')) return
  throw new HttpRefusal(415, 'INVALID_INPUT', 'Send the request as application/json in UTF-8.')
}

const tooLarge = (limit: number) =>
  new HttpRefusal(413, 'INVALID_INPUT', `The request is larger than ${limit} bytes.`)

const utf8 = new TextDecoder('utf-8', { fatal: true })

function decodeUtf8(bytes: Buffer): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw badRequest('The request is not UTF-8.')
  }
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw badRequest('The request is not JSON.')
  }
}
