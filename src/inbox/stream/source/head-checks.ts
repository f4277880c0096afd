import type { Position } from '../../position.ts'
import type { Head } from '../../snapshot.ts'
import { type EventBatch, nothing, type Source } from './source.ts'

/** The head of the stream at some moment, and what holds once it is reached. */
export interface Check extends Head {
  share: object
  /** Whether a Checkpoint is to be told when nothing is missing. */
  isDue: boolean
}

/**
 * BEHIND: something that the check covers is known of and still to be told. MISSING: a number was published that the
 * reader has not heard of, or history was replaced.
 */
export type CheckState = 'BEHIND' | 'MISSING' | 'REACHED'

interface Parts {
  standing: (check: Check) => CheckState
  onMissing: () => void
  onReached: () => void
}

/** A reader that catches up within this time is told a single Checkpoint, at the end. */
const patienceMs = 1_000

/** Compares the reader with the head of the stream. One that stays behind is told by a Checkpoint where it stands. */
export class HeadChecks implements Source {
  readonly #parts: Parts
  #check: Check | null = null
  #dueAt = 0

  constructor(parts: Parts) {
    this.#parts = parts
  }

  add(check: Check): void {
    if (check.isDue && !this.#check?.isDue) this.#dueAt = Date.now()
    this.#check = { ...check, isDue: check.isDue || (this.#check?.isDue ?? false) }
  }

  due(): boolean {
    const check = this.#check
    if (!check) return false
    const isLate = check.isDue && Date.now() - this.#dueAt >= patienceMs
    return isLate || this.#parts.standing(check) !== 'BEHIND'
  }

  next({ streamSeq, tick, since }: Position): EventBatch {
    const check = this.#check
    if (!check) return nothing
    const standing = this.#parts.standing(check)
    // What the check says of the whole stream holds once the rest was told.
    this.#check = standing === 'BEHIND' ? { ...check, isDue: false } : null
    if (standing === 'BEHIND')
      return { bodies: [{ type: 'Checkpoint', caughtUp: false, share: null }], nextPosition: null }
    if (standing === 'MISSING') {
      this.#parts.onMissing()
      return nothing
    }
    this.#parts.onReached()
    return {
      bodies: check.isDue ? [{ type: 'Checkpoint', caughtUp: true, share: check.share }] : [],
      nextPosition: { streamSeq, tick: Math.max(tick, check.tick), since: Math.max(since, check.since) },
    }
  }
}
