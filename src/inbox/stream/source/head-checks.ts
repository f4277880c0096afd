import { atTick, type Position } from '../../position.ts'
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

interface Host {
  stateAt(check: Check): CheckState
  resync(): void
  /** The reader has everything up to the head. */
  onHeadReached(): void
}

/** A reader that catches up within this time gets a single Checkpoint, at the end. */
const lateMs = 1_000

/** Compares the reader with the head of its stream. A reader that stays behind gets a Checkpoint with its position. */
export class HeadChecks implements Source {
  readonly #host: Host
  #check: Check | null = null
  #wantedAt = 0

  constructor(host: Host) {
    this.#host = host
  }

  add(check: Check): void {
    if (check.wantsCheckpoint && !this.#check?.wantsCheckpoint) this.#wantedAt = Date.now()
    this.#check = {
      ...check,
      wantsCheckpoint: check.wantsCheckpoint || (this.#check?.wantsCheckpoint ?? false),
    }
  }

  get awaitsPosition(): boolean {
    return this.#check !== null
  }

  next(position: Position): EventBatch | null {
    const check = this.#check
    if (!check) return null
    const state = this.#host.stateAt(check)
    const isLate = check.wantsCheckpoint && Date.now() - this.#wantedAt >= lateMs
    if (state === 'BEHIND' && !isLate) return null
    // The check stays until the reader has reached its head.
    this.#check = state === 'BEHIND' ? { ...check, wantsCheckpoint: false } : null
    if (state === 'BEHIND')
      return { bodies: [{ type: 'Checkpoint', caughtUp: false, share: null }], nextPosition: null }
    if (state === 'MISSING') {
      this.#host.resync()
      return noEvents
    }
    this.#host.onHeadReached()
    return {
      bodies: check.wantsCheckpoint ? [{ type: 'Checkpoint', caughtUp: true, share: check.share }] : [],
      nextPosition: atTick(position, {
        tick: Math.max(position.tick, check.tick),
        since: Math.max(position.since, check.since),
      }),
    }
  }
}
