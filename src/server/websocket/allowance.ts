import type { Limits } from '../../config.ts'

export type AllowanceLimits = Pick<Limits, 'socketMessagesPerSecond' | 'socketMessageBurst'>

/** A message counts as one more for each of these characters. */
const lengthPerMessage = 4_096

/** The number of messages that a socket may send now. */
export class Allowance {
  readonly #limits: AllowanceLimits
  #messages: number
  #earnedAt = Date.now()

  constructor(limits: AllowanceLimits) {
    this.#limits = limits
    this.#messages = limits.socketMessageBurst
  }

  get spent(): boolean {
    return this.#messages < 0
  }

  /** May be negative: messages that have arrived are processed, and later ones wait longer. */
  spend(length: number): void {
    this.#messages -= 1 + Math.floor(length / lengthPerMessage)
  }

  earn(now: number): void {
    const { socketMessagesPerSecond, socketMessageBurst } = this.#limits
    const earned = ((now - this.#earnedAt) * socketMessagesPerSecond) / 1_000
    this.#messages = Math.min(socketMessageBurst, this.#messages + earned)
    this.#earnedAt = now
  }
}
