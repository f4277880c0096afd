import { setTimeout as delay } from 'node:timers/promises'
import type { Position } from '../../position.ts'
import type { EventReader } from './reader.ts'
import { type EventBatch, noEvents, type Source } from './source.ts'
import { traceDelivery } from './trace-delivery.ts'

/** A published change of one subject, with its number in the stream. */
export interface Hint {
  streamSeq: number
  history: string
  kind: string
  subjectId: string
  removed: boolean
  /** What the reader has before; null if that is unknown. */
  from: number | null
  to: number
  /** Traceparent of the span that caused the change; undefined if it is not traced. */
  trace?: string
}

const hintsMax = 512
/** Fan-out workers may publish out of order within this time. */
const gapMs = 50

interface Host {
  /** The history of the reader's position. */
  readonly history: string
  /** A number did not arrive in time. */
  onGap(seq: number): void
  resync(): void
}

/** Numbered changes as they are published. Keeps a bounded number of hints, no content. */
export class LiveChanges implements Source {
  readonly #reader: EventReader
  readonly #host: Host
  #hints: Map<number, Hint> | null = null
  /** The missing number that the timer waits for; 0 if none. */
  #awaited = 0

  constructor(reader: EventReader, host: Host) {
    this.#reader = reader
    this.#host = host
  }

  /** Returns false if too many wait; the stream must then resync. */
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

  /** Drops the hints up to a number that a catch-up has delivered. */
  passed(seq: number): void {
    for (const known of this.#hints?.keys() ?? []) if (known <= seq) this.#hints?.delete(known)
  }

  /** Whether the next change of a reader at this position is here. Otherwise a later one starts the wait for it. */
  hasNext({ streamSeq }: Position): boolean {
    if (!this.#hints || this.#hints.size === 0) return false
    const next = streamSeq + 1
    if (this.#hints.has(next)) return true
    this.#waitFor(next)
    return false
  }

  /** A missing number may arrive late; if it does not, the database has it. */
  #waitFor(seq: number): void {
    if (this.#awaited === seq) return
    this.#awaited = seq
    void delay(gapMs, undefined, { ref: false }).then(() => {
      if (this.#awaited !== seq) return
      this.#awaited = 0
      this.#host.onGap(seq)
    })
  }

  next(position: Position): EventBatch | Promise<EventBatch> | null {
    if (!this.hasNext(position)) return null
    const streamSeq = position.streamSeq + 1
    const hint = this.#hints?.get(streamSeq)
    if (!hint) return null
    this.#hints?.delete(streamSeq)
    if (hint.history !== this.#host.history) {
      this.#host.resync()
      return noEvents
    }
    if (hint.trace === undefined) return this.#read(hint, position)
    const { tracing, viewer } = this.#reader.ctx
    return traceDelivery(tracing, hint, viewer?.userId ?? '', () => this.#read(hint, position))
  }

  #read(hint: Hint, position: Position): EventBatch | Promise<EventBatch> {
    const { streamSeq, kind, subjectId, removed, from, to } = hint
    const nextPosition = { ...position, streamSeq }
    if (kind !== 'messages') return this.#reader.subject(kind, subjectId, removed, nextPosition)
    if (from === null)
      return this.#reader.missed({ conversationId: subjectId, to, nextPosition }, position.since)
    return this.#reader.messages({ conversationId: subjectId, from, to, nextPosition })
  }
}
