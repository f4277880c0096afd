import { requireViewer } from '../../../context.ts'
import { missedSpan, signalEvents } from '../../event/from-entry.ts'
import { type Cursor, otherHistory, type Position } from '../../position.ts'
import { type InboxEntry, type InboxSnapshot, readHead, readSnapshot, type Span } from '../../snapshot.ts'
import type { EventReader } from './reader.ts'
import { type EventBatch, nothing, type Source } from './source.ts'

const pageSize = 100

/** What a reader has missed, subject by subject, from snapshots of the database. */
export class CatchUp implements Source {
  readonly #reader: EventReader
  readonly #onEnd: (streamSeq: number) => void
  #running: Running | null = null

  constructor(reader: EventReader, onEnd: (streamSeq: number) => void) {
    this.#reader = reader
    this.#onEnd = onEnd
  }

  /** Reads on after a cursor, whatever was under way. */
  begin(after: Cursor): void {
    this.#running = new Running(this.#reader, after)
  }

  due(): boolean {
    return this.#running !== null
  }

  async next(): Promise<EventBatch> {
    const running = this.#running
    if (!running) return nothing
    const told = await running.next()
    // Begun anew meanwhile, it is not over.
    if (this.#running !== running) return nothing
    if (!told.last) return told
    this.#running = null
    if (told.nextPosition) this.#onEnd(told.nextPosition.streamSeq)
    return told
  }
}

/** What is told next; the last of it ends the catch-up. */
type Missed = EventBatch & { last?: true }

class Running {
  readonly #reader: EventReader
  readonly #after: Position
  /** The history in which the positions of this catch-up are given. */
  #history: string | null
  #snapshot: InboxSnapshot | null = null

  constructor(reader: EventReader, { history, position }: Cursor) {
    this.#reader = reader
    this.#after = position
    this.#history = history
  }

  async next(): Promise<Missed> {
    this.#snapshot ??= await this.#read(this.#after)
    if (!this.#snapshot) return this.#tellLost()
    const told = await this.#tellNext(this.#snapshot)
    return { ...told, ...(this.#history ? { history: this.#history } : {}) }
  }

  async #tellNext({ entries, signalIds, undelivered, position, hasMore }: InboxSnapshot): Promise<Missed> {
    // The entries come first, since they carry numbers.
    const entry = entries.shift()
    if (entry) return this.#tellEntry(entry)
    const signalId = signalIds.shift()
    if (signalId) return this.#tellSignalled(signalId)
    const late = undelivered.shift()
    if (late) return this.#tellLate(late)
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

  /** The database has lost what the reader was told: the stream ends, and the reader begins anew. */
  async #tellLost(): Promise<Missed> {
    const { ctx } = this.#reader
    const { history, ...head } = await readHead(ctx.sql, requireViewer(ctx).userId)
    return {
      bodies: [{ type: 'ResyncRequired', reason: otherHistory }],
      nextPosition: head,
      history,
      last: true,
    }
  }

  /** The tick stays the old one until all is told, so that a reader who stops in between loses nothing. */
  async #tellEntry(entry: InboxEntry): Promise<EventBatch> {
    const { kind, subjectId, streamSeq, removedStreamSeq } = entry
    const { tick, since } = this.#after
    const nextPosition = { streamSeq, tick, since }
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

  /** Which of its messages and settings changed is not known, so both are told. */
  async #tellSignalled(conversationId: string): Promise<EventBatch> {
    const { bodies } = await this.#reader.subject('conversation', conversationId, false, null)
    return {
      bodies: [...(await signalEvents(this.#reader.ctx, conversationId)), ...bodies],
      nextPosition: null,
    }
  }

  /** What its marks stand for may be its settings, or the viewer's own position after a send, too. */
  async #tellLate({ conversationId, from, to }: Span): Promise<EventBatch> {
    const { bodies } = await this.#reader.subject('conversation', conversationId, false, null)
    return { bodies, nextPosition: null, rest: { conversationId, from, to, nextPosition: null } }
  }
}
