import type { Services } from '../../context.ts'
import type { ConversationRow } from '../../conversation/store.ts'
import type { Unsubscribe } from '../../platform/bus/bus.ts'
import type { SignalState, SignalUpdate } from '../event/body.ts'
import type { RecentChanges } from '../event/recent-changes.ts'
import { conversationTopic } from '../fan-out/worker.ts'
import type { InboxStream } from '../stream/stream.ts'
import { broadcastOf, byClockOf, type ClockState, isNewer, stateOf } from './clock-state.ts'

interface Followed {
  conversationId: string
  /** What was passed on to the streams. */
  state: ClockState
  /** Whether the versions of the state are of another history. */
  isOutdated: boolean
  streams: Set<InboxStream>
  subscribed: Promise<Unsubscribe>
  /** The newest state that was not passed on yet. */
  pending: ClockState | null
  /** The member list may have changed since the streams were checked. */
  membersChanged: boolean
  /** The running check of the members; signals wait for it. */
  checking: Promise<void> | null
}

/** Changes within this time become one signal of each SIGNAL conversation, and one write to each socket. */
const coalesceMs = 75

/** Which streams of this process receive the deliveries of which conversations of the clock. */
export class ConversationIndex {
  readonly #services: Pick<Services, 'sql' | 'bus' | 'log' | 'tracing'>
  readonly #recent: RecentChanges
  readonly #followed = new Map<string, Followed>()
  readonly #byStream = new Map<InboxStream, Set<string>>()
  /** Conversations with a pending state, all of which are passed on when the timer ends. */
  readonly #due = new Set<Followed>()
  #timer: NodeJS.Timeout | null = null

  constructor(services: Pick<Services, 'sql' | 'bus' | 'log' | 'tracing'>, recent: RecentChanges) {
    this.#services = services
    this.#recent = recent
  }

  conversationIds(): string[] {
    return [...this.#followed.keys()]
  }

  /** Subscribes the stream if the clock numbers the conversation and the viewer sees it; otherwise unsubscribes it. */
  async follow(
    stream: InboxStream,
    conversationId: string,
    conversation: ConversationRow | null,
  ): Promise<void> {
    if (!conversation || conversation.deliveryMode === 'INLINE') return this.#leave(stream, conversationId)
    if (this.#byStream.get(stream)?.has(conversationId)) return
    const known = stateOf(conversation)
    const followed = await this.#join(stream, known)
    const state = isNewer(followed.state, known) ? followed.state : known
    // Covers what happened after the stream's last number and before its subscription.
    if (state.mode === 'BROADCAST') stream.broadcast(broadcastOf(state, null), state.history)
    else stream.signal({ state, messages: true, revised: false })
  }

  async followAll(stream: InboxStream): Promise<void> {
    const states = await byClockOf(this.#services.sql, stream.userId)
    await Promise.all(states.map((state) => this.#join(stream, state)))
  }

  async #join(stream: InboxStream, state: ClockState): Promise<Followed> {
    const { conversationId } = state
    const followed = this.#followed.get(conversationId) ?? this.#subscribe(state)
    followed.streams.add(stream)
    this.#byStream.set(stream, (this.#byStream.get(stream) ?? new Set()).add(conversationId))
    await followed.subscribed
    return followed
  }

  #subscribe(state: ClockState): Followed {
    const { conversationId } = state
    const { bus, tracing } = this.#services
    const subscribed = bus.subscribe(conversationTopic(conversationId), (message) => {
      const receive = () => this.#receive({ ...(message as unknown as ClockState), conversationId })
      // A stream outlives the request that wakes it.
      if (tracing) tracing.outside(receive)
      else receive()
    })
    const followed: Followed = {
      conversationId,
      state,
      isOutdated: false,
      streams: new Set(),
      subscribed,
      pending: null,
      membersChanged: false,
      checking: null,
    }
    this.#followed.set(conversationId, followed)
    return followed
  }

  #receive(state: ClockState): void {
    const followed = this.#followed.get(state.conversationId)
    if (!followed || !isNewerThanKnown(state, followed)) return
    followed.pending = state
    if (state.mode === 'BROADCAST') {
      this.#flush(followed)
      return
    }
    this.#due.add(followed)
    this.#timer ??= setTimeout(() => this.#flushDue(), coalesceMs)
  }

  #flushDue(): void {
    this.#timer = null
    const due = [...this.#due]
    this.#due.clear()
    for (const followed of due) this.#flush(followed)
  }

  /** Compares with the state in the database, and passes on at once what is pending. */
  compare(state: ClockState): void {
    const followed = this.#followed.get(state.conversationId)
    if (!followed) return
    if (isNewerThanKnown(state, followed)) followed.pending = state
    if (followed.pending) this.#flush(followed)
  }

  #flush(followed: Followed): void {
    const { pending, state, isOutdated } = followed
    if (!pending || followed.checking) return
    followed.pending = null
    followed.state = pending
    followed.isOutdated = false
    const update = {
      state: pending,
      messages: isOutdated || pending.version > state.version,
      revised: isOutdated || pending.revision > state.revision,
    }
    if (pending.mode === 'BROADCAST') {
      this.#broadcast(followed, update, isOutdated ? null : state.version)
      return
    }
    followed.membersChanged ||= update.revised
    if (!followed.membersChanged) for (const stream of followed.streams) stream.signal(update)
    else followed.checking = this.#signalMembers(followed, update).finally(() => this.#checked(followed))
  }

  /** Passes messages on without a check of the members, because only those who may see them get them. */
  #broadcast({ streams, state }: Followed, update: SignalUpdate, from: number | null): void {
    this.#recent.noteVersion(state.conversationId, state.version)
    const broadcast = broadcastOf(state, from)
    const settings = { ...update, messages: false }
    for (const stream of streams) {
      if (update.messages) stream.broadcast(broadcast, state.history)
      // The member is checked when the event is executed.
      if (update.revised) stream.signal(settings)
    }
  }

