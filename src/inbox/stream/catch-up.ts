import { requireViewer } from '../../context.ts'
import { signalEvents, spanMissed } from '../event/from-entry.ts'
import { type Cursor, otherHistory, type Position } from '../position.ts'
import { type InboxEntry, type InboxSnapshot, readHead, readSnapshot, type Span } from '../snapshot.ts'
import type { Telling, Told } from './event-reader.ts'

const pageSize = 100

/** Tells what a reader has missed, subject by subject, from snapshots of the database. */
export class CatchUp {
  readonly #telling: Telling
  readonly #after: Position
  /** The history in which the positions of this catch-up are given. */
  #history: string | null
  #snapshot: InboxSnapshot | null = null

  constructor(telling: Telling, after: Cursor) {
    this.#telling = telling
    this.#after = after.position
    this.#history = after.history
  }

  get history(): string | null {
    return this.#history
  }

  /** The next subject for a reader at `position`. `last` ends the catch-up, `lost` the stream. */
  async next(position: Position): Promise<Told & { last?: true; lost?: true }> {
    this.#snapshot ??= await this.#read(this.#after)
    if (!this.#snapshot) return this.#tellLost()
    const { entries, signalIds, undelivered, hasMore } = this.#snapshot

    // The entries come first, since they carry numbers.
    const entry = entries.shift()
    if (entry) return this.#tellEntry(entry, position)
    const signalId = signalIds.shift()
    if (signalId) return this.#tellSignalled(signalId, position)
    const late = undelivered.shift()
    if (late) return this.#tellLate(late, position)
    if (!hasMore) return { bodies: [], leadsTo: this.#snapshot.position, last: true }
    this.#snapshot = await this.#read(this.#snapshot.position)
    return this.next(position)
  }

  async #read(position: Position): Promise<InboxSnapshot | null> {
    const { ctx } = this.#telling
    const after = { history: this.#history, position }
    const snapshot = await readSnapshot(ctx.sql, requireViewer(ctx).userId, after, pageSize)
    if (snapshot) this.#history = snapshot.history
    return snapshot
  }

  /** The database has lost what the reader was told, so the reader begins anew. */
  async #tellLost(): Promise<Told & { lost: true }> {
    const { ctx } = this.#telling
    const { history, ...head } = await readHead(ctx.sql, requireViewer(ctx).userId)
    this.#history = history
    return { bodies: [{ type: 'ResyncRequired', reason: otherHistory }], leadsTo: head, lost: true }
  }

  /** The tick stays the old one until all is told, so that a reader who stops in between loses nothing. */
  async #tellEntry(entry: InboxEntry, position: Position): Promise<Told> {
    const { kind, subjectId, streamSeq, removedStreamSeq } = entry
    const { tick, since } = this.#after
    const leadsTo = { streamSeq, tick, since }
    if (kind !== 'messages')
      return this.#telling.subject(kind, subjectId, (removedStreamSeq ?? 0) > this.#after.streamSeq, leadsTo)
    const missed = await spanMissed(this.#telling.ctx, subjectId, since)
    if (!missed) return { bodies: [], leadsTo }
    return this.#telling.messages({ ...missed, leadsTo }, position)
  }

  /** Which of its messages and settings changed is not known, so both are told. */
  async #tellSignalled(conversationId: string, position: Position): Promise<Told> {
    const { bodies } = await this.#telling.subject('conversation', conversationId, false, position)
    return {
      bodies: [...(await signalEvents(this.#telling.ctx, conversationId)), ...bodies],
      leadsTo: position,
    }
  }

  /** What its marks stand for may be its settings, or the viewer's own position after a send, too. */
  async #tellLate(late: Span, position: Position): Promise<Told> {
    const { bodies } = await this.#telling.subject('conversation', late.conversationId, false, position)
    return { bodies, leadsTo: position, rest: { ...late, leadsTo: position } }
  }
}
