import { errorOf, errorWith, type ParlanceError } from '../errors.ts'
import type { Document } from '../generated/documents.ts'
import { type Signal, signal } from '../signal.ts'
import { backOff } from './back-off.ts'
import { adviceFor } from './close-codes.ts'
import { type Connection, connect, type Timings } from './connection.ts'
import { type Answer, defaultWebSocket, type OpenWebSocket, type ServerFrame } from './frames.ts'
import { createPauses } from './pauses.ts'
import { pageWakes, type Wake } from './wake.ts'

export interface SocketOptions {
  url: string
  webSocket?: OpenWebSocket
  /** Tried in turn with the WebSocket while neither opens, such as behind a proxy that refuses WebSockets. */
  fallback?: OpenWebSocket
  saveData?: boolean
  /** A valid access token; null without a user, which suspends the socket until `reconnect`. */
  accessToken(): Promise<string | null>
  /** The server refuses the token. */
  onRefused(accessToken: string): void
  wake?: Wake
  timings?: Partial<Timings>
}

/** `suspended`: there is no user, or another tab took the place. */
export type ConnectionState = 'closed' | 'connecting' | 'open' | 'waiting' | 'suspended'

export interface Sink<Data> {
  next(data: Data): void
  /** The subscription is over. */
  end(error: ParlanceError | null): void
}

export interface Socket {
  readonly state: Signal<ConnectionState>
  /** Also when the socket opens: the server is reached again. */
  readonly wake: Wake
  /** Subscribes now and after each reconnect, with the variables of that moment. Returns the end of it. */
  subscribe<Data, Variables>(
    document: Document<Data, Variables>,
    variables: () => Variables,
    sink: Sink<Data>,
  ): () => void
  /** One answer over the open connection; NETWORK if there is none or it closes first. */
  request<Data, Variables>(document: Document<Data, Variables>, variables: Variables): Promise<Data>
  /** Drops the connection, or ends a pause; the next connection uses the token of that moment. */
  reconnect(): void
  close(): void
}

interface Operation {
  id: string
  document: string
  variables: () => unknown
  /** Whether a reconnect repeats it. */
  lasting: boolean
  next(answer: Answer): void
  end(error: ParlanceError | null): void
}

/** What the user chose in the browser. */
const savesData = () =>
  (globalThis as { navigator?: { connection?: { saveData?: boolean } } }).navigator?.connection?.saveData

const lost = () => errorWith('NETWORK', 'The connection was lost.')

/** One socket for everything. It never gives up: each failure is followed by another attempt. */
export function createSocket(options: SocketOptions): Socket {
  const { webSocket = defaultWebSocket(), wake = pageWakes, saveData = savesData() } = options
  const url = `${options.url.replace(/^http/, 'ws')}/graphql${saveData ? '?save-data=on' : ''}`
  const timings = { pingAfterMs: 12_000, answerWithinMs: 5_000, ...options.timings }
  const state = signal<ConnectionState>('closed')
  const operations = new Map<string, Operation>()
  const delays = backOff()
  const pauses = createPauses(wake, delays)
  let connection: Connection | null = null
  let running = false
  let closed = false
  let opened = false
  /** Attempts that did not open; what opened last is tried first. */
  let refusals = 0
  let count = 0

  const start = ({ id, document, variables }: Operation) =>
    connection?.send({ id, type: 'subscribe', payload: { query: document, variables: variables() } })

  function add(operation: Omit<Operation, 'id'>): string {
    count += 1
    const added = { ...operation, id: String(count) }
    operations.set(added.id, added)
    if (state.get() === 'open') start(added)
    void run()
    return added.id
  }

  function finish(operation: Operation, error: ParlanceError | null): void {
    if (operations.delete(operation.id)) operation.end(error)
  }

  function receive(frame: ServerFrame): void {
    const operation = 'id' in frame ? operations.get(frame.id) : undefined
    if (!operation) return
    if (frame.type === 'next') operation.next(frame.payload)
    else if (frame.type === 'complete') finish(operation, null)
    else if (frame.type === 'error') finish(operation, errorOf(frame.payload[0] ?? { message: 'Unknown.' }))
  }

  const live = (accessToken: string) =>
    new Promise<number>((resolve) => {
      const onOpen = () => {
        delays.reset()
        opened = true
        state.set('open')
        for (const operation of operations.values()) start(operation)
      }
      connection = connect({
        ...{ url, accessToken, wake, timings, onOpen },
        webSocket: (refusals % 2 && options.fallback) || webSocket,
        onFrame: receive,
        onClose: resolve,
      })
    })

  function loseRequests(): void {
    for (const operation of [...operations.values()]) if (!operation.lasting) finish(operation, lost())
  }

  async function rest(ms: number | null): Promise<void> {
    state.set(ms === null ? 'suspended' : 'waiting')
    await pauses.next(ms)
  }

  async function attempt(): Promise<void> {
    state.set('connecting')
    const token = await options.accessToken().catch(() => undefined)
    if (closed) return
    if (!token) return rest(token === null ? null : delays.next())
    opened = false
    const code = await live(token)
    if (!opened && code) refusals += 1
    connection = null
    if (!closed) state.set('waiting')
    loseRequests()
    if (closed || operations.size === 0) return
    const { delayMs, refused } = adviceFor(code, delays)
    if (refused) options.onRefused(token)
    await rest(delayMs)
  }

  async function run(): Promise<void> {
    if (running || closed) return
    running = true
    while (operations.size > 0 && !closed) await attempt()
    state.set('closed')
    running = false
  }

  return {
    state,
    wake(listener) {
      const stopWaking = wake(listener)
      const stopWatching = state.subscribe(() => {
        if (state.get() === 'open') listener()
      })
      return () => {
        stopWaking()
        stopWatching()
      }
    },
    subscribe(document, variables, sink) {
      const stop = () => {
        if (!operations.delete(id)) return
        if (state.get() === 'open') connection?.send({ id, type: 'complete' })
        if (operations.size === 0) connection?.close()
      }
      // An event with a fault must not pass for one that was handled.
      const next = ({ data, errors }: Answer) => {
        if (!errors?.[0]) return sink.next(data as never)
        stop()
        sink.end(errorOf(errors[0]))
      }
      const id = add({ document, variables, lasting: true, end: sink.end, next })
      return stop
    },
    request: (document, variables) =>
      new Promise((resolve, reject) => {
        if (state.get() !== 'open') return reject(lost())
        const next = ({ data, errors }: Answer) =>
          errors?.[0] ? reject(errorOf(errors[0])) : resolve(data as never)
        const end = (error: ParlanceError | null) => reject(error ?? lost())
        add({ document, variables: () => variables, lasting: false, next, end })
      }),
    reconnect() {
      connection?.close()
      pauses.end()
    },
    close() {
      closed = true
      operations.clear()
      connection?.close()
      pauses.end()
    },
  }
}
