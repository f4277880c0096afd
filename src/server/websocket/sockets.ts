import type { Services, Viewer } from '../../context.ts'
import { closings } from './close-codes.ts'
import type { LiveSocket } from './live-socket.ts'

/** The open sockets of this process, and whose they are. */
export class Sockets implements Iterable<LiveSocket> {
  readonly #all = new Set<LiveSocket>()
  readonly #bySession = new Map<string, Set<LiveSocket>>()
  readonly #perDevice: number
  readonly #presence: Services['presence']

  constructor(perDevice: number, presence: Services['presence']) {
    this.#perDevice = perDevice
    this.#presence = presence
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

  add(socket: LiveSocket): void {
    this.#all.add(socket)
  }

  remove(socket: LiveSocket): void {
    this.#all.delete(socket)
    this.#leave(socket)
  }

  of(sessionId: string): Iterable<LiveSocket> {
    return this.#bySession.get(sessionId) ?? []
  }

  /**
   * A page that is loaded again, or a phone that changed its network, leaves sockets behind that nobody is at: the
   * newest comes in, and the one that was silent for longest goes.
   */
  claimed(socket: LiveSocket, viewer: Viewer): void {
    const { sessionId } = viewer
    if (!this.#all.has(socket) || socket.viewer?.sessionId === sessionId) return
    this.#leave(socket)
    const others = this.#bySession.get(sessionId) ?? new Set()
    if (others.size >= this.#perDevice) {
      const [quietest] = [...others].sort((a, b) => a.heardAt - b.heardAt)
      if (quietest) {
        others.delete(quietest)
        quietest.closeFor(closings.tooManyOfDevice)
      }
    }
    this.#bySession.set(sessionId, others.add(socket))
    this.#presence.arrives(viewer)
  }

  #leave(socket: LiveSocket): void {
    if (!socket.viewer) return
    const { sessionId } = socket.viewer
    this.#presence.leaves(socket.viewer, socket.signedOut)
    const others = this.#bySession.get(sessionId)
    others?.delete(socket)
    if (others?.size === 0) this.#bySession.delete(sessionId)
  }
}
