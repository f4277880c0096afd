import { Acknowledge, RenewSession } from '../generated/documents.ts'
import { defaultLock, type Lock } from '../session/lock.ts'
import { createProvidedSession, type ProvidedSession, type TokenReason } from '../session/provided.ts'
import { createSession, type Session } from '../session/session.ts'
import { defaultStorage, type KeyValueStorage } from '../session/storage.ts'
import type { Signal } from '../signal.ts'
import { acknowledger } from '../sync/acknowledger.ts'
import type { OpenWebSocket } from '../transport/frames.ts'
import { createHttp } from '../transport/http.ts'
import { type ConnectionState, createSocket, type Sink } from '../transport/socket.ts'
import { pageWakes, type Wake } from '../transport/wake.ts'
import { authorizedFetch } from './authorized-fetch.ts'
import type { InboxEvent } from './event.ts'

export interface AdapterOptions {
  /** Address of the server, such as https://chat.example. */
  url: string
  /** The application's own identity provider; without it, the session signs users in. */
  accessToken?: (reason: TokenReason) => Promise<string>
  storage?: KeyValueStorage
  webSocket?: OpenWebSocket
  fetch?: typeof fetch
  lock?: Lock
  wake?: Wake
  /** Begins the names in the storage. */
  name?: string
}

/** What a GraphQL client of the application's choice sends its operations through. */
export interface Carrier {
  /** Signs users in and out; null with an identity provider. */
  readonly session: Session | null
  readonly connection: Signal<ConnectionState>
  /** Also when the socket opens. */
  readonly wake: Wake
  /** Aborted by `close`. */
  readonly closed: AbortSignal
  /** Adds a valid token, refreshes it, and waits for the network until `close`. */
  readonly fetch: typeof fetch
  /** Sends a query or mutation, and returns its answer with `data` and `errors`. */
  query(document: string, variables: object): Promise<unknown>
  /** Subscribes until the returned function is called. After a reconnect, an inbox resumes after its last event. */
  subscribe<Data>(document: string, variables: object, sink: Sink<Data>): () => void
  /** Ends the socket. A request that waits for the network fails. */
  close(): void
}

type Variables = { after?: string; streamId?: string }
type Received = { inbox?: InboxEvent }

/** Options without an identity provider: the session signs users in. */
export type OwnSession = AdapterOptions & { accessToken?: undefined }

export function createCarrier(options: OwnSession): Carrier & { readonly session: Session }
export function createCarrier(options: AdapterOptions): Carrier
export function createCarrier(options: AdapterOptions): Carrier {
  const { url, accessToken, webSocket, name } = options
  const { storage = defaultStorage(), lock = defaultLock(), wake = pageWakes } = options
  const own = accessToken
    ? null
    : createSession({ ...{ request: createHttp({ url, fetch: options.fetch }), storage, lock, name } })
  const session: Session | ProvidedSession =
    own ?? createProvidedSession(accessToken as NonNullable<typeof accessToken>)
  let socketToken: string | null = null
  const socket = createSocket({
    ...{ url, webSocket, wake },
    async accessToken() {
      socketToken = await session.accessToken()
      return socketToken
    },
    onRefused: (token) => session.refused(token),
  })
  const stopFollowing = session.state.subscribe(() => socket.reconnect())
  const closing = new AbortController()

  const send = options.fetch ?? ((input, init) => fetch(input, init))
  const authorized = authorizedFetch(send, { session, wake: socket.wake, closed: closing.signal })

  /** Keeps the socket beyond the token with which it was opened. */
  async function renew(): Promise<void> {
    if (socketToken && (await session.accessToken()) === socketToken) session.refused(socketToken)
    const token = await session.accessToken()
    if (!token) return
    await socket.request(RenewSession, { input: { accessToken: token } })
    socketToken = token
  }

  return {
    session: own,
    connection: socket.state,
    ...{ wake: socket.wake, closed: closing.signal },
    fetch: authorized,
    async query(query, variables) {
      const body = JSON.stringify({ query, variables })
      const headers = { 'content-type': 'application/json' }
      const response = await authorized(`${url}/graphql`, { method: 'POST', headers, body })
      return response.json()
    },
    subscribe(document, variables, sink) {
      let { after, streamId } = variables as Variables
      const acknowledge = acknowledger((cursor) =>
        socket.request(Acknowledge, { input: { cursor, streamId } }),
      )
      const stop = socket.subscribe(document, () => (after ? { ...variables, after } : variables), {
        next(data) {
          sink.next(data as never)
          const event = (data as Received).inbox
          if (!event?.cursor) return
          after = event.cursor
          acknowledge.handled(event.cursor)
          if (event.__typename === 'SessionExpiring') renew().catch(() => {})
          if (event.__typename === 'SessionEnded') void session.ended(event.endReason ?? 'ENDED')
        },
        end: sink.end,
      })
      return () => {
        acknowledge.stop()
        stop()
      }
    },
    close() {
      stopFollowing()
      closing.abort()
      socket.close()
    },
  }
}
