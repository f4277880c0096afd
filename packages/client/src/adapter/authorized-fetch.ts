import { isParlanceError } from '../errors.ts'
import { readAnswer } from '../transport/http.ts'
import { createPauses } from '../transport/pauses.ts'
import type { Wake } from '../transport/wake.ts'

interface Holder {
  accessToken(): Promise<string | null>
  refused(accessToken: string): void
}

interface AuthorizedFetchOptions {
  session: Holder
  wake: Wake
  /** Afterwards nothing waits. */
  closed: AbortSignal
}

/**
 * A `fetch` with the token of the session. A refused token is replaced once. Without the network or the server, queries and
 * keyed sends wait until it returns; other mutations fail, since they may have been performed.
 */
export function authorizedFetch(
  fetch: typeof globalThis.fetch,
  { session, wake, closed }: AuthorizedFetchOptions,
): typeof fetch {
  async function attempt(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
    for (let repeated = false; ; repeated = true) {
      const token = await session.accessToken()
      const headers = new Headers(init.headers)
      if (token) headers.set('authorization', `Bearer ${token}`)
      const { status, headers: received, ...response } = await whole(await fetch(input, { ...init, headers }))
      if (status !== 401 || !token || repeated)
        return new Response(response.body, { status, headers: received })
      session.refused(token)
    }
  }

  return async (input, init) => {
    const pauses = createPauses(wake)
    const signals = [closed, init?.signal]
    for (;;) {
      try {
        return await attempt(input, init)
      } catch (error) {
        if (!isLost(error) || signals.some((signal) => signal?.aborted) || !isRepeatable(init)) throw error
        for (const signal of signals) signal?.addEventListener('abort', pauses.end)
        await pauses.next()
        for (const signal of signals) signal?.removeEventListener('abort', pauses.end)
        if (closed.aborted) throw error
      }
    }
  }
}

const isLost = (error: unknown) =>
  !isParlanceError(error) || error.code === 'NETWORK' || error.code === 'UNAVAILABLE'

/** A cut in the middle of an answer, or of its headers, counts as one before it. Browsers do not report every one. */
async function whole(response: Response) {
  const { status } = response
  const headers = new Headers(response.headers)
  const body = await response.text()
  const isJson = headers.get('content-type')?.includes('json')
  const isPage = status >= 300 && status < 500 && body && !isJson
  // The GraphQL client reports a page with which a proxy refuses the request.
  if (!isPage) readAnswer(body, status)
  return { status, headers, body }
}

/** Whether an operation may be sent again although its first copy may have arrived. */
function isRepeatable(init: RequestInit | undefined): boolean {
  if (typeof init?.body !== 'string') return true
  const { query, variables } = JSON.parse(init.body) as { query?: string; variables?: object }
  return (
    (query !== undefined && !/(^|[\n}])\s*mutation\b/.test(query)) ||
    JSON.stringify(variables ?? {}).includes('"clientMessageId":"')
  )
}
