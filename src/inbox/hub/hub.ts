import { type Context, requireViewer, type Services, type Viewer } from '../../context.ts'
import type { Unsubscribe } from '../../platform/bus/bus.ts'
import { acknowledged } from '../acknowledge/acknowledge.ts'
import { userTopic } from '../announce.ts'
import { type InboxEvent, inboxEvent } from '../event/body.ts'
import { knownTo } from '../event/old-clients.ts'
import { RecentChanges } from '../event/recent-changes.ts'
import { decodeCursor, encodeCursor, later, otherHistory, type Position } from '../position.ts'
import { checkCursor, streamStart } from '../snapshot.ts'
import type { StreamHost } from '../stream/host.ts'
import { positionsIn, ReceiptHints, type ReceiptUpdate, receiptsTopic } from '../stream/receipt-hints.ts'
import type { Hint } from '../stream/source/live-changes.ts'
import { InboxStream } from '../stream/stream.ts'
import { type Checked, GapDetector } from './gap-detector.ts'
import { isAcknowledged, Redelivery } from './redelivery.ts'
import { SignalIndex } from './signal-index.ts'

export interface OpenInbox {
  after: string | null | undefined
  streamId: string | null | undefined
  /** Whether the client asked for its total unread. */
  wantsUnread: boolean
}

interface Listener extends Checked {
  streams: Set<InboxStream>
  subscribed: Promise<Unsubscribe>
}

/** Published as `{ conversationId, version }` when a message was taken back. */
const outdatedTopic = 'outdated'

/** The inbox streams of this process, and who hears of what. */
export class InboxHub {
  readonly recent: RecentChanges
  readonly receipts: ReceiptHints
  readonly #services: Pick<Services, 'sql' | 'bus' | 'log' | 'config'>
  readonly #listeners = new Map<string, Listener>()
  readonly #signals: SignalIndex
  readonly #redelivery: Redelivery
  readonly #check: GapDetector

  constructor(services: Pick<Services, 'sql' | 'bus' | 'log' | 'config'>) {
    this.#services = services
    this.recent = new RecentChanges(services.sql)
    this.receipts = new ReceiptHints(services)
    this.#signals = new SignalIndex(services)
    this.#redelivery = new Redelivery(services)
    this.#check = new GapDetector(services, this.#signals, this.#listeners, () => {
      this.recent.reset()
      this.#signals.reset()
    })
    const { bus, log } = services
    bus
      .subscribe(outdatedTopic, ({ conversationId, version }) =>
        this.recent.erased(String(conversationId), Number(version)),
      )
      .catch((error) => log.error({ err: error }, 'recalls of other processes are not heard'))
    bus
      .subscribe(receiptsTopic, (news) => this.#hearReceipts(news as ReceiptUpdate))
      .catch((error) => log.error({ err: error }, 'read positions in groups are not heard'))
  }

  #hearReceipts(news: ReceiptUpdate): void {
    const positions = positionsIn(news)
    for (const userId of news.to)
      for (const stream of this.#listeners.get(userId)?.streams ?? [])
        for (const position of positions) stream.receipt(position)
  }

  get streamCount(): number {
    let count = 0
    for (const { streams } of this.#listeners.values()) count += streams.size
    return count
  }

  /** A reader has everything up to a position. */
  acknowledged(viewer: Viewer, streamId: string, position: Position): void {
    this.#redelivery.acknowledged(viewer, streamId, position)
  }

  /** A message was taken back: what was loaded before must not be told any more. */
  outdated(conversationId: string, version: number): void {
    this.recent.erased(conversationId, version)
    this.#services.bus.publish(outdatedTopic, { conversationId, version })
  }

  /**
   * Opens a stream: first it listens, then it reads, then it tells what came in between and goes on live. Without
   * a cursor it begins now.
   */
  async open(ctx: Context, wanted: OpenInbox): Promise<AsyncIterableIterator<InboxEvent>> {
    const viewer = requireViewer(ctx)
    const { userId } = viewer
    const given = wanted.after ? decodeCursor(userId, wanted.after) : null
    const begin = given && !('reason' in given) ? given : streamStart
    const { head, valid } = await checkCursor(ctx.sql, userId, begin)
    const { history, ...now } = head
    const lost = given && 'reason' in given ? given.reason : valid ? null : otherHistory
    if (lost) {
      const cursor = encodeCursor({ userId, history }, now)
      return onlyOne(inboxEvent({ type: 'ResyncRequired', reason: lost }, cursor))
    }
    const before = await acknowledged(ctx.sql, viewer.sessionId, wanted.streamId)
    // What was checked is as good as if it had been given in the newest history.
    const position = given ? later(begin.position, before) : (before ?? now)

    const watch = this.#redelivery.watch(position, ctx.schemaVersion)
    const host: StreamHost<InboxStream> = {
      watch,
      recent: this.recent,
      follow: (stream, id, conversation) => this.#signals.follow(stream, id, conversation),
      detach: (stream) => this.#detach(stream),
    }
    const stream = new InboxStream(ctx, host, { history, position }, wanted.wantsUnread)
    const offSessionEvent = ctx.socket?.onSessionEvent((notice) => stream.notice(notice))
    const closeUnresponsive = () => ctx.socket?.closeUnresponsive()
    const unwatch = this.#redelivery.add(viewer, wanted.streamId ?? '', { stream, watch, closeUnresponsive })
    this.#offs.set(stream, () => {
      offSessionEvent?.()
      unwatch()
    })
    try {
      await this.#attach(stream)
    } catch (error) {
      stream.close()
      throw error
    }
    return ctx.schemaVersion === null ? stream : knownTo(ctx.schemaVersion, stream)
  }

  readonly #offs = new WeakMap<InboxStream, Unsubscribe>()

  async #attach(stream: InboxStream): Promise<void> {
    const { userId } = stream
    const present = this.#listeners.get(userId)
    const listener = present ?? this.#listen(userId)
    listener.streams.add(stream)
    await listener.subscribed
    await this.#signals.followAll(stream)
  }

  #listen(userId: string): Listener {
    const streams = new Set<InboxStream>()
    const subscribed = this.#services.bus.subscribe(userTopic(userId), (message) => {
      if (isAcknowledged(message)) return void this.#redelivery.hear(message)
      const hint = message as unknown as Hint
      if (hint.kind === 'messages') this.recent.outdated(hint.subjectId, hint.to)
      for (const stream of streams) stream.hint(hint)
    })
    const listener = { streams, subscribed, round: this.#check.nextRound() }
    this.#listeners.set(userId, listener)
    return listener
  }

  #detach(stream: InboxStream): void {
    this.#offs.get(stream)?.()
    this.#signals.leaveAll(stream)
    const listener = this.#listeners.get(stream.userId)
    listener?.streams.delete(stream)
    if (!listener || listener.streams.size > 0) return
    this.#listeners.delete(stream.userId)
    void listener.subscribed.then((unsubscribe) => unsubscribe())
  }

  async close(): Promise<void> {
    this.#check.stop()
    for (const { streams } of [...this.#listeners.values()]) for (const stream of [...streams]) stream.close()
    this.#signals.close()
    this.#redelivery.close()
    this.receipts.close()
    await this.#check.settled()
  }
}

async function* onlyOne<Event>(event: Event): AsyncGenerator<Event> {
  yield event
}
