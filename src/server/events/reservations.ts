import { randomBytes } from 'node:crypto'
import type { Access } from '../../auth/tokens.ts'
import type { Limits } from '../../config.ts'
import type { Operations } from '../websocket/operations.ts'

/** A place for an event stream that a client will open, or has opened. */
export interface Reservation {
  token: string
  access: Access
  /** Those of the stream; null until the client opens it. */
  operations: Operations | null
}

const waitMs = 15_000

/** The event streams of the single connection mode, by the token that the client presents with every request. */
export class Reservations {
  readonly #byToken = new Map<string, Reservation>()
  /** Those that were not opened yet, oldest first, with the time until which they wait. */
  readonly #waiting = new Map<Reservation, number>()
  readonly #limits: Pick<Limits, 'socketsPerBrowser'>

  constructor(limits: Pick<Limits, 'socketsPerBrowser'>) {
    this.#limits = limits
  }

  reserve(access: Access): string {
    this.#expire()
    const same = [...this.#waiting.keys()].filter(
      ({ access: { viewer } }) => viewer.sessionId === access.viewer.sessionId,
    )
    if (same.length >= this.#limits.socketsPerBrowser) this.release(same[0] as Reservation)
    const reservation = { token: randomBytes(24).toString('base64url'), access, operations: null }
    this.#byToken.set(reservation.token, reservation)
    this.#waiting.set(reservation, Date.now() + waitMs)
    return reservation.token
  }

  find(token: string): Reservation | undefined {
    this.#expire()
    return this.#byToken.get(token)
  }

  opened(reservation: Reservation, operations: Operations): void {
    reservation.operations = operations
    this.#waiting.delete(reservation)
  }

  release(reservation: Reservation): void {
    this.#byToken.delete(reservation.token)
    this.#waiting.delete(reservation)
  }

  #expire(): void {
    const now = Date.now()
    for (const [reservation, until] of this.#waiting) {
      if (until > now) break
      this.release(reservation)
    }
  }
}
