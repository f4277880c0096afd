import { setTimeout as delay } from 'node:timers/promises'
import { type Context, requireViewer, type SessionEvent } from '../../context.ts'
import { PullStream } from '../../platform/pull-stream.ts'
import { type InboxEvent, inboxEvent, type SignalNews } from '../event/body.ts'
import type { Cursor } from '../position.ts'
import type { StreamHost } from './host.ts'
import { Place } from './place.ts'
import type { ReceiptPosition } from './receipt-hints.ts'
import { CatchUp } from './source/catch-up.ts'
import { type Check, HeadChecks, type Standing } from './source/check.ts'
import { type Hint, LiveHints } from './source/live.ts'
import { EventReader } from './source/reader.ts'
import { GroupReceipts } from './source/receipts.ts'
import { FurtherPages } from './source/rest.ts'
import { SessionNotices } from './source/session.ts'
import { Signals } from './source/signals.ts'
import { InOrder, InTurn, type Told } from './source/source.ts'
import { ToldVersions } from './source/told-versions.ts'
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
  readonly #told = new ToldVersions()
  readonly #session = new SessionNotices()
  readonly #rest: FurtherPages
  readonly #catchUp: CatchUp
  readonly #live: LiveHints
  readonly #signals = new Signals()
  readonly #receipts: GroupReceipts
  readonly #unread: TotalUnread | null
  readonly #check: HeadChecks
  readonly #sources: InOrder
  readonly #place: Place
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
    this.#place = new Place(this.userId, after.history, after.position)
    const reader = new EventReader(ctx, {
      recent: host.recent,
      told: this.#told,
      follow: (conversationId, conversation) => host.follow(this, conversationId, conversation),
    })
    this.#rest = new FurtherPages(reader)
    this.#live = new LiveHints(reader, {
      history: () => this.#place.history,
      onHole: (seq) => this.#misses(seq),
      onOtherHistory: () => this.fallBehind(),
    })
    this.#catchUp = new CatchUp(reader, (streamSeq) => this.#live.passed(streamSeq))
    this.#catchUp.begin(after)
    this.#receipts = new GroupReceipts(ctx)
    this.#unread = wantsUnread ? new TotalUnread(ctx, this.userId, () => this.wake()) : null
    this.#check = new HeadChecks({
      standing: (check) => this.#standing(check),
      onMissing: () => this.fallBehind(),
      onReached: () => this.#told.clear(),
    })
    const numbered = new InOrder(this.#rest, this.#catchUp, this.#live)
    const others = [this.#signals, this.#receipts, ...(this.#unread ? [this.#unread] : []), this.#check]
    this.#sources = new InOrder(this.#session, new InTurn(numbered, ...others))
  }

  hint(hint: Hint): void {
    // PostgreSQL has started again, perhaps on an older copy: only the database can tell what the position is worth.
    if (hint.history !== this.#place.history && !this.#catchUp.due()) return void this.fallBehind()
    if (hint.streamSeq <= this.#place.position.streamSeq) return
    if (this.#live.add(hint)) this.wake()
    else this.fallBehind()
  }

  signal(news: SignalNews): void {
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
  fallBehind(from = this.#place.position): void {
    this.#falls += 1
    this.#rest.clear()
    this.#live.clear()
    this.#told.clear()
    this.#place.move(from)
    this.#catchUp.begin({ history: this.#place.history, position: from })
    this.wake()
  }

  protected take(): InboxEvent | undefined {
    const event = this.#ready.shift()
    if (event) this.#host.watch.told(event.body.type, this.#place.position.streamSeq)
    return event
  }

  protected async advance(): Promise<boolean> {
    if (!this.#sources.due(this.#place.position)) return false
    const falls = this.#falls
    try {
      const told = await this.#sources.next(this.#place.position)
      const isNumbered = told.leadsTo !== null || told.rest !== undefined
      if (!isNumbered || falls === this.#falls) this.#tell(told)
    } catch (error) {
      this.#ctx.log.warn({ err: error, userId: this.userId }, 'an inbox stream reads again')
      await delay(retryMs)
      this.fallBehind()
    }
    return true
  }

  protected onClose(): void {
    this.#unread?.close()
    this.#host.detach(this)
  }

  /** Queues what is told; the last of it leads on, what comes before leaves the reader where it was. */
  #tell({ bodies, leadsTo, history, rest }: Told): void {
    this.#place.move(this.#place.position, history)
    const before = this.#place.cursor
    if (leadsTo) this.#place.move(leadsTo)
    if (leadsTo && bodies.length === 0) this.#host.watch.passed(leadsTo.streamSeq)
    if (rest) this.#rest.begin(rest)
    bodies.forEach((body, index) => {
      this.#ready.push(inboxEvent(body, index === bodies.length - 1 ? this.#place.cursor : before))
      this.#told.note(body)
      this.#unread?.heard(body.type)
      if (body.type === 'SessionEnded' || body.type === 'ResyncRequired') this.close()
    })
  }

  #misses(seq: number): void {
    if (this.closed || this.#place.position.streamSeq + 1 !== seq || this.#live.has(seq)) return
    this.fallBehind()
  }

  #standing({ history, streamSeq }: Check): Standing {
    if (this.#rest.due() || this.#catchUp.due() || this.#signals.due()) return 'BEHIND'
    const { position } = this.#place
    if (history !== this.#place.history) return 'MISSING'
    if (streamSeq <= position.streamSeq) return 'REACHED'
    return this.#live.due(position) ? 'BEHIND' : 'MISSING'
  }
}
