import { requireViewer } from '../../../context.ts'
import { missedSpan, signalEvents } from '../../event/from-entry.ts'
import { atTick, type Cursor, otherHistory, type Position, reachedOf } from '../../position.ts'
import {
  type ChangedByClock,
  type InboxEntry,
  type InboxSnapshot,
  readHead,
  readSnapshot,
  type Span,
} from '../../snapshot.ts'
import type { LiveChanges } from './live-changes.ts'
import type { EventReader } from './reader.ts'
import { type EventBatch, noEvents, type Source } from './source.ts'

const pageSize = 100

/** Everything after the reader's cursor, subject by subject, from snapshots of the database. */
export class CatchUp implements Source {
  readonly #reader: EventReader
  readonly #live: LiveChanges
  #running: Running | null = null

  constructor(reader: EventReader, live: LiveChanges) {
    this.#reader = reader
    this.#live = live
  }

  /** Starts after a cursor, in place of a catch-up that is running. */
  begin(after: Pick<Cursor, 'history' | 'position'>): void {
    this.#running = new Running(this.#reader, after)
  }

  get running(): boolean {
    return this.#running !== null
  }

  next(): Promise<EventBatch> | null {
    return this.#running && this.#read(this.#running)
  }

  async #read(running: Running): Promise<EventBatch> {
    const batch = await running.next()
    // Another catch-up began in the meantime.
    if (this.#running !== running) return noEvents
    if (!batch.last) return batch
    this.#running = null
    if (batch.nextPosition) this.#live.passed(batch.nextPosition.streamSeq)
    return batch
  }
}

/** The last batch ends the catch-up. */
type CatchUpBatch = EventBatch & { last?: true }

class Running {
  readonly #reader: EventReader
  readonly #after: Position
  /** The history in which the positions of this catch-up are given. */
  #history: string | null
  #snapshot: InboxSnapshot | null = null

  constructor(reader: EventReader, { history, position }: Pick<Cursor, 'history' | 'position'>) {
    this.#reader = reader
    this.#after = position
    this.#history = history
  }

  async next(): Promise<CatchUpBatch> {
    this.#snapshot ??= await this.#read(this.#after)
    if (!this.#snapshot) return this.#resyncRequired()
    const batch = await this.#nextBatch(this.#snapshot)
    return { ...batch, ...(this.#history ? { history: this.#history } : {}) }
  }

  async #nextBatch({
    entries,
    byClock,
    undelivered,
    position,
    hasMore,
  }: InboxSnapshot): Promise<CatchUpBatch> {
    // Entries first: only they have numbers.
    const entry = entries.shift()
    if (entry) return this.#entryBatch(entry)
    const changed = byClock.shift()
    if (changed) return this.#byClockBatch(changed)
    const pending = undelivered.shift()
    if (pending) return this.#undeliveredBatch(pending)
    if (!hasMore)
      return {
        bodies: [{ type: 'Checkpoint', caughtUp: true, share: null }],
        nextPosition: position,
        last: true,
      }
    this.#snapshot = await this.#read(position)
    return this.next()
  }

  async #read(position: Position): Promise<InboxSnapshot | null> {
    const { ctx } = this.#reader
    const after = { history: this.#history, position }
    const snapshot = await readSnapshot(ctx.sql, requireViewer(ctx).userId, after, pageSize)
    if (snapshot) this.#history = snapshot.history
    return snapshot
  }

  /** The database has lost changes that were delivered, so the stream ends and the client resyncs. */
  async #resyncRequired(): Promise<CatchUpBatch> {
    const { ctx } = this.#reader
    const { history, ...head } = await readHead(ctx.sql, requireViewer(ctx).userId)
    return {
      bodies: [{ type: 'ResyncRequired', reason: otherHistory }],
      nextPosition: head,
      history,
      last: true,
    }
  }

  /** Keeps the old tick until the end, so that a reader that disconnects in between misses no conversation of the clock. */
  async #entryBatch(entry: InboxEntry): Promise<EventBatch> {
    const { kind, subjectId, streamSeq, removedStreamSeq } = entry
    const { since } = this.#after
    // Without the page of `signals` that the reader had begun: what changed meanwhile begins it anew.
    const nextPosition = { ...atTick(this.#after, this.#after), streamSeq }
    if (kind !== 'messages')
      return this.#reader.subject(
        kind,
        subjectId,
        (removedStreamSeq ?? 0) > this.#after.streamSeq,
        nextPosition,
      )
    const missed = await missedSpan(this.#reader.ctx, subjectId, since)
    if (!missed) return { bodies: [], nextPosition }
    return this.#reader.messages({ ...missed, nextPosition })
  }

  /** A conversation of the clock: whether messages or settings changed is unknown, so both are delivered. */
  async #byClockBatch({ id, isBroadcast }: ChangedByClock): Promise<EventBatch> {
    const { ctx } = this.#reader
    const { bodies } = await this.#reader.subject('conversation', id, false, null)
    if (!isBroadcast) return { bodies: [...(await signalEvents(ctx, id)), ...bodies], nextPosition: null }
    const missed = await missedSpan(ctx, id, this.#after.since)
    if (!missed) return { bodies, nextPosition: null }
    const from = Math.max(missed.from, reachedOf(this.#after, id)?.version ?? 0)
    if (from >= missed.to) return { bodies, nextPosition: null }
    return { bodies, nextPosition: null, furtherPages: { ...missed, from, nextPosition: null } }
  }

  /** A conversation that fan-out has not delivered yet: its messages, its settings or the viewer's own read position. */
  async #undeliveredBatch({ conversationId, from, to }: Span): Promise<EventBatch> {
    const { bodies } = await this.#reader.subject('conversation', conversationId, false, null)
    return { bodies, nextPosition: null, furtherPages: { conversationId, from, to, nextPosition: null } }
  }
}
