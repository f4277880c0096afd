import { setTimeout as delay } from 'node:timers/promises'
import { type Context, requireViewer, type SessionNotice } from '../../context.ts'
import { type EventBody, type InboxEvent, inboxEvent, noticeBody, type SignalNews } from '../event/body.ts'
import type { Cursor } from '../position.ts'
import { CatchUp } from './catch-up.ts'
import { type MessagePages, Telling, type Told } from './event-reader.ts'
import type { Check, Hint, StreamHost } from './host.ts'
import { PendingReceipts } from './pending-receipts.ts'
import { Place } from './place.ts'
import type { ReceiptPosition } from './receipt-hints.ts'
import { UnreadWatch } from './unread-watch.ts'

const hintsMax = 512
/** Fan-out workers may overtake each other by so much. */
const holeMs = 50
const retryMs = 500

/**
 * One reader's inbox: catch-up and live in one ordered sequence. It keeps numbers only, and boundedly many; a hole
 * or an overflow sends it back to the database, from the last number that it told.
 */
export class InboxStream implements AsyncIterableIterator<InboxEvent> {
  readonly userId: string
  readonly #ctx: Context
  readonly #host: StreamHost
  readonly #telling: Telling
  readonly #unread: UnreadWatch | null
  readonly #place: Place
  #ready: InboxEvent[] = []
  #rest: MessagePages | null = null
  #catchUp: CatchUp | null
  #hints = new Map<number, Hint>()
  #signals: Map<string, SignalNews> | null = null
  #notices: SessionNotice[] | null = null
  #check: Check | null = null
  readonly #receipts = new PendingReceipts()
  #closed = false
  #stirred = false
  #wake: (() => void) | null = null

