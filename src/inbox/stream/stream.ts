import { setTimeout as delay } from 'node:timers/promises'
import { type Context, requireViewer, type SessionEvent, type SessionListener } from '../../context.ts'
import type { ConversationRow } from '../../conversation/store.ts'
import { PullStream } from '../../platform/pull-stream.ts'
import type { AcknowledgementWatch } from '../acknowledge/watch.ts'
import { type InboxEvent, inboxEvent, type SignalUpdate } from '../event/body.ts'
import { KnownEvents } from '../event/old-clients.ts'
import type { RecentChanges } from '../event/recent-changes.ts'
import type { Cursor } from '../position.ts'
import type { StreamHost } from './host.ts'
import { ReaderPosition } from './reader-position.ts'
import type { ReceiptPosition } from './receipt-hints.ts'
import { type Broadcast, Broadcasts } from './source/broadcasts.ts'
import { CatchUp } from './source/catch-up.ts'
import { DeliveredVersions } from './source/delivered-versions.ts'
import { FurtherPages } from './source/further-pages.ts'
import { type Check, type CheckState, HeadChecks } from './source/head-checks.ts'
import { type Hint, LiveChanges } from './source/live-changes.ts'
import { EventReader } from './source/reader.ts'
import { GroupReceipts } from './source/receipts.ts'
import { SessionEvents } from './source/session-events.ts'
import { Signals } from './source/signals.ts'
import { type EventBatch, InOrder, InTurn, type Source } from './source/source.ts'
import { TotalUnread } from './source/unread.ts'

const retryMs = 500

/**
 * One subscriber's inbox: catch-up and live changes in one ordered sequence. It keeps a bounded number of hints and no
 * content; after a gap or an overflow it reads the database again, from the last delivered number.
 */
export class InboxStream extends PullStream<InboxEvent> implements SessionListener {
  readonly userId: string
  readonly delivered = new DeliveredVersions()
  readonly watch: AcknowledgementWatch
  readonly #ctx: Context
  readonly #host: StreamHost<InboxStream>
  readonly #session = new SessionEvents()
  readonly #furtherPages: FurtherPages
  readonly #catchUp: CatchUp
  readonly #live: LiveChanges
  readonly #broadcasts: Broadcasts
  readonly #signals = new Signals()
  readonly #receipts: GroupReceipts
  readonly #unread: TotalUnread | null
  readonly #headChecks: HeadChecks
  readonly #numbered: InOrder
  readonly #sources: InTurn
  readonly #reader: ReaderPosition
  readonly #known: KnownEvents
  #ready: InboxEvent[] = []
  /** Counts resyncs: a batch that was read before one is dropped. */
  #resyncs = 0

