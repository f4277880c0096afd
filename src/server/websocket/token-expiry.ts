import type { SessionEvent } from '../../context.ts'

const noticeMs = 60_000

/** When the access token of a socket expires, and the event that announces it to the client. */
export class TokenExpiry {
  #at = Number.POSITIVE_INFINITY
  #noticeAt = Number.POSITIVE_INFINITY
  /** The event, once it is due. */
  announced: SessionEvent | null = null

  renew(expiresAt: Date): void {
    this.#at = expiresAt.getTime()
    const left = this.#at - Date.now()
    this.#noticeAt = this.#at - (left > noticeMs ? noticeMs : left / 2)
    this.announced = null
  }

  isPast(now: number): boolean {
    return now >= this.#at
  }

  /** The event, the first time that it is due. */
  notice(now: number): SessionEvent | null {
    if (now < this.#noticeAt) return null
    this.#noticeAt = Number.POSITIVE_INFINITY
    this.announced = { type: 'EXPIRING', at: new Date(this.#at) }
    return this.announced
  }
}
