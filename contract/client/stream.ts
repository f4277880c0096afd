import { setTimeout as pause } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { now } from '../history.ts'
import type { Client } from './client.ts'
import { documents } from './documents.ts'

type Event = Record<string, unknown> & { __typename: string; cursor: string }

interface Received {
  event: Event
  received: number
}

interface Conversation {
  id: string
  version: number
}

/**
 * The inbox of a device, kept as docs/protocol.md asks: it syncs, follows the stream, pulls what an event leaves out, and
 * reconnects with its last cursor. The history has what it received; the checker does its own folding.
 */
export class Stream {
  readonly known = new Map<string, number>()
  readonly #client: Client
  readonly #serverFor: () => number
  #cursor: string | null = null
  #socket: WebSocket | null = null
  /** Sockets that this client broke itself. */
  readonly #broken = new WeakSet<WebSocket>()
  #stopped = false
  #running: Promise<void> = Promise.resolve()

  constructor(client: Client, serverFor: () => number) {
    this.#client = client
    this.#serverFor = serverFor
  }

  start(): void {
    this.#running = this.#run()
  }

  /** Breaks the connection; the stream continues on another one. */
  cut(): void {
    if (this.#socket) this.#breaks(this.#socket)
  }

  #breaks(socket: WebSocket): void {
    this.#broken.add(socket)
    socket.terminate()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.cut()
    await this.#running
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      if (this.#cursor === null && !(await this.#sync())) await pause(100)
      else {
        await this.#follow(this.#serverFor())
        await pause(100)
      }
    }
  }

  async #sync(): Promise<boolean> {
    const found: Conversation[] = []
    let after: string | null = null
    for (;;) {
      const answer = await this.#client.perform('sync', this.#serverFor(), { after })
      if (answer.ph !== 'ok') return false
      const page = answer.data.sync as { cursor: string; hasMore: boolean; conversations: Conversation[] }
      found.push(...page.conversations)
      after = page.cursor
      if (!page.hasMore) break
    }
    this.known.clear()
    for (const { id } of found) await this.#pull(id, 0)
    this.#cursor = after
    return true
  }

  /** Reads what changed after a version, until it is read or the conversation is gone. */
  async #pull(id: string, from: number): Promise<void> {
    let after = from
    for (let tries = 0; !this.#stopped; ) {
      const answer = await this.#client.perform('changes', this.#serverFor(), { id, after })
      if (answer.ph !== 'ok') {
        tries += 1
        await pause(Math.min(1_000, 50 * 2 ** tries))
        continue
      }
      const found = answer.data.conversation as { changes: { version: number; hasMore: boolean } } | null
      if (!found) return
      after = found.changes.version
      this.known.set(id, Math.max(after, this.known.get(id) ?? 0))
      if (!found.changes.hasMore) return
    }
  }

  /** Follows one connection until it closes. */
  async #follow(server: number): Promise<void> {
    const { user, device, credentials, urls, recorder } = this.#client
    const socket = new WebSocket(`${urls[server]?.replace(/^http/, 'ws')}/graphql`, 'graphql-transport-ws')
    this.#socket = socket
    const events: Received[] = []
    let wake = () => {}
    let closed: number | null = null
    let isOpen = false
    socket.on('error', () => {})
    socket.on('close', (code) => {
      closed = code
      wake()
    })
    socket.on('open', () => {
      const authorization = `Bearer ${credentials.accessToken}`
      socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } }))
    })
    socket.on('message', (bytes: Buffer) => {
      const { type, payload } = JSON.parse(String(bytes)) as {
        type: string
        payload?: { data?: { inbox: Event } }
      }
      if (type === 'ping') socket.send('{"type":"pong"}')
      if (type === 'connection_ack') {
        isOpen = true
        recorder.write({ ph: 'open', user, device, server })
        const subscription = { query: documents.inbox, variables: { after: this.#cursor } }
        socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: subscription }))
      }
      if (type === 'error' || type === 'complete') this.#breaks(socket)
      const event = payload?.data?.inbox
      if (!event) return
      events.push({ event, received: now() })
      wake()
    })
    // A server that is stopped answers nothing, not even a connection attempt.
    const silence = setInterval(() => {
      if (!isOpen) this.#breaks(socket)
    }, 5_000)
    while (closed === null || events.length > 0) {
      const next = events.shift()
      if (next) {
        // In the order in which the device takes them, among its pulls.
        recorder.write({ ph: 'event', user, device, server, ...next })
        await this.#fold(next.event)
      } else
        await new Promise<void>((resolve) => {
          wake = resolve
          if (closed !== null || events.length > 0) resolve()
        })
    }
    clearInterval(silence)
    if (!isOpen) return
    const code = this.#broken.has(socket) ? {} : { code: closed ?? 0 }
    recorder.write({ ph: 'close', user, device, server, ...code })
  }

  async #fold(event: Event): Promise<void> {
    if (event.__typename === 'ResyncRequired') {
      this.#cursor = null
      this.cut()
      return
    }
    if (this.#cursor === null) return
    const { id, version, fromVersion } = placeOf(event)
    const held = this.known.get(id)
    if (event.__typename === 'ConversationRemoved') this.known.delete(id)
    else if (held === undefined) {
      if (event.__typename === 'ConversationChanged') await this.#pull(id, 0)
    } else if (fromVersion !== null && held >= fromVersion) this.known.set(id, Math.max(held, version))
    else if (held < version) await this.#pull(id, held)
    this.#cursor = event.cursor
  }
}

function placeOf(event: Event): { id: string; version: number; fromVersion: number | null } {
  const conversation = event.conversation as Conversation | undefined
  return {
    id: String(conversation?.id ?? event.conversationId ?? ''),
    version: Number(conversation?.version ?? event.version ?? 0),
    fromVersion: event.__typename === 'MessagesChanged' ? Number(event.fromVersion) : null,
  }
}