  constructor(
    ctx: Context,
    host: StreamHost<InboxStream>,
    watch: AcknowledgementWatch,
    after: Cursor & { history: string },
    wantsUnread: boolean,
  ) {
    super()
    this.userId = requireViewer(ctx).userId
    this.#ctx = ctx
    this.#host = host
    this.watch = watch
    this.#known = new KnownEvents(ctx.schemaVersion)
    this.#reader = new ReaderPosition(this.userId, after.history, after.position)
    const events = new EventReader(ctx, this)
    this.#furtherPages = new FurtherPages(events)
    this.#live = new LiveChanges(events, this)
    this.#catchUp = new CatchUp(events, this.#live)
    this.#catchUp.begin(after)
    this.#broadcasts = new Broadcasts(events, this)
    this.#receipts = new GroupReceipts(ctx)
    this.#unread = wantsUnread ? new TotalUnread(ctx, this.userId, this) : null
    this.#headChecks = new HeadChecks(this)
    this.#numbered = new InOrder(this.#furtherPages, this.#catchUp, this.#broadcasts, this.#live)
    const others = [this.#signals, this.#receipts, this.#headChecks, ...(this.#unread ? [this.#unread] : [])]
    this.#sources = new InTurn(this.#session, this.#numbered, ...others)
    this.#sources.mark(this.#numbered)
    if (after.owesUnread) this.#unread?.owe()
    this.#reader.oweUnread(after.owesUnread)
  }

  get recent(): RecentChanges {
    return this.#host.recent
  }

  /** The history of the reader's position. */
  get history(): string {
    return this.#reader.history
  }

  follow(conversationId: string, conversation: ConversationRow | null): Promise<void> {
    return this.#host.follow(this, conversationId, conversation)
  }

  hint(hint: Hint): void {
    // PostgreSQL restarted, perhaps on an older copy: the catch-up checks whether the position is still valid.
    if (hint.history !== this.#reader.history && !this.#catchUp.running) return void this.resync()
    if (hint.streamSeq <= this.#reader.position.streamSeq) return
    if (this.#live.add(hint)) this.#mark(this.#numbered)
    else this.resync()
  }

  /** Messages of a broadcast conversation; the history is that of their tick, null if it is unknown. */
  broadcast(broadcast: Broadcast, history: string | null): void {
    this.#broadcasts.add(broadcast)
    this.#mark(this.#numbered)
    if (history && history !== this.#reader.history && !this.#catchUp.running) this.resync()
  }

  signal(update: SignalUpdate): void {
    this.#signals.add(update)
    this.#mark(this.#signals)
  }

  /** Drops what is pending of a conversation that the viewer left. */
  unfollow(conversationId: string): void {
    this.#broadcasts.drop(conversationId)
    this.#signals.drop(conversationId)
  }

  /** A read position in a small group. The viewer's own ones arrive with the membership instead. */
  receipt(position: ReceiptPosition): void {
    if (position.userId === this.userId) return
    this.#receipts.add(position)
    this.#mark(this.#receipts)
  }

  /** Delivers a Checkpoint, or resyncs if the stream is behind the head. */
  checkAt(check: Check): void {
    this.#headChecks.add(check)
    this.#mark(this.#headChecks)
  }

  sessionEvent(event: SessionEvent): void {
    this.#session.add(event)
    this.#mark(this.#session)
  }

  /** The client stopped acknowledging. */
  closeUnresponsive(): void {
    this.#ctx.socket?.closeUnresponsive()
  }

  /** Reads the database again, from the last delivered number or from an earlier position. */
  resync(from = this.#reader.position): void {
    this.#resyncs += 1
    this.#furtherPages.clear()
    this.#live.clear()
    this.delivered.clear()
    this.#reader.move(from)
    this.#catchUp.begin({ history: this.#reader.history, position: from })
    this.#mark(this.#numbered)
  }

  #mark(source: Source): void {
    this.#sources.mark(source)
    this.wake()
  }

  take(): InboxEvent | undefined {
    const event = this.#ready.shift()
    if (!event) return undefined
    this.watch.noteDelivered(event.body.type, this.#reader.position)
    return this.#known.of(event)
  }

  advance(): boolean | Promise<boolean> {
    const resyncs = this.#resyncs
    const batch = this.#sources.next(this.#reader.position)
    if (batch instanceof Promise) return this.#queueRead(batch, resyncs)
    if (batch) this.#queue(batch)
    return batch !== null
  }

  async #queueRead(reading: Promise<EventBatch>, resyncs: number): Promise<true> {
    try {
      const batch = await reading
      const isNumbered = batch.nextPosition !== null || batch.furtherPages !== undefined
      if (!isNumbered || resyncs === this.#resyncs) this.#queue(batch)
    } catch (error) {
      this.#ctx.log.warn({ err: error, userId: this.userId }, 'inbox stream failed, resyncing')
      await delay(retryMs)
      this.resync()
    }
    return true
  }

  protected onClose(): void {
    this.#unread?.close()
    this.#ctx.socket?.removeListener(this)
    this.#host.detach(this)
  }

  /** Queues the events of a batch. Only the last one carries the new cursor, the others the earlier one. */
  #queue({ bodies, nextPosition, history, furtherPages, span }: EventBatch): void {
    this.#reader.move(this.#reader.position, history)
    const before = this.#reader.cursor
    if (nextPosition) this.#reader.move(nextPosition)
    if (nextPosition && bodies.length === 0) this.watch.passed(nextPosition)
    if (furtherPages) this.#furtherPages.begin(furtherPages)
    const last = bodies.at(-1)
    if (!last) span?.end()
    for (const { type } of bodies) this.#unread?.noteDelivered(type)
    if (this.#unread) this.#reader.oweUnread(this.#unread.isOwed)
    const events = bodies.map((body) => inboxEvent(body, body === last ? this.#reader.cursor : before))
    const lastEvent = events.at(-1)
    if (lastEvent) lastEvent.span = span ?? null
    // Not pushed: an array that grows keeps room for sixteen more, in every idle stream.
    this.#ready = this.#ready.concat(events)
    for (const body of bodies) {
      this.delivered.note(body)
      if (body.type === 'SessionEnded' || body.type === 'ResyncRequired') this.close()
    }
  }

  /** A number did not arrive in time. */
  onGap(seq: number): void {
    if (this.closed || this.#reader.position.streamSeq + 1 !== seq || this.#live.has(seq)) return
    this.resync()
  }

  stateAt({ history, streamSeq }: Check): CheckState {
    const { waiting } = this.#broadcasts
    if (waiting || this.#furtherPages.waiting || this.#catchUp.running || this.#signals.waiting)
      return 'BEHIND'
    const { position } = this.#reader
    if (history !== this.#reader.history) return 'MISSING'
    if (streamSeq <= position.streamSeq) return 'REACHED'
    return this.#live.hasNext(position) ? 'BEHIND' : 'MISSING'
  }

  onUnreadDue(): void {
    if (this.#unread) this.#mark(this.#unread)
  }

  onHeadReached(): void {
    this.delivered.clear()
  }
}
