import type { SessionCache } from '../../auth/session/cache.ts'
import type { Limits } from '../../config.ts'
import type { Services, Viewer } from '../../context.ts'
import type { PresenceHub } from '../../presence/hub.ts'
import { closings } from './close-codes.ts'
import type { LiveSocket } from './live-socket.ts'

/** The open sockets of this process by session. */
export class Sockets implements Iterable<LiveSocket> {
  readonly #all = new Set<LiveSocket>()
  readonly #bySession = new Map<string, readonly LiveSocket[]>()
  /** Sockets that have not signed in, by address, oldest first. Those of this machine are not limited. */
  readonly #anonymous = new Map<string, Set<LiveSocket>>()
  readonly #limits: Pick<Limits, 'socketsPerDevice' | 'socketsPerBrowser' | 'anonymousSocketsPerAddress'>
  readonly #sessions: Pick<SessionCache, 'platformOf'>
  readonly #presence: PresenceHub

  constructor({ config, auth, presence }: Pick<Services, 'config' | 'auth' | 'presence'>) {
    this.#limits = config.limits
    this.#sessions = auth.sessions
    this.#presence = presence.hub
  }

  get size(): number {
    return this.#all.size
  }

  get sessionIds(): string[] {
    return [...this.#bySession.keys()]
  }

  [Symbol.iterator](): Iterator<LiveSocket> {
    return this.#all.values()
  }

  /** At the limit, the oldest anonymous socket of the address is closed: clients sign in at once, so it is probably idle. */
  add(socket: LiveSocket): void {
    this.#all.add(socket)
    if (socket.address === null) return
    const others = this.#anonymous.get(socket.address) ?? new Set()
    if (others.size >= this.#limits.anonymousSocketsPerAddress) {
      const [oldest] = others
      if (oldest) {
        others.delete(oldest)
        oldest.closeFor(closings.overloaded)
      }
    }
    this.#anonymous.set(socket.address, others.add(socket))
  }

  remove(socket: LiveSocket): void {
    this.#all.delete(socket)
    this.#leaveAnonymous(socket)
    this.#leave(socket)
  }

  of(sessionId: string): readonly LiveSocket[] {
    return this.#bySession.get(sessionId) ?? []
  }

  /**
   * A reloaded page, or a phone that changed its network, leaves dead sockets behind: the
   * newest is accepted, and the least recently active one is closed.
   */
  claimed(socket: LiveSocket, viewer: Viewer): void {
    const { sessionId } = viewer
    if (!this.#all.has(socket) || socket.viewer?.sessionId === sessionId) return
    this.#leaveAnonymous(socket)
    this.#leave(socket)
    const others = this.of(sessionId)
    const [quietest, ...rest] = [...others].sort((a, b) => a.activeAt - b.activeAt)
    const isFull = others.length >= this.#limitOf(sessionId)
    this.#bySession.set(sessionId, (isFull ? rest : others).concat(socket))
    if (isFull) quietest?.closeFor(closings.replacedByTab)
    this.#presence.socketOpened(viewer)
  }

  /** An unknown platform may be a browser with tabs, as with an identity provider. */
  #limitOf(sessionId: string): number {
    const platform = this.#sessions.platformOf(sessionId)
    const isBrowser = platform === 'WEB' || platform === 'OTHER'
    return isBrowser ? this.#limits.socketsPerBrowser : this.#limits.socketsPerDevice
  }

  #leaveAnonymous(socket: LiveSocket): void {
    if (socket.address === null) return
    const others = this.#anonymous.get(socket.address)
    others?.delete(socket)
    if (others?.size === 0) this.#anonymous.delete(socket.address)
  }

  #leave(socket: LiveSocket): void {
    if (!socket.viewer) return
    const { sessionId } = socket.viewer
    this.#presence.socketClosed(socket.viewer, socket.signedOut)
    const others = this.of(sessionId).filter((other) => other !== socket)
    if (others.length > 0) this.#bySession.set(sessionId, others)
    else this.#bySession.delete(sessionId)
  }
}
