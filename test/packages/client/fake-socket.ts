import type { WebSocketLike } from '../../../packages/client/src/transport/frames.ts'
import { createSocket } from '../../../packages/client/src/transport/socket.ts'

/** A WebSocket whose other end is the test. */
export class FakeWebSocket implements WebSocketLike {
  readonly sent: { type: string; id?: string; payload?: { query?: string; variables?: unknown } }[] = []
  closed = false
  readyState = 1
  onopen: ((event: never) => void) | null = null
  onmessage: ((event: never) => void) | null = null
  onclose: ((event: never) => void) | null = null
  onerror: ((event: never) => void) | null = null

  send(text: string): void {
    if (this.readyState === 2) throw new Error('The socket is closing.')
    this.sent.push(JSON.parse(text))
  }

  close(): void {
    this.closed = true
  }

  /** The close frame has arrived, and its event follows. */
  beginsToClose(): void {
    this.readyState = 2
  }

  says(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) } as never)
  }

  accepts(): void {
    this.onopen?.({} as never)
    this.says({ type: 'connection_ack' })
  }

  ends(code: number): void {
    this.closed = true
    this.onclose?.({ code } as never)
  }

  types(): string[] {
    return this.sent.map(({ type }) => type)
  }
}

/** A client socket on fake WebSockets, with a page that the test wakes. */
export function onFakeSockets(accessToken: () => Promise<string | null> = async () => 'token') {
  const opened: FakeWebSocket[] = []
  const refused: string[] = []
  const listeners = new Set<() => void>()
  const socket = createSocket({
    url: 'http://server',
    webSocket: () => {
      const next = new FakeWebSocket()
      opened.push(next)
      return next
    },
    accessToken,
    onRefused: (token) => void refused.push(token),
    wake(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  })
  return {
    socket,
    opened,
    refused,
    last: () => opened.at(-1) as FakeWebSocket,
    wakes: () => [...listeners].forEach((listener) => void listener()),
  }
}
