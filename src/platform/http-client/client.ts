import { type LookupAddress, lookup as lookUp } from 'node:dns'
import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
} from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import { inSpan, type OpenSpan, type Tracing } from '../tracing/tracing.ts'
import { isPrivateAddress, isPrivateHost } from './private-addresses.ts'

export interface HttpResponse {
  status: number
  headers: Readonly<Record<string, string | string[] | undefined>>
  /** The beginning of the body. */
  text: string
}

export interface HttpPost {
  headers: Record<string, string | number>
  body: string | Buffer
}

/** Sends requests to external servers, with a timeout and without following redirects. */
export interface HttpClient {
  post(url: string, post: HttpPost): Promise<HttpResponse>
  close(): void
}

export class PrivateAddressError extends Error {
  override name = 'PrivateAddressError'
}

const answerBytes = 16_384

/**
 * With `allowPrivate` false, connections to private addresses are refused. The addresses of a name are checked when it
 * is connected to, so that DNS rebinding does not help. At most `answerMax` bytes of a response are read.
 */
export function createHttpClient(options: {
  timeoutMs: number
  allowPrivate: boolean
  /** Allowed ports, for URLs that clients choose. */
  ports?: readonly number[]
  answerMax?: number
  /** Null while traces are off. Requests then carry no traceparent. */
  tracing: Tracing | null
}): HttpClient {
  const { timeoutMs, allowPrivate, ports, answerMax = answerBytes, tracing } = options
  const agentOptions = { keepAlive: true, maxSockets: 64, ...(allowPrivate ? {} : { lookup: publicLookup }) }
  const plain = new HttpAgent(agentOptions)
  const secure = new HttpsAgent(agentOptions)

  async function send(target: URL, post: HttpPost, span: OpenSpan | null): Promise<HttpResponse> {
    // The lookup is not called for a literal address.
    if (!allowPrivate && isPrivateHost(target.hostname))
      throw new PrivateAddressError('The address is private.')
    if (!allowPrivate && ports && !ports.includes(portOf(target)))
      throw new Error(`Port ${portOf(target)} is not allowed.`)
    const signal = AbortSignal.timeout(timeoutMs)
    const headers = { ...withLength(post), ...(span && { traceparent: span.traceparent }) }
    const settings = { method: 'POST', headers, signal }
    const request =
      target.protocol === 'https:'
        ? httpsRequest(target, { ...settings, agent: secure })
        : httpRequest(target, { ...settings, agent: plain })
    const response = await answerTo(request, post.body, answerMax).catch((error: Error) => {
      throw signal.aborted ? new Error(`No answer within ${timeoutMs} ms.`) : error
    })
    span?.set({ 'http.response.status_code': response.status })
    return response
  }

  return {
    async post(url, post) {
      const target = new URL(url)
      // Not the path, which may be a secret of the receiver.
      const span = tracing?.child('CLIENT', 'POST', { 'server.address': target.hostname }) ?? null
      return inSpan(span, () => send(target, post, span))
    },
    close() {
      plain.destroy()
      secure.destroy()
    },
  }
}

/** The port of a URL, explicit or by default. */
export const portOf = ({ port, protocol }: URL): number =>
  port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)

const withLength = ({ headers, body }: HttpPost) => ({
  ...headers,
  'content-length': Buffer.byteLength(body),
})

function answerTo(request: ClientRequest, body: string | Buffer, answerMax: number): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    request.on('error', reject)
    request.on('response', (response) => {
      readBeginning(response, answerMax).then(
        (text) => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        reject,
      )
    })
    request.end(body)
  })
}

async function readBeginning(response: IncomingMessage, most: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    size += chunk.length
    if (size > most) break
  }
  return Buffer.concat(chunks).subarray(0, most).toString()
}

/** Resolves a name; fails if any of its addresses is private. */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookUp(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error) return callback(error, '', 0)
    if (addresses.some(({ address }) => isPrivateAddress(address)))
      return callback(new PrivateAddressError('The name resolves to a private address.'), '', 0)
    const [first] = addresses
    if (options.all) return callback(null, addresses)
    callback(null, first?.address ?? '', first?.family ?? 0)
  })
}
