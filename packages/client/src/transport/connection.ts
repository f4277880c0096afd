import { type OpenWebSocket, protocol, type ServerFrame } from './frames.ts'
import type { Wake } from './wake.ts'

export interface Timings {
  /** Silence after which a ping is sent. */
  pingAfterMs: number
  /** How long a ping, or the opening, may remain without an answer before the link counts as dead. */
  answerWithinMs: number
}

export interface ConnectionOptions {
  /** Of the endpoint, beginning with ws. */
  url: string
  webSocket: OpenWebSocket
  accessToken: string
  wake: Wake
  timings: Timings
  onOpen(): void
  onFrame(frame: ServerFrame): void
  /** Once, with the close code; 1006 for a link that was found dead, 0 for an attempt during which the page woke. */
  onClose(code: number): void
}

export interface Connection {
  send(frame: object): void
  close(): void
}

/** One WebSocket from opening to closing. A dead link has no close event, so silence is answered with pings. */
export function connect(options: ConnectionOptions): Connection {
  const { timings, onFrame, onOpen, onClose } = options
  const socket = options.webSocket(options.url, protocol)
  let open = false
  let closed = false
  let timer: ReturnType<typeof setTimeout> | undefined

  // A socket that the server is closing takes no more frames; its event follows.
  const send = (frame: object) => {
    if (!closed && socket.readyState !== 2) socket.send(JSON.stringify(frame))
  }
  const end = (code: number) => {
    if (closed) return
    closed = true
    clearTimeout(timer)
    stopWaking()
    onClose(code)
  }
  const drop = (code: number) => {
    end(code)
    socket.close(1000)
  }
  const dead = () => drop(1006)
  const ping = () => {
    send({ type: 'ping' })
    arm(dead, timings.answerWithinMs)
  }
  function arm(next: () => void, ms: number): void {
    clearTimeout(timer)
    timer = setTimeout(next, ms)
  }

  // After sleep or a change of network the link may be dead although no timer has run, and an attempt may hang.
  const stopWaking = options.wake(() => (open ? ping() : drop(0)))
  arm(dead, timings.answerWithinMs)
  socket.onopen = () =>
    send({ type: 'connection_init', payload: { authorization: `Bearer ${options.accessToken}` } })
  socket.onmessage = ({ data }: { data: unknown }) => {
    if (closed) return
    const frame = JSON.parse(String(data)) as ServerFrame
    if (open || frame.type === 'connection_ack') arm(ping, timings.pingAfterMs)
    if (frame.type === 'ping') return send({ type: 'pong' })
    if (frame.type !== 'connection_ack') return onFrame(frame)
    open = true
    onOpen()
  }
  socket.onerror = () => {}
  socket.onclose = ({ code }: { code?: number }) => end(code ?? 1006)

  return { send, close: () => drop(1000) }
}
