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
  const chunks: Buffer[] = []
  let size = 0
  // A refusal during the body must leave the connection able to carry the response.
  const parts: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false })
  for await (const chunk of parts) {
    size += chunk.length
    if (size > limit) throw tooLarge(limit)
    chunks.push(chunk)
  }
  return parseJson(decodeUtf8(Buffer.concat(chunks)))
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
