import type { SessionEvent } from '../../context.ts'

const warningMs = 60_000

/** When the access token of a socket expires, and the event that announces it to the client. */
export class TokenExpiry {
  #at = Number.POSITIVE_INFINITY
  #announceAt = Number.POSITIVE_INFINITY
  /** The event, once it is due. */
  announced: SessionEvent | null = null

  renew(expiresAt: number): void {
    this.#at = expiresAt
    const left = this.#at - Date.now()
    this.#announceAt = this.#at - (left > warningMs ? warningMs : left / 2)
    this.announced = null
  }

  isPast(now: number): boolean {
    return now >= this.#at
  }

  /** The event, the first time that it is due. */
  due(now: number): SessionEvent | null {
    if (now < this.#announceAt) return null
    this.#announceAt = Number.POSITIVE_INFINITY
    this.announced = { type: 'EXPIRING', at: new Date(this.#at) }
    return this.announced
  }
}
