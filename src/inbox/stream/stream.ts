import { setTimeout as delay } from 'node:timers/promises'
import { type Context, requireViewer, type SessionNotice } from '../../context.ts'
import { type EventBody, type InboxEvent, inboxEvent, noticeBody, type SignalNews } from '../event/body.ts'
import { encodeCursor, type Position } from '../position.ts'
import { CatchUp } from './catch-up.ts'
import { type MessagePages, Telling, type Told } from './event-reader.ts'
import type { Hint, StreamHost } from './host.ts'
import { PendingReceipts } from './pending-receipts.ts'
import type { ReceiptPosition } from './receipt-hints.ts'
import { UnreadWatch } from './unread-watch.ts'

/** The head of the stream at some moment, and the horizon that holds once it is reached. */
interface Check extends Position {
  share: object
  /** Whether a Checkpoint is to be told when nothing is missing. */
  isDue: boolean
}

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
  #position: Position
  #cursor: string
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

  constructor(ctx: Context, host: StreamHost, after: Position, wantsUnread: boolean) {
    this.userId = requireViewer(ctx).userId
    this.#ctx = ctx
    this.#host = host
    this.#telling = new Telling(ctx, {
      recent: host.recent,
      follow: (conversationId, conversation) => host.follow(this, conversationId, conversation),
    })
    this.#unread = wantsUnread ? new UnreadWatch(() => this.#stir()) : null
    this.#position = after
    this.#cursor = encodeCursor(host.owner, after)
    this.#catchUp = new CatchUp(this.#telling, after)
  }

  async next(): Promise<IteratorResult<InboxEvent>> {
    for (;;) {
      const event = this.#ready.shift()
      if (event) this.#host.watch.told(event.body.type, this.#position.streamSeq)
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
    if (hint.streamSeq <= this.#position.streamSeq) return
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
  fallBehind(from = this.#position): true {
    this.#hints.clear()
    this.#rest = null
    this.#position = from
    this.#cursor = encodeCursor(this.#host.owner, from)
    this.#catchUp = new CatchUp(this.#telling, from)
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
    if (this.#rest) return this.#tell(await this.#telling.messages(this.#rest, this.#position))
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
    const before = this.#cursor
    if (leadsTo !== this.#position) this.#cursor = encodeCursor(this.#host.owner, leadsTo)
    bodies.forEach((body, index) => {
      this.#ready.push(inboxEvent(body, index === bodies.length - 1 ? this.#cursor : before))
      this.#unread?.heard(body.type)
    })
    if (bodies.length === 0) this.#host.watch.passed(leadsTo.streamSeq)
    this.#position = leadsTo
    this.#rest = rest ?? null
    return true
  }

  #tellHere(bodies: EventBody[]): true {
    return this.#tell({ bodies, leadsTo: this.#position })
  }

  #tellNotice(notice: SessionNotice): true {
    this.#ready.push(inboxEvent(noticeBody(notice), this.#cursor))
    if (notice.type === 'ENDED') this.close()
    return true
  }

  async #tellMissed(catchUp: CatchUp): Promise<true> {
    const told = await catchUp.next(this.#position)
    // It may have fallen behind again while it read.
    if (this.#catchUp !== catchUp) return true
    if (!told.last) return this.#tell(told)
    this.#catchUp = null
    for (const streamSeq of this.#hints.keys())
      if (streamSeq <= told.leadsTo.streamSeq) this.#hints.delete(streamSeq)
    return this.#tell({ ...told, bodies: [{ type: 'Checkpoint', caughtUp: true, share: null }] })
  }

  #nextHint(): Hint | null {
    if (this.#hints.size === 0) return null
    const next = this.#position.streamSeq + 1
    const hint = this.#hints.get(next)
    if (hint) {
      this.#hints.delete(next)
      return hint
    }
    // A number is missing: it may be on its way, and if it is not, it is in the database.
    void delay(holeMs, undefined, { ref: false }).then(() => {
      if (!this.#closed && this.#position.streamSeq + 1 === next && !this.#hints.has(next)) this.fallBehind()
    })
    return null
  }

  async #tellHint({ streamSeq, kind, subjectId, removed, from, to }: Hint): Promise<true> {
    const leadsTo = { ...this.#position, streamSeq }
    const told =
      kind === 'messages'
        ? await this.#telling.messages({ conversationId: subjectId, from, to, leadsTo }, this.#position)
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
    if (check.streamSeq > this.#position.streamSeq) return this.fallBehind()
    const leadsTo = { ...this.#position, horizon: Math.max(this.#position.horizon, check.horizon) }
    const bodies: EventBody[] = check.isDue
      ? [{ type: 'Checkpoint', caughtUp: true, share: check.share }]
      : []
    return this.#tell({ bodies, leadsTo })
  }
}
