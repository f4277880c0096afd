import { WebSocket } from 'ws'
import type { Limits } from '../../config.ts'
import type { SessionEndReason, SessionEvent, SessionListener, SocketSession, Viewer } from '../../context.ts'
import { type ByteString, byteString } from '../../platform/graphql/shared/byte-string.ts'
import type { Language } from '../../platform/language/spoken.ts'
import type { Client } from '../request/client.ts'
import { Allowance, type AllowanceLimits } from './allowance.ts'
import { type Closing, closings } from './close-codes.ts'
import type { Peer } from './peer.ts'
import { TokenExpiry } from './token-expiry.ts'

/** What all sockets of the process share. */
export interface SocketHost {
  limits: Pick<Limits, 'pingMs' | 'stallMs' | 'anonymousSocketMs'> & AllowanceLimits
  /** Called when a socket is assigned to a session, or to another one. */
  claimed(socket: LiveSocket, viewer: Viewer): void
}

const initMs = 3_000
/** Bytes that may be buffered in a socket before its streams pause. */
const bufferedMax = 256 * 1024
const endMs = 1_000
const noOperations = { count: 0 }
const noListeners: readonly SessionListener[] = []

/** A client's connection: a WebSocket or an event stream. There are many: keep it small. */
export class LiveSocket implements SocketSession {
  readonly #ws: Peer
  readonly #host: SocketHost
  /** URL of this server for the client. */
  readonly origin: string
  viewer: Viewer | null = null
  initialised = false
  /** Whether its client may run operations. */
  acknowledged = false
  /** The schema version that the client was built for; null if it named none. */
  schemaVersion: number | null = null
  /** Whether it belongs to GraphiQL. */
  fromExplorer = false
  language: Language
  operations: { readonly count: number } = noOperations
  /** The address that rate limits count by; null for a program on this machine. */
  readonly address: string | null
  readonly openedAt = Date.now()
  activeAt = this.openedAt
  #pingedAt = this.openedAt
  #pingsUnanswered = 0
  readonly #expiry = new TokenExpiry()
  #stalledSince = 0
  readonly #allowance: Allowance
  #endBy = 0
  #endReason: SessionEndReason | null = null
  #listeners = noListeners
  #queue: Promise<void> | null = null

  constructor(ws: Peer, host: SocketHost, { origin, address, language }: Client) {
    this.#ws = ws
    this.address = address
    this.#host = host
    this.#allowance = new Allowance(host.limits)
    this.origin = origin
    this.language = language
  }

  get protocol(): string {
    return this.#ws.protocol
  }

  get open(): boolean {
    return this.#ws.readyState === WebSocket.OPEN
  }

  get ending(): boolean {
    return this.#endBy > 0
  }

  /** The device must not reconnect by itself. A replaced session may belong to the same device. */
  get signedOut(): boolean {
    return this.ending && this.#endReason !== 'REPLACED'
  }

