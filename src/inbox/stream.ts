import { setTimeout as delay } from 'node:timers/promises'
import { type Context, requireViewer, type SessionNotice } from '../context.ts'
import { type ConversationRow, visibleConversation } from '../conversation/store.ts'
import { totalUnread } from '../conversation/unread.ts'
import { messageEvents, signalEvents, subjectEvents, versionMissed } from './entry-events.ts'
import { type EventBody, type InboxEvent, inboxEvent, noticeBody, type SignalNews } from './events.ts'
import { type CursorOwner, encodeCursor, type Position } from './position.ts'
import type { RecentChanges } from './recent-changes.ts'
import { type InboxSnapshot, readSnapshot } from './snapshot.ts'

/** What a stream needs of the process it runs in. */
export interface StreamHost {
  recent: RecentChanges
  owner: CursorOwner
  /** What the viewer's conversation is now: its signals are heard if it is a SIGNAL conversation. */
  follow(stream: InboxStream, conversationId: string, conversation: ConversationRow | null): Promise<void>
  detach(stream: InboxStream): void
}

/** News of one subject, with its number in the stream. */
export interface Hint {
  streamSeq: number
  kind: string
  subjectId: string
  removed: boolean
  from: number
  to: number
}

/** The head of the stream at some moment, and the horizon that holds once it is reached. */
interface Check extends Position {
  share: object
}

/** The changes of one conversation, told page by page, and where the stream stands after the last page. */
interface Telling {
  conversationId: string
  from: number
  to: number
  then: Position
}

const hintsMax = 512
const snapshotSize = 100
/** Fan-out workers may overtake each other by so much. */
const holeMs = 50
const retryMs = 500
const unreadMs = 1_000

/**
 * One reader's inbox: catch-up and live in one ordered sequence. It keeps numbers only, and boundedly many; a hole
 * or an overflow sends it back to the database, from the last number that it told.
 */
export class InboxStream implements AsyncIterableIterator<InboxEvent> {
  readonly userId: string
  readonly #ctx: Context
  readonly #host: StreamHost
  readonly #wantsUnread: boolean
  #position: Position
  #ready: InboxEvent[] = []
  #hints = new Map<number, Hint>()
  #telling: Telling | null = null
  #catchUp: { after: Position; snapshot: InboxSnapshot } | null = null
  #behind = true
  #signals: Map<string, SignalNews> | null = null
  #notices: SessionNotice[] | null = null
  #check: Check | null = null
  #unreadTold = -1
  #unreadTimer: NodeJS.Timeout | null = null
  #unreadDue = false
  #closed = false
  #stirred = false
  #wake: (() => void) | null = null

  constructor(ctx: Context, host: StreamHost, after: Position, wantsUnread: boolean) {
    this.userId = requireViewer(ctx).userId
    this.#ctx = ctx
    this.#host = host
    this.#position = after
    this.#wantsUnread = wantsUnread
  }

  async next(): Promise<IteratorResult<InboxEvent>> {
    for (;;) {
      const event = this.#ready.shift()
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
    this.#signals = (this.#signals ?? new Map()).set(conversationId, { ...news, messages, revised })
    this.#stir()
  }

  /** The head was looked up: a Checkpoint tells it, unless the stream finds that it is behind. */
  checkAt(check: Check): void {
    this.#check = check
    this.#stir()
  }

  notice(notice: SessionNotice): void {
    this.#notices = [...(this.#notices ?? []), notice]
    this.#stir()
  }

  /** What was heard may be incomplete: read on from the last number told. */
  fallBehind(): void {
    this.#hints.clear()
    this.#behind = true
    this.#stir()
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    if (this.#unreadTimer) clearTimeout(this.#unreadTimer)
    this.#host.detach(this)
    this.#stir()
  }

  #stir(): void {
    this.#stirred = true
    this.#wake?.()
    this.#wake = null
  }

  async #readAgain(error: unknown): Promise<boolean> {
    this.#ctx.log.warn({ err: error, userId: this.userId }, 'an inbox stream reads again')
    this.#telling = null
    this.#catchUp = null
    this.fallBehind()
    await delay(retryMs)
    return true
  }

