import { createCache } from '../cache/cache.ts'
import type { CacheLimits } from '../cache/snapshot.ts'
import type { ParlanceError } from '../errors.ts'
import { type Document, RenewSession } from '../generated/documents.ts'
import type { Item, Pending } from '../outbox/item.ts'
import { createOutbox, type Outbox } from '../outbox/outbox.ts'
import type { SendBytes } from '../outbox/upload.ts'
import type { Lock } from '../session/lock.ts'
import { indexedRecords, type Records } from '../session/records.ts'
import type { SessionState } from '../session/session.ts'
import type { KeyValueStorage } from '../session/storage.ts'
import { type Signal, signal } from '../signal.ts'
import type { Event, OwnMessage } from '../store/state.ts'
import type { Store } from '../store/store.ts'
import { type Sync, startSync } from '../sync/sync.ts'
import type { Perform } from '../transport/perform.ts'
import type { ConnectionState, Sink, Socket, SocketOptions } from '../transport/socket.ts'
import type { Wake } from '../transport/wake.ts'

export interface EngineSession {
  readonly state: Signal<SessionState>
  accessToken(): Promise<string | null>
  refused(accessToken: string): void
  ended(reason: string): Promise<void>
}

export interface EngineOptions {
  name: string
  session: EngineSession
  store: Store
  perform: Perform
  storage: KeyValueStorage
  lock: Lock
  wake: Wake
  openSocket(options: Pick<SocketOptions, 'accessToken' | 'onRefused' | 'wake'>): Socket
  sendBytes?: SendBytes
  cache?: CacheLimits & { records?: Records }
  files?: Records
  /** Who a kept state belongs to, when the session does not say it. */
  owner(): Promise<string | null>
  onSettled(key: string, outcome: OwnMessage | ParlanceError): void
}

/** What one tab does for all: the socket, the stream, the outbox and the cache. */
export interface Engine {
  readonly connection: Signal<ConnectionState>
  readonly pending: Signal<readonly Pending[]>
  subscribe<Data, Variables>(
    document: Document<Data, Variables>,
    variables: () => Variables,
    sink: Sink<Data>,
  ): () => void
  add(item: Item, file?: Blob): void
  retry(key: string): void
  cancel(key: string): void
  stop(): void
}

export const outboxName = (name: string, userId: string) => `${name}.outbox.${userId}`

export function startEngine(options: EngineOptions): Engine {
  const { session, store, perform, storage, lock, name, onSettled } = options
  const files = options.files ?? indexedRecords(`${name}.files`)
  const cache = options.cache && createCache({ ...options.cache, store, name: `${name}.cache` })
  const pending = signal<readonly Pending[]>([])
  let socketToken: string | null = null
  let user: { stop(): void } | null = null
  let outbox: { of: string; box: Outbox } | null = null

  const socket = options.openSocket({
    wake: options.wake,
    async accessToken() {
      socketToken = await session.accessToken()
      return socketToken
    },
    onRefused: (token) => session.refused(token),
  })

  /** Keeps the socket beyond the token with which it was opened. */
  async function renew(): Promise<void> {
    if (socketToken && (await session.accessToken()) === socketToken) session.refused(socketToken)
    const token = await session.accessToken()
    if (!token) return
    await socket.request(RenewSession, { input: { accessToken: token } })
    socketToken = token
  }

  function onEvent(event: Event): void {
    if (event.__typename === 'SessionExpiring') renew().catch(() => {})
    else if (event.__typename === 'SessionEnded') void session.ended(event.endReason)
  }

  function openOutbox(userId: string): void {
    if (outbox?.of === userId) return
    closeOutbox()
    const box = createOutbox({
      ...{ perform, storage, lock, files, onSettled, wake: socket.wake, sendBytes: options.sendBytes },
      name: outboxName(name, userId),
      onSent: (message) => store.apply({ type: 'read', since: store.get().tick, messages: [message] }),
    })
    box.items.subscribe(() => {
      if (outbox?.box === box) pending.set(box.items.get())
    })
    outbox = { of: userId, box }
  }

  function closeOutbox(): void {
    outbox?.box.stop()
    outbox = null
    pending.set([])
  }

  /** Shows what is kept, then follows the server. */
  function follow(): { stop(): void } {
    let sync: Sync | null = null
    let stopCaching = () => {}
    let stopped = false

    async function begin(): Promise<void> {
      const owner = cache && (await options.owner().catch(() => null))
      if (stopped) return
      if (cache && owner && store.get().cursor === null) await cache.restore(owner, () => !stopped)
      if (stopped) return
      if (cache && owner) stopCaching = cache.follow(owner)
      sync = startSync({ store, socket, perform, wake: socket.wake, onEvent })
    }

    void begin()
    socket.reconnect()
    return {
      stop() {
        stopped = true
        sync?.stop()
        stopCaching()
      },
    }
  }

  function onSession(): void {
    const state = session.state.get()
    if (state.status === 'starting') return
    user?.stop()
    user = null
    const before = outbox?.of
    closeOutbox()
    if (state.status === 'signedIn') {
      if (state.userId) openOutbox(state.userId)
      user = follow()
      return
    }
    void cache?.clear()
    // The user signed out, and what was not sent with it.
    if (state.reason !== null) return
    void files.clear().catch(() => {})
    if (before) void lock(outboxName(name, before), async () => storage.removeItem(outboxName(name, before)))
  }

  const stops = [
    session.state.subscribe(onSession),
    // With an identity provider the first screen says who the viewer is.
    store.subscribe(() => {
      const { me } = store.get()
      if (me && user) openOutbox(me.user.id)
    }),
  ]
  onSession()

  return {
    connection: socket.state,
    pending,
    subscribe: socket.subscribe,
    add: (item, file) => outbox?.box.add(item, file),
    retry: (key) => outbox?.box.retry(key),
    cancel: (key) => void outbox?.box.cancel(key),
    stop() {
      user?.stop()
      closeOutbox()
      for (const stop of stops) stop()
      socket.close()
    },
  }
}
