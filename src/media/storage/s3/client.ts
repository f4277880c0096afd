import type { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { AwsClient } from 'aws4fetch'
import type { S3Config } from '../../../config/media.ts'
import { refuse } from '../../../errors.ts'

export interface S3Response {
  status: number
  headers: Headers
  body: ReadableStream<Uint8Array> | null
}

/** The requests used of an S3-compatible storage. Time-outs and errors are UNAVAILABLE. */
export interface S3Client {
  request(
    method: string,
    place: string,
    headers?: Record<string, string>,
    body?: Readable,
  ): Promise<S3Response>
  /** False when the source does not exist. */
  copy(from: string, to: string): Promise<boolean>
  /** null when the object does not exist. */
  sizeOf(place: string): Promise<number | null>
  /** All objects under a prefix. */
  list(prefix: string): AsyncIterable<string>
  remove(place: string): Promise<void>
}

/** Time until the response begins; reading it may take longer. */
const responseTimeoutMs = 8_000
/** Time without a byte of the upload, or until its response begins. A large one may take hours as a whole. */
const uploadIdleMs = 60_000

export const urlOf = (bucketUrl: string, place: string): string => `${bucketUrl}/${place}`

export function createS3Client(config: S3Config): S3Client {
  const { accessKeyId, secretAccessKey, region, bucket } = config
  const aws = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: 0 })

  async function send(method: string, url: string, headers: Record<string, string>, body?: Readable) {
    const signed = await aws.sign(url, { method, headers })
    // Limits the wait for a response, not reading it.
    const timeout = new AbortController()
    const timer = setTimeout(() => timeout.abort(), body ? uploadIdleMs : responseTimeoutMs)
    const request = { method, headers: signed.headers, signal: timeout.signal }
    const sending: object = body ? { ...request, body: refreshing(timer, body), duplex: 'half' } : request
    try {
      return await fetch(signed.url, sending)
    } catch (error) {
      throw storageUnavailable(error)
    } finally {
      clearTimeout(timer)
    }
  }

  async function request(
    method: string,
    place: string,
    headers: Record<string, string> = {},
    body?: Readable,
  ): Promise<S3Response> {
    const response = await send(method, urlOf(config.url, place), headers, body)
    if (response.ok || response.status === 404) return response as S3Response
    await response.body?.cancel()
    throw storageUnavailable(`status ${response.status} to ${method}`)
  }

  return {
    async request(...args) {
      const answer = await request(...args)
      if (answer.status === 404) throw storageUnavailable('an object is missing')
      return answer
    },
    async copy(from, to) {
      const { status, body } = await request('PUT', to, { 'x-amz-copy-source': `/${bucket}/${from}` })
      await body?.cancel()
      return status !== 404
    },
    async sizeOf(place) {
      const { status, headers } = await request('HEAD', place)
      return status === 404 ? null : Number(headers.get('content-length') ?? 0)
    },
    async *list(prefix) {
      for (let token: string | undefined = ''; token !== undefined; ) {
        const query = new URLSearchParams({ 'list-type': '2', prefix })
        if (token) query.set('continuation-token', token)
        const response = await send('GET', `${config.url}?${query}`, {})
        if (!response.ok) throw storageUnavailable(`status ${response.status} to a listing`)
        const page = await response.text()
        for (const [, key = ''] of page.matchAll(/<Key>([^<]+)<\/Key>/g)) yield key
        token = page.match(/<NextContinuationToken>([^<]+)</)?.[1]
      }
    },
    async remove(place) {
      await (await request('DELETE', place)).body?.cancel()
    },
  }
}

async function* refreshing(timer: NodeJS.Timeout, body: Readable) {
  for await (const chunk of body) {
    timer.refresh()
    yield chunk
  }
}

/** The cause is logged and not returned to clients. */
const storageUnavailable = (cause: unknown) =>
  Object.assign(refuse('UNAVAILABLE', 'The media storage is unreachable; retry later.'), { cause })
