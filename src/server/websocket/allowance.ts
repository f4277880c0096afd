import type { Limits } from '../../config.ts'

export type AllowanceLimits = Pick<Limits, 'socketMessagesPerSecond' | 'socketMessageBurst'>

/** A message counts once more for each of these characters. */
const weighedLength = 4_096

/** The messages that a socket may send now. */
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

  /** May go below zero: what has arrived already is processed, and paid for by waiting. */
  spend(length: number): void {
    this.#messages -= 1 + Math.floor(length / weighedLength)
  }

  earn(now: number): void {
    const { socketMessagesPerSecond, socketMessageBurst } = this.#limits
    const earned = ((now - this.#earnedAt) * socketMessagesPerSecond) / 1_000
    this.#messages = Math.min(socketMessageBurst, this.#messages + earned)
    this.#earnedAt = now
  }
}
