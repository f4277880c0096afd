import { type Context, requireViewer, type Services, type Viewer } from '../../context.ts'
import type { Unsubscribe } from '../../platform/bus/bus.ts'
import { OneEvent, type PullStream } from '../../platform/pull-stream.ts'
import { acknowledged } from '../acknowledge/acknowledge.ts'
import { userTopic } from '../announce.ts'
import { type InboxEvent, inboxEvent } from '../event/body.ts'
import { RecentChanges } from '../event/recent-changes.ts'
import { decodeCursor, encodeCursor, later, otherHistory, type Position } from '../position.ts'
import { checkCursor, streamStart } from '../snapshot.ts'
import type { StreamHost } from '../stream/host.ts'
import { positionsIn, ReceiptHints, type ReceiptUpdate, receiptsTopic } from '../stream/receipt-hints.ts'
import type { Hint } from '../stream/source/live-changes.ts'
import { InboxStream } from '../stream/stream.ts'
import { ConversationIndex } from './conversation-index.ts'
import { type CheckedUser, GapDetector } from './gap-detector.ts'
import { isAcknowledged, Redelivery } from './redelivery.ts'

export interface OpenInbox {
  after: string | null | undefined
  streamId: string | null | undefined
  /** Whether the client selects the total unread count. */
  wantsUnread: boolean
}

interface Listener extends CheckedUser {
  streams: Set<InboxStream>
  subscribed: Promise<Unsubscribe>
}

/** Published as `{ conversationId, version }` when a message was recalled. */
const erasedTopic = 'outdated'

/** Published when a transaction may have been committed without a publication. */
const headsTopic = 'check-heads'
/** Longer than a commit takes whose connection is lost. */
const headsDelayMs = 1_000

/** The inbox streams of this process. Passes on what the bus publishes to them. */
export class InboxHub {
  readonly recent: RecentChanges
  readonly receipts: ReceiptHints
  readonly #services: Pick<Services, 'sql' | 'bus' | 'log' | 'config' | 'tracing'>
  readonly #listeners = new Map<string, Listener>()
  readonly #conversations: ConversationIndex
  readonly #redelivery: Redelivery
  readonly #gapDetector: GapDetector
  readonly #host: StreamHost<InboxStream>