  /** Does the next thing in order; false when there is nothing to do. */
  async #advance(): Promise<boolean> {
    const notice = this.#notices?.shift()
    if (notice) return this.#tellNotice(notice)
    if (this.#telling) return this.#tellMessages(this.#telling)
    if (this.#catchUp) return this.#tellMissed(this.#catchUp)
    if (this.#behind) return this.#readMissed(this.#position, this.#position)
    const hint = this.#nextHint()
    if (hint) return this.#tellHint(hint)
    const [signal] = this.#signals?.values() ?? []
    if (signal) return this.#tellSignal(signal)
    if (this.#unreadDue) return this.#tellUnread()
    if (this.#check) return this.#tellCheck(this.#check)
    return false
  }

  /** Queues what is told; the last of it leads to `then`, what comes before leaves the reader where it was. */
  #tell(bodies: EventBody[], then: Position): true {
    const before = encodeCursor(this.#host.owner, this.#position)
    this.#position = then
    const after = encodeCursor(this.#host.owner, then)
    bodies.forEach((body, index) => {
      this.#ready.push(inboxEvent(body, index === bodies.length - 1 ? after : before))
      if (countsUnread.has(body.type)) this.#unreadMoved()
    })
    return true
  }

  #tellNotice(notice: SessionNotice): true {
    this.#tell([noticeBody(notice)], this.#position)
    if (notice.type === 'ENDED') this.close()
    return true
  }

  async #tellMessages(telling: Telling): Promise<true> {
    const { conversationId, then } = telling
    const { bodies, next } = await messageEvents(this.#ctx, this.#host.recent, conversationId, telling)
    this.#telling = next === null ? null : { ...telling, from: next }
    return this.#tell(bodies, next === null ? then : this.#position)
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
    const then = { ...this.#position, streamSeq }
    if (kind === 'messages') return this.#tellMessages({ conversationId: subjectId, from, to, then })
    const present = await this.#presentEvents(kind, subjectId)
    const removal: EventBody[] = removed ? removalOf(kind, subjectId) : []
    return this.#tell([...removal, ...present], then)
  }

  /** What is told of a subject as it is now. */
  async #presentEvents(kind: string, subjectId: string): Promise<EventBody[]> {
    this.#ctx.loaders.clear()
    if (kind === 'conversation') {
      const visible = await visibleConversation(this.#ctx, requireViewer(this.#ctx), subjectId)
      await this.#host.follow(this, subjectId, visible)
    }
    return subjectEvents(this.#ctx, kind, subjectId)
  }

  async #readMissed(after: Position, page: Position): Promise<true> {
    this.#behind = false
    const snapshot = await readSnapshot(this.#ctx.sql, this.userId, page, snapshotSize)
    this.#catchUp = { after, snapshot }
    return true
  }

  /** Tells one subject of the snapshot in hand; the entries first, for they carry numbers. */
  async #tellMissed({ after, snapshot }: { after: Position; snapshot: InboxSnapshot }): Promise<true> {
    const entry = snapshot.entries.shift()
    if (entry) {
      const { kind, subjectId, streamSeq, removedStreamSeq } = entry
      const then = { streamSeq, horizon: after.horizon }
      if (kind === 'messages') {
        const from = await versionMissed(this.#ctx, subjectId, after.horizon)
        if (from !== null) this.#telling = { conversationId: subjectId, from, to: 0, then }
        return from === null ? this.#tell([], then) : true
      }
      const removed = removedStreamSeq !== null && removedStreamSeq > after.streamSeq
      const removal = removed ? removalOf(kind, subjectId) : []
      return this.#tell([...removal, ...(await this.#presentEvents(kind, subjectId))], then)
    }
    const signalId = snapshot.signalIds.shift()
    if (signalId) return this.#tell(await signalEvents(this.#ctx, signalId), this.#position)
    const undelivered = snapshot.undelivered.shift()
    if (undelivered) {
      this.#telling = { ...undelivered, from: undelivered.fromVersion, to: 0, then: this.#position }
      return true
    }
    if (snapshot.hasMore) return this.#readMissed(after, snapshot.position)
    return this.#caughtUp(snapshot.position)
  }

  #caughtUp(position: Position): true {
    this.#catchUp = null
    for (const streamSeq of this.#hints.keys()) if (streamSeq <= position.streamSeq) this.#hints.delete(streamSeq)
    return this.#tell([{ type: 'Checkpoint', caughtUp: true, share: null }], position)
  }

  #tellSignal({ state, messages, revised }: SignalNews): true {
    const { conversationId } = state
    this.#signals?.delete(conversationId)
    const bodies: EventBody[] = []
    if (messages) bodies.push({ type: 'ConversationSignal', state })
    if (revised) bodies.push({ type: 'ConversationChanged', conversationId })
    return this.#tell(bodies, this.#position)
  }

  #tellCheck(check: Check): true {
    this.#check = null
    if (check.streamSeq > this.#position.streamSeq) {
      this.fallBehind()
      return true
    }
    const horizon = Math.max(this.#position.horizon, check.horizon)
    return this.#tell([{ type: 'Checkpoint', caughtUp: true, share: check.share }], { ...this.#position, horizon })
  }

  /** The total unread may have changed; it is looked up and told at most once a second. */
  #unreadMoved(): void {
    if (!this.#wantsUnread || this.#unreadTimer) return
    this.#unreadTimer = setTimeout(() => {
      this.#unreadTimer = null
      this.#unreadDue = true
      this.#stir()
    }, unreadMs)
  }

  async #tellUnread(): Promise<true> {
    this.#unreadDue = false
    this.#ctx.loaders.clear()
    const unread = await totalUnread(this.#ctx, this.userId)
    const changed = unread !== this.#unreadTold
    this.#unreadTold = unread
    return this.#tell(changed ? [{ type: 'MeChanged' }] : [], this.#position)
  }
}

const countsUnread = new Set<EventBody['type']>([
  'MessagesChanged',
  'ConversationSignal',
  'ConversationChanged',
  'ConversationRemoved',
])

/** Only of a conversation is its removal told on its own; of a friendship its absence is. */
const removalOf = (kind: string, subjectId: string): EventBody[] =>
  kind === 'conversation' ? [{ type: 'ConversationRemoved', conversationId: subjectId }] : []
