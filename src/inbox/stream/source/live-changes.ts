import { setTimeout as delay } from 'node:timers/promises'
import type { Position } from '../../position.ts'
import type { EventReader } from './reader.ts'
import { type EventBatch, nothing, type Source } from './source.ts'

/** News of one subject, with its number in the stream. */
export interface Hint {
  streamSeq: number
  history: string
  kind: string
  subjectId: string
  removed: boolean
  from: number
  to: number
}

const hintsMax = 512
/** Fan-out workers may overtake each other by so much. */
const holeMs = 50

interface Parts {
  /** The history of the database that the reader's position belongs to. */
  history: () => string
  onHole: (seq: number) => void
  onOtherHistory: () => void
}

/** Numbered changes as they are published. It keeps numbers only, and boundedly many. */
export class LiveChanges implements Source {
  readonly #reader: EventReader
  readonly #parts: Parts
  #hints: Map<number, Hint> | null = null
  /** The missing number that is waited for. */
  #hole = 0

  constructor(reader: EventReader, parts: Parts) {
    this.#reader = reader
    this.#parts = parts
  }

  /** False if there are more than can be kept. */
  add(hint: Hint): boolean {
    this.#hints ??= new Map()
    this.#hints.set(hint.streamSeq, hint)
    return this.#hints.size <= hintsMax
  }

  has(seq: number): boolean {
    return this.#hints?.has(seq) ?? false
  }

  clear(): void {
    this.#hints = null
  }

  /** Everything up to a number was told in another way. */
  passed(seq: number): void {
    for (const known of this.#hints?.keys() ?? []) if (known <= seq) this.#hints?.delete(known)
  }

  due({ streamSeq }: Position): boolean {
    if (!this.#hints || this.#hints.size === 0) return false
    const next = streamSeq + 1
    if (this.#hints.has(next)) return true
    this.#waitFor(next)
    return false
  }

  /** A number is missing: it may be on its way, and if it is not, it is in the database. */
  #waitFor(seq: number): void {
    if (this.#hole === seq) return
    this.#hole = seq
    void delay(holeMs, undefined, { ref: false }).then(() => {
      if (this.#hole !== seq) return
      this.#hole = 0
      this.#parts.onHole(seq)
    })
  }

  async next(position: Position): Promise<EventBatch> {
    const streamSeq = position.streamSeq + 1
    const hint = this.#hints?.get(streamSeq)
    if (!hint) return nothing
    this.#hints?.delete(streamSeq)
    if (hint.history !== this.#parts.history()) {
      this.#parts.onOtherHistory()
      return nothing
    }
    const nextPosition = { ...position, streamSeq }
    const { kind, subjectId, removed, from, to } = hint
    if (kind !== 'messages') return this.#reader.subject(kind, subjectId, removed, nextPosition)
    return this.#reader.messages({ conversationId: subjectId, from, to, nextPosition })
  }
}