  constructor(services: Pick<Services, 'sql' | 'bus' | 'log' | 'config' | 'tracing'>) {
    this.#services = services
    this.recent = new RecentChanges(services.sql)
    this.receipts = new ReceiptHints(services)
    this.#conversations = new ConversationIndex(services, this.recent)
    this.#redelivery = new Redelivery(services)
    this.#gapDetector = new GapDetector(services, this.#conversations, this.#listeners, () => {
      this.recent.reset()
      this.#conversations.reset()
    })
    this.#host = {
      recent: this.recent,
      follow: (stream, id, conversation) => this.#conversations.follow(stream, id, conversation),
      detach: (stream) => this.#detach(stream),
    }
    const { bus, log } = services
    bus
      .subscribe(erasedTopic, ({ conversationId, version }) =>
        this.recent.noteErasure(String(conversationId), Number(version)),
      )
      .catch((error) => log.error({ err: error }, 'subscription to recalls failed'))
    bus
      .subscribe(headsTopic, () => this.#gapDetector.checkAll())
      .catch((error) => log.error({ err: error }, 'subscription to gap checks failed'))
    bus
      .subscribe(receiptsTopic, (update) => this.#receiveReceipts(update as ReceiptUpdate))
      .catch((error) => log.error({ err: error }, 'subscription to read positions failed'))
  }

  #receiveReceipts(update: ReceiptUpdate): void {
    const positions = positionsIn(update)
    for (const userId of update.to)
      for (const stream of this.#listeners.get(userId)?.streams ?? [])
        for (const position of positions) stream.receipt(position)
  }

  get streamCount(): number {
    let count = 0
    for (const { streams } of this.#listeners.values()) count += streams.size
    return count
  }

  /** A reader acknowledged a position. */
  acknowledged(viewer: Viewer, streamId: string, position: Position): void {
    this.#redelivery.acknowledged(viewer, streamId, position)
  }

  /** A message was recalled: changes that were loaded before are not delivered. */
  contentErased(conversationId: string, version: number): void {
    this.recent.noteErasure(conversationId, version)
    this.#services.bus.publish(erasedTopic, { conversationId, version })
  }

  /** Makes every server compare its streams with the database, once a commit of unknown outcome is visible or undone. */
  checkHeadsSoon(): void {
    setTimeout(() => this.#services.bus.publish(headsTopic, {}), headsDelayMs).unref()
  }

  /**
   * Opens a stream. It subscribes before it reads the database, so that nothing in between is lost. Without a cursor and
   * an acknowledged position it starts now.
   */
  async open(ctx: Context, wanted: OpenInbox): Promise<PullStream<InboxEvent>> {
    const viewer = requireViewer(ctx)
    const { userId } = viewer
    const given = wanted.after ? decodeCursor(userId, wanted.after) : null
    const begin = given && !('reason' in given) ? given : streamStart
    const { head, valid } = await checkCursor(ctx.sql, userId, begin)
    const { history, streamSeq, tick, since } = head
    const now = { streamSeq, tick, since }
    const lost = given && 'reason' in given ? given.reason : valid ? null : otherHistory
    if (lost) {
      const cursor = encodeCursor({ userId, history }, now)
      return new OneEvent(inboxEvent({ type: 'ResyncRequired', reason: lost }, cursor))
    }
    const before = await acknowledged(ctx.sql, viewer.sessionId, wanted.streamId)
    // The position was checked against the newest history, so it counts as one of that history.
    const position = given ? later(begin.position, before) : (before ?? now)
    // An acknowledged position does not say it.
    const owesUnread = position === before || begin.owesUnread

    const watch = this.#redelivery.watch(viewer, wanted.streamId ?? '', position, ctx.schemaVersion)
    const stream = new InboxStream(
      ctx,
      this.#host,
      watch,
      { history, position, owesUnread },
      wanted.wantsUnread,
    )
    ctx.socket?.addListener(stream)
    this.#redelivery.add(stream)
    try {
      await this.#attach(stream)
    } catch (error) {
      stream.close()
      throw error
    }
    return stream
  }

  async #attach(stream: InboxStream): Promise<void> {
    const { userId } = stream
    const existing = this.#listeners.get(userId)
    const listener = existing ?? this.#listen(userId)
    listener.streams.add(stream)
    await listener.subscribed
    await this.#conversations.followAll(stream)
  }

  #listen(userId: string): Listener {
    const streams = new Set<InboxStream>()
    const subscribed = this.#services.bus.subscribe(userTopic(userId), (message) => {
      if (isAcknowledged(message)) return void this.#redelivery.receive(message)
      const hint = message as unknown as Hint
      if (hint.kind === 'messages') this.recent.noteVersion(hint.subjectId, hint.to)
      if (hint.kind === 'conversation' && hint.removed) this.recent.noteDeparture(hint.subjectId)
      // A stream outlives the request that wakes it.
      const pass = () => {
        for (const stream of streams) stream.hint(hint)
      }
      if (this.#services.tracing) this.#services.tracing.outside(pass)
      else pass()
    })
    const listener = { streams, subscribed, round: this.#gapDetector.nextRound() }
    this.#listeners.set(userId, listener)
    return listener
  }

  #detach(stream: InboxStream): void {
    this.#redelivery.remove(stream)
    this.#conversations.leaveAll(stream)
    const listener = this.#listeners.get(stream.userId)
    listener?.streams.delete(stream)
    if (!listener || listener.streams.size > 0) return
    this.#listeners.delete(stream.userId)
    void listener.subscribed.then((unsubscribe) => unsubscribe())
  }

  async close(): Promise<void> {
    this.#gapDetector.stop()
    for (const { streams } of [...this.#listeners.values()]) for (const stream of [...streams]) stream.close()
    this.#conversations.close()
    this.#redelivery.close()
    this.receipts.close()
    this.recent.close()
    await this.#gapDetector.idle()
  }
}
