import type { ServerResponse } from 'node:http'
import { WebSocket } from 'ws'
import type { ByteString } from '../../platform/graphql/shared/byte-string.ts'
import { closings } from '../websocket/close-codes.ts'
import type { Peer } from '../websocket/peer.ts'

const closeTimeoutMs = 5_000
/** Below the interval of heartbeats, so that the system finds a peer that is gone between two of them. */
const keepAliveMs = 5_000
const heartbeat = ':\n\n'

/** A response of server-sent events as the peer of a LiveSocket. */
export class EventStream implements Peer {
  readonly protocol = 'graphql-sse'
  readonly isPaused = false
  readonly closed: Promise<void>
  readonly #response: ServerResponse
  #isEnded = false
  #pings = 0
  /** Called when the system has taken a heartbeat. */
  onAlive: () => void = () => {}
  /** Called before the stream is closed with a code, while it can still send. */
  onClosing: (code: number) => void = () => {}

  constructor(response: ServerResponse) {
    this.#response = response
    this.closed = new Promise((resolve) => response.once('close', resolve))
  }

  /** Sends the head of the response. */
  begin(): void {
    const { socket } = this.#response
    // It is idle between heartbeats, and its end is the end of the connection.
    socket?.setTimeout(0)
    socket?.setKeepAlive(true, keepAliveMs)
    this.#response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      connection: 'close',
    })
    this.#response.write(heartbeat)
  }

  get readyState(): number {
    return this.#isEnded || this.#response.destroyed ? WebSocket.CLOSED : WebSocket.OPEN
  }

  get bufferedAmount(): number {
    return this.#response.writableLength
  }

  sendBytes(text: ByteString, done?: () => void): void {
    if (this.readyState === WebSocket.OPEN) this.#response.write(text, 'latin1', done)
  }

  /** A heartbeat every other time: proxies wait longer than the clients of a WebSocket. */
  ping(): void {
    this.#pings += 1
    if (this.#pings % 2 === 0) this.sendBytes(heartbeat, this.onAlive)
  }

  /** The stream ends without `complete`, after which clients connect again, unless `onClosing` sends one. */
  close(code = 1000): void {
    if (this.readyState !== WebSocket.OPEN) return
    this.onClosing(code)
    this.#isEnded = true
    if (code === closings.tooSlow[0]) return void this.#response.destroy()
    const timer = setTimeout(() => this.#response.destroy(), closeTimeoutMs)
    this.#response.once('close', () => clearTimeout(timer))
    this.#response.end()
  }

  terminate(): void {
    this.#response.destroy()
  }

  // A client sends nothing on the stream.
  pause(): void {}
  resume(): void {}
}
