import type { Limits } from '../../config.ts'
import type { EventType } from '../event/body.ts'
import { knows } from '../event/old-clients.ts'
import { later, type Position } from '../position.ts'

/** What is done about what a client was told and has not acknowledged. */
export type Due = 'NOTHING' | 'REPEAT' | 'GIVE_UP'

type Rules = Pick<Limits, 'acknowledgeMs' | 'resignals'>

/**
 * How far one reader has acknowledged. Whoever never does is not held to it; whoever does, and then falls silent, is told
 * again. It holds one position, however much was told.
 */
export class AcknowledgementWatch {
  readonly #rules: Rules
  #acknowledged: Position
  readonly #schemaVersion: number | null
  #toldSeq: number
  /** What lies up to here and was not told is nothing to this reader. */
  #passedSeq = 0
  /** Since it has acknowledged on this stream; false again for good once it was late, and so takes its time. */
  #isHeld = false
  #wasLate = false
  #owes: 'NOTHING' | 'SIGNALS' | 'NUMBERS' = 'NOTHING'
  /** When the first of what it owes was told, or all of it was told again. */
  #since = 0
  #repeats = 0

  constructor(rules: Rules, after: Position, schemaVersion: number | null) {
    this.#rules = rules
    this.#schemaVersion = schemaVersion
    this.#acknowledged = after
    this.#toldSeq = after.streamSeq
  }

  /** Where the client said it stands. */
  get position(): Position {
    return this.#acknowledged
  }

  /** The stream moved on, and there was nothing to tell: what comes next may bring that number, and owes nothing for it. */
  passed(streamSeq: number): void {
    this.#passedSeq = Math.max(this.#passedSeq, streamSeq)
  }

  /** Only what has a number is owed, and signals, which have the number of what came before them. */
  told(type: EventType, streamSeq: number): void {
    if (type === 'Checkpoint' || !knows(this.#schemaVersion, type)) this.passed(streamSeq)
    const isNew = streamSeq > Math.max(this.#toldSeq, this.#passedSeq)
    if (!isNew && type !== 'ConversationSignal') return
    this.#toldSeq = Math.max(this.#toldSeq, streamSeq)
    if (this.#owes === 'NOTHING') this.#start(Date.now())
    if (isNew) this.#owes = 'NUMBERS'
    else if (this.#owes === 'NOTHING') this.#owes = 'SIGNALS'
  }

  acknowledge(position: Position, now: number): void {
    if (this.#isHeld && this.#isLate(now)) this.#wasLate = true
    this.#isHeld = !this.#wasLate
    const before = this.#acknowledged
    this.#acknowledged = later(position, before)
    if (position.streamSeq >= this.#toldSeq) this.#owes = 'NOTHING'
    // It is getting on.
    else if (this.#acknowledged.streamSeq > before.streamSeq) this.#start(now)
  }

  due(now: number): Due {
    if (!this.#isHeld || this.#owes === 'NOTHING' || now - this.#since <= this.#rules.acknowledgeMs)
      return 'NOTHING'
    this.#since = now
    this.#repeats += 1
    if (this.#repeats <= this.#rules.resignals) return 'REPEAT'
    // A client that acknowledges each cursor once has nothing to say to a signal: it brings no other.
    const isDead = this.#owes === 'NUMBERS'
    this.#owes = 'NOTHING'
    return isDead ? 'GIVE_UP' : 'NOTHING'
  }

  #isLate(now: number): boolean {
    return this.#owes === 'NUMBERS' && (this.#repeats > 0 || now - this.#since > this.#rules.acknowledgeMs)
  }

  #start(now: number): void {
    this.#since = now
    this.#repeats = 0
  }
}
