import type { Viewer } from '../context.ts'

/** Who has gone for good, and whose devices here are others than before. */
export interface Moved {
  userIds: string[]
  /** Of these, who has no device left, and when the last of them went. */
  gone: Map<string, Date>
}

/** Whose devices have a socket open on this server. One that comes back within the grace has never gone. */
export class Connections {
  readonly #graceMs: number
  /** The open sockets of each device, by person; none within the grace. */
  readonly #people = new Map<string, Map<string, number>>()
  /** The devices whose last socket has closed, and when; in the order of that time. */
  readonly #leaving = new Map<string, { userId: string; since: number }>()
  /** Those of which nobody expects that they come back. */
  readonly #signedOut = new Map<string, { userId: string; since: number }>()
  #moved = new Set<string>()

  constructor(graceMs: number) {
    this.#graceMs = graceMs
  }

  /** Those with a socket open now. */
  *userIds(): Iterable<string> {
    for (const [userId, devices] of this.#people)
      if ([...devices.values()].some((sockets) => sockets > 0)) yield userId
  }

  /** The sessions of this person's devices. */
  devicesOf(userId: string): readonly string[] {
    return [...(this.#people.get(userId)?.keys() ?? [])]
  }

  socketOpened({ userId, sessionId }: Viewer): void {
    const devices = this.#people.get(userId) ?? new Map<string, number>()
    this.#people.set(userId, devices)
    if (!devices.has(sessionId)) this.#moved.add(userId)
    devices.set(sessionId, (devices.get(sessionId) ?? 0) + 1)
    this.#leaving.delete(sessionId)
    this.#signedOut.delete(sessionId)
  }

  socketClosed({ userId, sessionId }: Viewer, signedOut: boolean): void {
    const devices = this.#people.get(userId)
    const sockets = devices?.get(sessionId) ?? 0
    if (!devices || sockets === 0) return
    devices.set(sessionId, sockets - 1)
    if (sockets > 1) return
    if (signedOut) this.#signedOut.set(sessionId, { userId, since: Date.now() })
    else this.#leaving.set(sessionId, { userId, since: Date.now() })
  }

  /** What has changed since this was asked last. */
  takeMoved(now: number): Moved {
    const gone = new Map<string, Date>()
    for (const [sessionId, { userId, since }] of this.#over(now)) {
      this.#moved.add(userId)
      if (this.#forget(userId, sessionId)) gone.set(userId, new Date(since))
    }
    const userIds = [...this.#moved]
    this.#moved = new Set()
    return { userIds, gone }
  }

  /** Takes out whose grace is over. */
  *#over(now: number): Iterable<[sessionId: string, { userId: string; since: number }]> {
    yield* this.#signedOut
    this.#signedOut.clear()
    for (const entry of this.#leaving) {
      if (now - entry[1].since < this.#graceMs) return
      this.#leaving.delete(entry[0])
      yield entry
    }
  }

  /** Whether that was the last device of this person. */
  #forget(userId: string, sessionId: string): boolean {
    const devices = this.#people.get(userId)
    devices?.delete(sessionId)
    if (devices?.size === 0) this.#people.delete(userId)
    return !this.#people.has(userId)
  }
}
