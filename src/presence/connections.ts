import type { Viewer } from '../context.ts'

/** Users whose connected devices on this server changed. */
export interface ConnectionChanges {
  userIds: string[]
  /** Those without a connected device, and when the last one disconnected. */
  disconnected: Map<string, Date>
}

/** The connected devices of this server. A device that reconnects within the grace period stays connected. */
export class Connections {
  readonly #graceMs: number
  /** Open sockets of each device, by user; 0 during the grace period. */
  readonly #byUser = new Map<string, Map<string, number>>()
  /** Devices whose last socket closed, in order of that time. */
  readonly #inGrace = new Map<string, { userId: string; since: number }>()
  /** Devices that signed out and have no grace period. */
  readonly #signedOut = new Map<string, { userId: string; since: number }>()
  #changed = new Set<string>()

  constructor(graceMs: number) {
    this.#graceMs = graceMs
  }

  /** Users with an open socket. */
  *userIds(): Iterable<string> {
    for (const [userId, devices] of this.#byUser)
      if ([...devices.values()].some((sockets) => sockets > 0)) yield userId
  }

  /** The sessions of the user's connected devices. */
  devicesOf(userId: string): readonly string[] {
    return [...(this.#byUser.get(userId)?.keys() ?? [])]
  }

  socketOpened({ userId, sessionId }: Viewer): void {
    const devices = this.#byUser.get(userId) ?? new Map<string, number>()
    this.#byUser.set(userId, devices)
    if (!devices.has(sessionId)) this.#changed.add(userId)
    devices.set(sessionId, (devices.get(sessionId) ?? 0) + 1)
    this.#inGrace.delete(sessionId)
    this.#signedOut.delete(sessionId)
  }

  socketClosed({ userId, sessionId }: Viewer, signedOut: boolean): void {
    const devices = this.#byUser.get(userId)
    const sockets = devices?.get(sessionId) ?? 0
    if (!devices || sockets === 0) return
    devices.set(sessionId, sockets - 1)
    if (sockets > 1) return
    if (signedOut) this.#signedOut.set(sessionId, { userId, since: Date.now() })
    else this.#inGrace.set(sessionId, { userId, since: Date.now() })
  }

  /** Returns the changes since the last call. */
  takeChanges(now: number): ConnectionChanges {
    const disconnected = new Map<string, Date>()
    for (const [sessionId, { userId, since }] of this.#takeExpired(now)) {
      this.#changed.add(userId)
      if (this.#remove(userId, sessionId)) disconnected.set(userId, new Date(since))
    }
    const userIds = [...this.#changed]
    this.#changed = new Set()
    return { userIds, disconnected }
  }

  /** Removes and returns the devices whose grace period ended. */
  *#takeExpired(now: number): Iterable<[sessionId: string, { userId: string; since: number }]> {
    yield* this.#signedOut
    this.#signedOut.clear()
    for (const entry of this.#inGrace) {
      if (now - entry[1].since < this.#graceMs) return
      this.#inGrace.delete(entry[0])
      yield entry
    }
  }

  /** Returns whether it was the user's last device. */
  #remove(userId: string, sessionId: string): boolean {
    const devices = this.#byUser.get(userId)
    devices?.delete(sessionId)
    if (devices?.size === 0) this.#byUser.delete(userId)
    return !this.#byUser.has(userId)
  }
}
