import type { Limits } from '../../config.ts'
import type { EventType } from '../event/body.ts'
import { knows } from '../event/old-clients.ts'
import { later, latestTick, type Position } from '../position.ts'

/** What the server does about events that a client has not acknowledged. */
export type RedeliveryAction = 'NOTHING' | 'REDELIVER' | 'CLOSE'

type Rules = Pick<Limits, 'acknowledgeMs' | 'redeliveries'>

/**
 * How far one reader has acknowledged. A client that never acknowledges is left alone; one that did and then stops gets
 * its events again. Memory does not grow with the number of events.
 */
export class AcknowledgementWatch {
  /** Names the reader among all of the server. */
  readonly reader: string
  readonly #rules: Rules
  #acknowledged: Position
  readonly #schemaVersion: number | null
  #deliveredSeq: number
  #deliveredTick: number
  /** Numbers up to here that were not delivered bring no event. */
  #passedSeq = 0
  #passedTick = 0
  /** True once the client acknowledged on this stream; false for good once it was late, because it is merely slow. */
  #isWatched = false
  #wasLate = false
  #owes: 'NOTHING' | 'SIGNALS' | 'NUMBERS' = 'NOTHING'
  /** When the first unacknowledged event was delivered, or all were redelivered. */
  #since = 0
  #redeliveries = 0

  constructor(reader: string, rules: Rules, after: Position, schemaVersion: number | null) {
    this.reader = reader
    this.#rules = rules
    this.#schemaVersion = schemaVersion
    this.#acknowledged = after
    this.#deliveredSeq = after.streamSeq
    this.#deliveredTick = latestTick(after)
  }

  /** The acknowledged position. */
  get position(): Position {
    return this.#acknowledged
  }

  /** The stream passed a position that brings no event, so the client owes no acknowledgement for it. */
  passed(position: Position): void {
    this.#passedSeq = Math.max(this.#passedSeq, position.streamSeq)
    this.#passedTick = Math.max(this.#passedTick, latestTick(position))
  }

  /** Events that move the position must be acknowledged, and signals, whose cursor is that of the event before them. */
  noteDelivered(type: EventType, position: Position): void {
    if (type === 'Checkpoint' || !knows(this.#schemaVersion, type)) this.passed(position)
    const { streamSeq } = position
    const tick = latestTick(position)
    const isNew =
      streamSeq > Math.max(this.#deliveredSeq, this.#passedSeq) ||
      tick > Math.max(this.#deliveredTick, this.#passedTick)
    if (!isNew && type !== 'ConversationSignal') return
    this.#deliveredSeq = Math.max(this.#deliveredSeq, streamSeq)
    this.#deliveredTick = Math.max(this.#deliveredTick, tick)
    if (this.#owes === 'NOTHING') this.#start(Date.now())
    if (isNew) this.#owes = 'NUMBERS'
    else if (this.#owes === 'NOTHING') this.#owes = 'SIGNALS'
  }

  acknowledge(position: Position, now: number): void {
    if (this.#isWatched && this.#isLate(now)) this.#wasLate = true
    this.#isWatched = !this.#wasLate
    const before = this.#acknowledged
    this.#acknowledged = later(position, before)
    if (position.streamSeq >= this.#deliveredSeq && latestTick(position) >= this.#deliveredTick)
      this.#owes = 'NOTHING'
    // It makes progress.
    else if (hasMore(this.#acknowledged, before)) this.#start(now)
  }

  nextAction(now: number): RedeliveryAction {
    if (!this.#isWatched || this.#owes === 'NOTHING' || now - this.#since <= this.#rules.acknowledgeMs)
      return 'NOTHING'
    this.#since = now
    this.#redeliveries += 1
    if (this.#redeliveries <= this.#rules.redeliveries) return 'REDELIVER'
    // A signal brings no new cursor, so a client that acknowledges each cursor once stays silent.
    const isDead = this.#owes === 'NUMBERS'
    this.#owes = 'NOTHING'
    return isDead ? 'CLOSE' : 'NOTHING'
  }

  #isLate(now: number): boolean {
    return (
      this.#owes === 'NUMBERS' && (this.#redeliveries > 0 || now - this.#since > this.#rules.acknowledgeMs)
    )
  }

  #start(now: number): void {
    this.#since = now
    this.#redeliveries = 0
  }
}

const hasMore = (one: Position, other: Position) =>
  one.streamSeq > other.streamSeq || latestTick(one) > latestTick(other)