  constructor(ctx: Context, host: StreamHost, after: Cursor & { history: string }, wantsUnread: boolean) {
    this.userId = requireViewer(ctx).userId
    this.#ctx = ctx
    this.#host = host
    this.#telling = new Telling(ctx, {
      recent: host.recent,
      follow: (conversationId, conversation) => host.follow(this, conversationId, conversation),
    })
    this.#unread = wantsUnread ? new UnreadWatch(() => this.#stir()) : null
    this.#place = new Place(this.userId, after.history, after.position)
    this.#catchUp = new CatchUp(this.#telling, after)
  }

  async next(): Promise<IteratorResult<InboxEvent>> {
    for (;;) {
      const event = this.#ready.shift()
      if (event) this.#host.watch.told(event.body.type, this.#place.position.streamSeq)
      if (event) return { done: false, value: event }
      if (this.#closed) return { done: true, value: undefined }
      this.#stirred = false
      const moved = await this.#advance().catch((error) => this.#readAgain(error))
      if (!moved && !this.#stirred)
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
    }
  }

  async return(): Promise<IteratorResult<InboxEvent>> {
    this.close()
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  hint(hint: Hint): void {
    // PostgreSQL has started again, perhaps on an older copy: only the database can tell what the position is worth.
    if (hint.history !== this.#place.history && !this.#catchUp) return void this.fallBehind()
    if (hint.streamSeq <= this.#place.position.streamSeq) return
    this.#hints.set(hint.streamSeq, hint)
    if (this.#hints.size > hintsMax) this.fallBehind()
    else this.#stir()
  }

  signal(news: SignalNews): void {
    const { conversationId } = news.state
    const earlier = this.#signals?.get(conversationId)
    const messages = news.messages || (earlier?.messages ?? false)
    const revised = news.revised || (earlier?.revised ?? false)
    const state = earlier && earlier.state.version > news.state.version ? earlier.state : news.state
    this.#signals = (this.#signals ?? new Map()).set(conversationId, { state, messages, revised })
    this.#stir()
  }

  /** Somebody read on in a small group; of the viewer's own reading the other devices hear in another way. */
  receipt(position: ReceiptPosition): void {
    if (position.userId === this.userId) return
    this.#receipts.add(position)
    this.#stir()
  }

  /** The head was looked up: a Checkpoint tells it, unless the stream finds that it is behind. */
  checkAt(check: Check): void {
    this.#check = { ...check, isDue: check.isDue || (this.#check?.isDue ?? false) }
    this.#stir()
  }

  notice(notice: SessionNotice): void {
    this.#notices = [...(this.#notices ?? []), notice]
    this.#stir()
  }

  /** What was heard may be incomplete: read on from the last number told, or again from an earlier one. */
  fallBehind(from = this.#place.position): true {
    this.#hints.clear()
    this.#rest = null
    this.#place.move(from)
    this.#catchUp = new CatchUp(this.#telling, { history: this.#place.history, position: from })
    this.#stir()
    return true
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#unread?.close()
    this.#host.detach(this)
    this.#stir()
  }

  #stir(): void {
    this.#stirred = true
    this.#wake?.()
    this.#wake = null
  }

  async #readAgain(error: unknown): Promise<true> {
    this.#ctx.log.warn({ err: error, userId: this.userId }, 'an inbox stream reads again')
    await delay(retryMs)
    return this.fallBehind()
  }

  /** Does the next thing in order; false when there is nothing to do. */
  async #advance(): Promise<boolean> {
    const notice = this.#notices?.shift()
    if (notice) return this.#tellNotice(notice)
    if (this.#rest) return this.#tell(await this.#telling.messages(this.#rest, this.#place.position))
    if (this.#catchUp) return this.#tellMissed(this.#catchUp)
    const hint = this.#nextHint()
    if (hint) return this.#tellHint(hint)
    const [news] = this.#signals?.values() ?? []
    if (news) return this.#tellSignal(news)
    if (this.#receipts.waiting) return this.#tellHere(await this.#receipts.take(this.#ctx))
    if (this.#unread?.due) {
      const changed = await this.#unread.changed(this.#ctx, this.userId)
      return this.#tellHere(changed ? [{ type: 'MeChanged', userId: this.userId }] : [])
    }
    if (this.#check) return this.#tellCheck(this.#check)
    return false
  }

  /** Queues what is told; the last of it leads on, what comes before leaves the reader where it was. */
  #tell({ bodies, leadsTo, rest }: Told): true {
    const before = this.#place.cursor
    this.#place.move(leadsTo)
    bodies.forEach((body, index) => {
      this.#ready.push(inboxEvent(body, index === bodies.length - 1 ? this.#place.cursor : before))
      this.#unread?.heard(body.type)
    })
    if (bodies.length === 0) this.#host.watch.passed(leadsTo.streamSeq)
    this.#rest = rest ?? null
    return true
  }

  #tellHere(bodies: EventBody[]): true {
    return this.#tell({ bodies, leadsTo: this.#place.position })
  }

  #tellNotice(notice: SessionNotice): true {
    this.#ready.push(inboxEvent(noticeBody(notice), this.#place.cursor))
    if (notice.type === 'ENDED') this.close()
    return true
  }

  async #tellMissed(catchUp: CatchUp): Promise<true> {
    const told = await catchUp.next(this.#place.position)
    // It may have fallen behind again while it read.
    if (this.#catchUp !== catchUp) return true
    this.#place.move(this.#place.position, catchUp.history ?? undefined)
    if (told.lost) {
      this.#tell(told)
      this.close()
      return true
    }
    if (!told.last) return this.#tell(told)
    this.#catchUp = null
    for (const streamSeq of this.#hints.keys())
      if (streamSeq <= told.leadsTo.streamSeq) this.#hints.delete(streamSeq)
    return this.#tell({ ...told, bodies: [{ type: 'Checkpoint', caughtUp: true, share: null }] })
  }

  #nextHint(): Hint | null {
    if (this.#hints.size === 0) return null
    const next = this.#place.position.streamSeq + 1
    const hint = this.#hints.get(next)
    if (hint) {
      this.#hints.delete(next)
      return hint
    }
    // A number is missing: it may be on its way, and if it is not, it is in the database.
    void delay(holeMs, undefined, { ref: false }).then(() => {
      if (!this.#closed && this.#place.position.streamSeq + 1 === next && !this.#hints.has(next))
        this.fallBehind()
    })
    return null
  }

  async #tellHint({ streamSeq, history, kind, subjectId, removed, from, to }: Hint): Promise<true> {
    if (history !== this.#place.history) return this.fallBehind()
    const leadsTo = { ...this.#place.position, streamSeq }
    const told =
      kind === 'messages'
        ? await this.#telling.messages({ conversationId: subjectId, from, to, leadsTo }, this.#place.position)
        : await this.#telling.subject(kind, subjectId, removed, leadsTo)
    // A stream that fell behind meanwhile reads this number again, with the rest.
    return this.#catchUp ? true : this.#tell(told)
  }

  #tellSignal({ state, messages, revised }: SignalNews): true {
    const { conversationId } = state
    this.#signals?.delete(conversationId)
    const bodies: EventBody[] = []
    if (messages) bodies.push({ type: 'ConversationSignal', state })
    if (revised) bodies.push({ type: 'ConversationChanged', conversationId })
    return this.#tellHere(bodies)
  }

  #tellCheck(check: Check): true {
    this.#check = null
    const { streamSeq, tick, since } = this.#place.position
    if (check.history !== this.#place.history || check.streamSeq > streamSeq) return this.fallBehind()
    const leadsTo = { streamSeq, tick: Math.max(tick, check.tick), since: Math.max(since, check.since) }
    const bodies: EventBody[] = check.isDue
      ? [{ type: 'Checkpoint', caughtUp: true, share: check.share }]
      : []
    return this.#tell({ bodies, leadsTo })
  }
}