  #checked(followed: Followed): void {
    followed.checking = null
    if (this.#followed.get(followed.conversationId) === followed) this.#flush(followed)
  }

  /** The known states may belong to a lost history: the next state counts as newer. */
  reset(): void {
    for (const followed of this.#followed.values()) followed.isOutdated = true
  }

  /** Resolves when all streams have the states that were compared before. */
  async idle(): Promise<void> {
    const checking = () => [...this.#followed.values()].flatMap((followed) => followed.checking ?? [])
    for (let all = checking(); all.length > 0; all = checking()) await Promise.all(all)
  }

  async #signalMembers(followed: Followed, update: SignalUpdate): Promise<void> {
    try {
      await this.#dropNonMembers(followed)
      followed.membersChanged = false
      for (const stream of followed.streams) stream.signal(update)
    } catch (error) {
      this.#services.log.warn({ err: error }, 'members of a conversation unreadable, resyncing its streams')
      // Each stream reads its own changes; later signals wait for another check of the members.
      for (const stream of followed.streams) stream.resync()
    }
  }

  /** Unsubscribes the streams of users who are no longer members. */
  async #dropNonMembers({ conversationId, streams }: Followed): Promise<void> {
    // A stream that joins during the query was checked when it joined.
    const checked = [...streams]
    const userIds = [...new Set(checked.map((stream) => stream.userId))]
    const rows = await this.#services.sql.query<{ userId: string }>(
      `select user_id as "userId" from membership where conversation_id = $1 and user_id = any($2)`,
      [conversationId, userIds],
    )
    const members = new Set(rows.map((row) => row.userId))
    for (const stream of checked) if (!members.has(stream.userId)) this.#leave(stream, conversationId)
  }

  #leave(stream: InboxStream, conversationId: string): void {
    this.#byStream.get(stream)?.delete(conversationId)
    stream.unfollow(conversationId)
    const followed = this.#followed.get(conversationId)
    if (!followed?.streams.delete(stream) || followed.streams.size > 0) return
    this.#remove(followed)
  }

  #remove(followed: Followed): void {
    this.#followed.delete(followed.conversationId)
    this.#due.delete(followed)
    void followed.subscribed.then((unsubscribe) => unsubscribe())
  }

  leaveAll(stream: InboxStream): void {
    for (const conversationId of [...(this.#byStream.get(stream) ?? [])]) this.#leave(stream, conversationId)
    this.#byStream.delete(stream)
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer)
    for (const followed of [...this.#followed.values()]) this.#remove(followed)
  }
}

const isNewerThanKnown = (one: SignalState, { pending, state, isOutdated }: Followed) =>
  (isOutdated && !pending) || isNewer(one, pending ?? state)
