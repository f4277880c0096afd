import type { Position } from '../../position.ts'
import type { Head } from '../../snapshot.ts'
import { type EventBatch, noEvents, type Source } from './source.ts'

/** The head of a stream as read from the database. */
export interface Check extends Head {
  /** The same object for all Checkpoints of one check, so that they share an execution. */
  share: object
  /** Whether a Checkpoint is delivered if nothing is missing. */
  wantsCheckpoint: boolean
}

/**
 * BEHIND: known events up to the head are not delivered yet. MISSING: a hint was lost, or the database has another
 * history. REACHED: everything up to the head is delivered.
 */
export type CheckState = 'BEHIND' | 'MISSING' | 'REACHED'

interface Parts {
  stateAt: (check: Check) => CheckState
  onMissing: () => void
  onReached: () => void
}

/** A reader that catches up within this time gets a single Checkpoint, at the end. */
const lateMs = 1_000

/** Compares the reader with the head of its stream. A reader that stays behind gets a Checkpoint with its position. */
export class HeadChecks implements Source {
  readonly #parts: Parts
  #check: Check | null = null
  #wantedAt = 0

  constructor(parts: Parts) {
    this.#parts = parts
  }

  add(check: Check): void {
    if (check.wantsCheckpoint && !this.#check?.wantsCheckpoint) this.#wantedAt = Date.now()
    this.#check = {
      ...check,
      wantsCheckpoint: check.wantsCheckpoint || (this.#check?.wantsCheckpoint ?? false),
    }
  }

  hasEvents(): boolean {
    const check = this.#check
    if (!check) return false
    const isLate = check.wantsCheckpoint && Date.now() - this.#wantedAt >= lateMs
    return isLate || this.#parts.stateAt(check) !== 'BEHIND'
  }

  next({ streamSeq, tick, since }: Position): EventBatch {
    const check = this.#check
    if (!check) return noEvents
    const state = this.#parts.stateAt(check)
    // The check stays until the reader has reached its head.
    this.#check = state === 'BEHIND' ? { ...check, wantsCheckpoint: false } : null
    if (state === 'BEHIND')
      return { bodies: [{ type: 'Checkpoint', caughtUp: false, share: null }], nextPosition: null }
    if (state === 'MISSING') {
      this.#parts.onMissing()
      return noEvents
    }
    this.#parts.onReached()
    return {
      bodies: check.wantsCheckpoint ? [{ type: 'Checkpoint', caughtUp: true, share: check.share }] : [],
      nextPosition: { streamSeq, tick: Math.max(tick, check.tick), since: Math.max(since, check.since) },
    }
  }
}
