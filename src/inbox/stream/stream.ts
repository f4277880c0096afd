import { setTimeout as delay } from 'node:timers/promises'
import { type Context, requireViewer, type SessionEvent } from '../../context.ts'
import { PullStream } from '../../platform/pull-stream.ts'
import { type InboxEvent, inboxEvent, type SignalUpdate } from '../event/body.ts'
import type { Cursor } from '../position.ts'
import type { StreamHost } from './host.ts'
import { ReaderPosition } from './reader-position.ts'
import type { ReceiptPosition } from './receipt-hints.ts'
import { CatchUp } from './source/catch-up.ts'
import { DeliveredVersions } from './source/delivered-versions.ts'
import { FurtherPages } from './source/further-pages.ts'
import { type Check, type CheckState, HeadChecks } from './source/head-checks.ts'
import { type Hint, LiveChanges } from './source/live-changes.ts'
import { EventReader } from './source/reader.ts'
import { GroupReceipts } from './source/receipts.ts'
import { SessionEvents } from './source/session-events.ts'
import { Signals } from './source/signals.ts'
import { type EventBatch, InOrder, InTurn } from './source/source.ts'
import { TotalUnread } from './source/unread.ts'

const retryMs = 500

/**
 * One reader's inbox: catch-up and live in one ordered sequence. It keeps numbers only, and boundedly many; a hole
 * or an overflow sends it back to the database, from the last number that it told.
 */
export class InboxStream extends PullStream<InboxEvent> {
  readonly userId: string
  readonly #ctx: Context
  readonly #host: StreamHost<InboxStream>
  readonly #told = new DeliveredVersions()
  readonly #session = new SessionEvents()
  readonly #rest: FurtherPages
  readonly #catchUp: CatchUp
  readonly #live: LiveChanges
  readonly #signals = new Signals()
  readonly #receipts: GroupReceipts
  readonly #unread: TotalUnread | null
  readonly #check: HeadChecks
  readonly #sources: InOrder
  readonly #readerPosition: ReaderPosition
  #ready: InboxEvent[] = []
  /** Counts how often the stream fell behind: what was read before is read again. */
  #falls = 0

  constructor(
    ctx: Context,
    host: StreamHost<InboxStream>,
    after: Cursor & { history: string },
    wantsUnread: boolean,
  ) {
    super()
    this.userId = requireViewer(ctx).userId
    this.#ctx = ctx
    this.#host = host
    this.#readerPosition = new ReaderPosition(this.userId, after.history, after.position)
    const reader = new EventReader(ctx, {
      recent: host.recent,
      told: this.#told,
      follow: (conversationId, conversation) => host.follow(this, conversationId, conversation),
    })
    this.#rest = new FurtherPages(reader)
    this.#live = new LiveChanges(reader, {
      history: () => this.#readerPosition.history,
      onHole: (seq) => this.#misses(seq),
      onOtherHistory: () => this.resync(),
    })
    this.#catchUp = new CatchUp(reader, (streamSeq) => this.#live.passed(streamSeq))
    this.#catchUp.begin(after)
    this.#receipts = new GroupReceipts(ctx)
    this.#unread = wantsUnread ? new TotalUnread(ctx, this.userId, () => this.wake()) : null
    this.#check = new HeadChecks({
      standing: (check) => this.#standing(check),
      onMissing: () => this.resync(),
      onReached: () => this.#told.clear(),
    })
    const numbered = new InOrder(this.#rest, this.#catchUp, this.#live)
    const others = [this.#signals, this.#receipts, ...(this.#unread ? [this.#unread] : []), this.#check]
    this.#sources = new InOrder(this.#session, new InTurn(numbered, ...others))
  }

  hint(hint: Hint): void {
    // PostgreSQL has started again, perhaps on an older copy: only the database can tell what the position is worth.
    if (hint.history !== this.#readerPosition.history && !this.#catchUp.due()) return void this.resync()
    if (hint.streamSeq <= this.#readerPosition.position.streamSeq) return
    if (this.#live.add(hint)) this.wake()
    else this.resync()
  }

  signal(news: SignalUpdate): void {
    this.#signals.add(news)
    this.wake()
  }

  /** The viewer is no longer to hear of a conversation's signals. */
  unfollow(conversationId: string): void {
    this.#signals.drop(conversationId)
  }

  /** Somebody read on in a small group; of the viewer's own reading the other devices hear in another way. */
  receipt(position: ReceiptPosition): void {
    if (position.userId === this.userId) return
    this.#receipts.add(position)
    this.wake()
  }

  /** The head was looked up: a Checkpoint tells it, unless the stream finds that it is behind. */
  checkAt(check: Check): void {
    this.#check.add(check)
    this.wake()
  }

  notice(notice: SessionEvent): void {
    this.#session.add(notice)
    this.wake()
  }

  /** What was heard may be incomplete: read on from the last number told, or again from an earlier one. */
  resync(from = this.#readerPosition.position): void {
    this.#falls += 1
    this.#rest.clear()
    this.#live.clear()
    this.#told.clear()
    this.#readerPosition.move(from)
    this.#catchUp.begin({ history: this.#readerPosition.history, position: from })
    this.wake()
  }

  protected take(): InboxEvent | undefined {
    const event = this.#ready.shift()
    if (event) this.#host.watch.told(event.body.type, this.#readerPosition.position.streamSeq)
    return event
  }

  protected async advance(): Promise<boolean> {
    if (!this.#sources.due(this.#readerPosition.position)) return false
    const falls = this.#falls
    try {
      const told = await this.#sources.next(this.#readerPosition.position)
      const isNumbered = told.nextPosition !== null || told.rest !== undefined
      if (!isNumbered || falls === this.#falls) this.#tell(told)
    } catch (error) {
      this.#ctx.log.warn({ err: error, userId: this.userId }, 'an inbox stream reads again')
      await delay(retryMs)
      this.resync()
    }
    return true
  }

  protected onClose(): void {
    this.#unread?.close()
    this.#host.detach(this)
  }

  /** Queues what is told; the last of it leads on, what comes before leaves the reader where it was. */
  #tell({ bodies, nextPosition, history, rest }: EventBatch): void {
    this.#readerPosition.move(this.#readerPosition.position, history)
    const before = this.#readerPosition.cursor
    if (nextPosition) this.#readerPosition.move(nextPosition)
    if (nextPosition && bodies.length === 0) this.#host.watch.passed(nextPosition.streamSeq)
    if (rest) this.#rest.begin(rest)
    bodies.forEach((body, index) => {
      this.#ready.push(inboxEvent(body, index === bodies.length - 1 ? this.#readerPosition.cursor : before))
      this.#told.note(body)
      this.#unread?.heard(body.type)
      if (body.type === 'SessionEnded' || body.type === 'ResyncRequired') this.close()
    })
  }

  #misses(seq: number): void {
    if (this.closed || this.#readerPosition.position.streamSeq + 1 !== seq || this.#live.has(seq)) return
    this.resync()
  }

  #standing({ history, streamSeq }: Check): CheckState {
    if (this.#rest.due() || this.#catchUp.due() || this.#signals.due()) return 'BEHIND'
    const { position } = this.#readerPosition
    if (history !== this.#readerPosition.history) return 'MISSING'
    if (streamSeq <= position.streamSeq) return 'REACHED'
    return this.#live.due(position) ? 'BEHIND' : 'MISSING'
  }
}
