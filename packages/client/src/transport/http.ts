import { errorOf, errorWith, type GraphQLError, isParlanceError } from '../errors.ts'
import type { Document } from '../generated/documents.ts'

export interface Response {
  readonly status: number
  text(): Promise<string>
}

export type Fetch = (
  url: string,
  init: { method: string; headers: Record<string, string>; body: string; signal?: AbortSignal },
) => Promise<Response>

export interface HttpOptions {
  /** Address of the server, such as https://chat.example. */
  url: string
  fetch?: Fetch
  /** How long a request may take before it counts as lost. */
  timeoutMs?: number
}

/** Performs one query or mutation. */
export type Request = <Data, Variables>(
  document: Document<Data, Variables>,
  variables: Variables,
  accessToken?: string | null,
) => Promise<Data>

export function createHttp({ url, fetch = defaultFetch(), timeoutMs = 20_000 }: HttpOptions): Request {
  return async (document, variables, accessToken) => {
    const stop = typeof AbortController === 'undefined' ? null : new AbortController()
    const timer = setTimeout(() => stop?.abort(), timeoutMs)
    try {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/graphql-response+json, application/json',
          ...(accessToken ? { authorization: `Bearer ${accessToken}` } : {}),
        },
        body: JSON.stringify({ query: document, variables }),
        signal: stop?.signal,
      })
      return dataOf(await response.text(), response.status)
    } catch (error) {
      // What fetch rejects with differs between platforms.
      throw isParlanceError(error)
        ? error
        : errorWith('NETWORK', 'The server was not reached.', {
            cause: String(error),
          })
    } finally {
      clearTimeout(timer)
    }
  }
}

function dataOf<Data>(body: string, status: number): Data {
  const { data, errors } = readAnswer<Data>(body, status)
  if (errors?.[0]) throw errorOf(errors[0])
  if (!data) throw unreadable(status)
  return data
}

export interface HttpAnswer<Data> {
  data?: Data | null
  errors?: GraphQLError[]
}

/** An answer as it was sent; an error if a proxy answered, or if the connection broke within it. */
export function readAnswer<Data>(body: string, status: number): HttpAnswer<Data> {
  try {
    return JSON.parse(body)
  } catch {
    throw unreadable(status)
  }
}

/** A proxy answers when the server is away, or when the request was too large for it. */
const unreadable = (status: number) =>
  errorWith(
    status >= 500 || status === 429 ? 'UNAVAILABLE' : 'NETWORK',
    `Unreadable answer, status ${status}.`,
  )

function defaultFetch(): Fetch {
  const { fetch } = globalThis as { fetch?: Fetch }
  if (!fetch) throw new Error('There is no fetch: pass the option `fetch`.')
  return (url, init) => fetch(url, init)
}
