import { errorWith } from '../errors.ts'
import type { Answer, OpenWebSocket, ServerFrame, WebSocketLike } from './frames.ts'

interface StreamResponse {
  readonly status: number
  readonly body: { getReader(): { read(): Promise<{ done: boolean; value?: Uint8Array }> } } | null
}

/** A fetch whose answers can be read while they arrive. */
export type StreamFetch = (
  url: string,
  init: { method: string; headers: Record<string, string>; body: string; signal: AbortSignal },
) => Promise<StreamResponse>

interface Frame {
  id: string
  type: string
  payload: Record<string, unknown>
}

/** The server sends a heartbeat every half a minute. */
const silenceMs = 60_000

/**
 * Server-sent events in the shape of a WebSocket, for networks that refuse WebSockets: each operation is a request whose
 * answer does not end, by the distinct connections mode of graphql-sse. Pass it as the option `fallback`.
 */
export function eventStreams(fetch: StreamFetch = globalFetch()): OpenWebSocket {
  return (url) => new EventStreams(url.replace(/^ws/, 'http'), fetch)
}

class EventStreams implements WebSocketLike {
  onopen: ((event: never) => void) | null = null
  onmessage: ((event: never) => void) | null = null
  onclose: ((event: never) => void) | null = null
  onerror: ((event: never) => void) | null = null
  readonly #url: string
  readonly #fetch: StreamFetch
  readonly #running = new Map<string, AbortController>()
  #authorization = ''
  #readAt = Date.now()
  #closed = false

  constructor(url: string, fetch: StreamFetch) {
    this.#url = url
    this.#fetch = fetch
    // The listeners are set after the constructor.
    void Promise.resolve().then(() => this.#closed || this.onopen?.({} as never))
  }

  send(text: string): void {
    const { id, type, payload } = JSON.parse(text) as Frame
    if (type === 'connection_init') {
      this.#authorization = String(payload.authorization)
      this.#emit({ type: 'connection_ack' })
    } else if (type === 'ping') this.#answerPing()
    else if (type === 'subscribe') void this.#run(id, payload)
    else this.#running.get(id)?.abort()
  }

  close(): void {
    this.#end(1000)
  }

  /** A stream that is alive has heartbeats. */
  #answerPing(): void {
    if (this.#running.size === 0 || Date.now() - this.#readAt < silenceMs) this.#emit({ type: 'pong' })
  }

  #emit(frame: ServerFrame): void {
    if (!this.#closed) this.onmessage?.({ data: JSON.stringify(frame) } as never)
  }

  /** A lost stream is a lost connection: all operations begin again. */
  #end(code: number): void {
    if (this.#closed) return
    this.#closed = true
    for (const operation of this.#running.values()) operation.abort()
    this.onclose?.({ code } as never)
  }

  async #run(id: string, payload: Record<string, unknown>): Promise<void> {
    const operation = new AbortController()
    this.#running.set(id, operation)
    try {
      const response = await this.#fetch(this.#url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'text/event-stream',
          authorization: this.#authorization,
        },
        body: JSON.stringify(payload),
        signal: operation.signal,
      })
      if (response.status === 401) return this.#end(4403)
      if (response.status >= 400) return this.#end(1013)
      if (!(await this.#read(id, response))) throw errorWith('NETWORK', 'The connection was lost.')
    } catch {
      if (!operation.signal.aborted) this.#end(1006)
    } finally {
      this.#running.delete(id)
    }
  }

  /** Returns whether the operation was completed. */
  async #read(id: string, { body }: StreamResponse): Promise<boolean> {
    const reader = body?.getReader()
    const decoder = new TextDecoder()
    let text = ''
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true }
      this.#readAt = Date.now()
      if (done) return false
      text += decoder.decode(value, { stream: true })
      const parts = text.split(/\r?\n\r?\n/)
      text = parts.pop() as string
      for (const part of parts) {
        const field = (name: string) => part.match(new RegExp(`^${name}: ?(.*)$`, 'm'))?.[1] ?? ''
        if (field('event') === 'next') {
          const payload = JSON.parse(field('data')) as Answer
          if (payload.errors?.[0]?.extensions?.code === 'UNAUTHENTICATED') this.#end(4401)
          this.#emit({ type: 'next', id, payload })
        }
        if (field('event') !== 'complete') continue
        this.#emit({ type: 'complete', id })
        return true
      }
    }
  }
}

function globalFetch(): StreamFetch {
  const { fetch } = globalThis as unknown as { fetch: StreamFetch }
  return (url, init) => fetch(url, init)
}