  /** The client is alive: it sent something, or read what was sent. */
  #noteActivity(): void {
    this.activeAt = Date.now()
    this.#pingsUnanswered = 0
  }

  /** A frame arrived, with a message of this length if it has one. */
  frame(length = 0): void {
    this.#noteActivity()
    this.#spend(length)
  }

  /** A client that sends too fast is read more slowly: the rest waits in its network stack. */
  #spend(length: number): void {
    this.#allowance.spend(length)
    if (this.#allowance.spent) this.#ws.pause()
  }

  #resume(): void {
    if (this.#stalledSince === 0 && !this.#allowance.spent) this.#ws.resume()
  }

  /** Sends a message. Resolves when the send buffer has room; at once if it has. */
  send(text: string): Promise<void> | undefined {
    return this.sendBytes(byteString(text))
  }

  sendBytes(text: ByteString): Promise<void> | undefined {
    if (!this.open) return
    if (this.#ws.bufferedAmount < bufferedMax) return void this.#ws.sendBytes(text)
    return new Promise((resolve) => {
      this.#stall()
      this.#ws.sendBytes(text, () => {
        this.#flow()
        resolve()
      })
    })
  }

  /** Backpressure: stop reading while the send buffer is full. */
  #stall(): void {
    this.#stalledSince ||= Date.now()
    this.#ws.pause()
  }

  #flow(): void {
    const slow = this.#ws.bufferedAmount >= bufferedMax
    this.#stalledSince = slow ? Date.now() : 0
    if (slow) return
    this.#noteActivity()
    this.#resume()
  }

  close(code?: number, reason?: string): void {
    this.#ws.resume()
    this.#ws.close(code, reason)
  }

  closeFor([code, reason]: Closing): void {
    this.close(code, reason)
  }

  closeUnresponsive(): void {
    this.closeFor(closings.unacknowledged)
  }

  signIn(viewer: Viewer, accessTokenExpiresAt: number): void {
    // Its streams belong to the user who opened them.
    if (this.viewer && this.viewer.userId !== viewer.userId) return
    this.#host.claimed(this, viewer)
    this.viewer = viewer
    // A device that signs in again has ended its earlier session, which may be that of this socket.
    this.#endBy = 0
    this.#expiry.renew(accessTokenExpiresAt)
  }

  addListener(listener: SessionListener): void {
    this.#listeners = this.#listeners.concat(listener)
    const missed = this.#expiry.announced
    if (missed) queueMicrotask(() => this.#listeners.includes(listener) && listener.sessionEvent(missed))
  }

  removeListener(listener: SessionListener): void {
    this.#listeners = this.#listeners.filter((other) => other !== listener)
  }

  /** Sends SessionEnded to the streams, which ends them; running operations have a moment before the socket closes. */
  end(reason: SessionEndReason): void {
    if (this.#endBy > 0) return
    this.#endBy = Date.now() + endMs
    this.#endReason = reason
    this.#notify({ type: 'ENDED', reason })
    if (this.operations.count === 0) this.closeFor(closings.sessionEnded)
  }

  /** Whether a step of an earlier operation is not done. */
  get isWaiting(): boolean {
    return this.#queue !== null
  }

  /** Runs the steps in the order of the calls: a later operation does not overtake one that waits. */
  inOrder(step: () => Promise<void>): Promise<void> {
    const turn = this.#queue ? this.#queue.then(step, step) : step()
    this.#queue = turn
    const done = () => {
      if (this.#queue === turn) this.#queue = null
    }
    turn.then(done, done)
    return turn
  }

  /** Called by the clock: pings, deadlines and token expiry. */
  tick(now: number): void {
    if (!this.open) return
    const closing = this.#due(now)
    if (closing) this.closeFor(closing)
    else {
      this.#allowance.earn(now)
      if (this.#ws.isPaused) this.#resume()
      if (!this.#ws.isPaused) this.#keepAlive(now)
    }
  }

  #due(now: number): Closing | null {
    const age = now - this.openedAt
    if (!this.initialised && age > initMs) return closings.initTimeout
    if (!this.viewer && age > this.#host.limits.anonymousSocketMs) return closings.signInTimeout
    if (this.#endBy > 0 && now > this.#endBy) return closings.sessionEnded
    if (this.#expiry.isPast(now)) return closings.tokenExpired
    const stalled = this.#stalledSince > 0 && now - this.#stalledSince > this.#host.limits.stallMs
    return stalled ? closings.tooSlow : null
  }

  #keepAlive(now: number): void {
    const { pingMs } = this.#host.limits
    const expiring = this.#expiry.due(now)
    if (expiring) this.#notify(expiring)
    if (now - this.#pingedAt < pingMs) return
    this.#pingedAt = now
    this.#pingsUnanswered += 1
    if (this.#pingsUnanswered > 2) this.#ws.terminate()
    else this.#ws.ping()
  }

  #notify(event: SessionEvent): void {
    for (const listener of this.#listeners) listener.sessionEvent(event)
  }
}
