import { once } from 'node:events'
import { print } from 'graphql'
import { WebSocket } from 'ws'
import type { InboxEvent } from '../world/inbox.ts'
import { InboxSubscription } from '../world/operations.ts'
import type { Person } from '../world/person.ts'

export interface InboxVariables {
  after?: string | null
  streamId?: string | null
}

const query = print(InboxSubscription)
const timeoutMs = 20_000

interface ServerMessage {
  type: string
  payload?: { data?: { inbox: InboxEvent } | null; errors?: unknown }
}

/** A socket with one inbox subscription. A test may stop reading from it or disconnect it at any time. */
export class InboxSocket {
  readonly #ws: WebSocket
  readonly #events: InboxEvent[] = []
  #failure: Error | null = null
  #wake: () => void = () => {}
  #acknowledged: () => void = () => {}

  private constructor(ws: WebSocket) {
    this.#ws = ws
    ws.on('message', (data) => this.#receive(JSON.parse(String(data)) as ServerMessage, String(data)))
    ws.on('error', () => {})
    ws.on('close', (code, reason) => this.#fail(`The socket closed with ${code} ${reason}`))
  }

  static async open({ url, credentials }: Person, variables: InboxVariables): Promise<InboxSocket> {
    const ws = new WebSocket(`${url.replace(/^http/, 'ws')}/graphql`, 'graphql-transport-ws')
    const socket = new InboxSocket(ws)
    await once(ws, 'open')
    const acknowledged = new Promise<void>((resolve) => {
      socket.#acknowledged = resolve
    })
    const say = (message: object) => ws.send(JSON.stringify(message))
    say({ type: 'connection_init', payload: { authorization: `Bearer ${credentials.accessToken}` } })
    await acknowledged
    say({ id: '1', type: 'subscribe', payload: { query, variables } })
    return socket
  }

  #receive(message: ServerMessage, text: string): void {
    if (message.type === 'connection_ack') this.#acknowledged()
    if (message.type !== 'next') return
    if (message.payload?.data && !message.payload.errors) this.#events.push(message.payload.data.inbox)
    else this.#fail(`An event has errors: ${text}`)
    this.wake()
  }

  #fail(why: string): void {
    this.#failure ??= new Error(why)
    this.#acknowledged()
    this.wake()
  }

  /** Number of received events that were not taken yet. */
  get waiting(): number {
    return this.#events.length
  }

  /** The next event; null if there is none and `enough` returns true. */
  async next(enough: () => boolean = () => false): Promise<InboxEvent | null> {
    const deadline = Date.now() + timeoutMs
    for (;;) {
      const event = this.#events.shift()
      if (event) return event
      if (enough()) return null
      if (this.#failure) throw this.#failure
      const left = deadline - Date.now()
      if (left <= 0) throw new Error('No event arrived in time')
      await this.#pause(left)
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** Makes `next` check `enough` again. */
  wake(): void {
    this.#wake()
  }

  stopsReading(): void {
    this.#ws.pause()
  }

  readsOn(): void {
    this.#ws.resume()
  }

  cut(): void {
    this.#ws.terminate()
  }
}
