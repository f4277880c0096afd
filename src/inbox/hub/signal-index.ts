import type { Services } from '../../context.ts'
import type { ConversationRow } from '../../conversation/store.ts'
import type { Unsubscribe } from '../../platform/bus/bus.ts'
import { arrayOf } from '../../platform/db/columns.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { gather } from '../../platform/loader.ts'
import type { SignalState, SignalUpdate } from '../event/body.ts'
import { conversationTopic } from '../fan-out/worker.ts'
import type { InboxStream } from '../stream/stream.ts'

interface Followed {
  conversationId: string
  state: SignalState
  streams: Set<InboxStream>
  subscribed: Promise<Unsubscribe>
  /** The newest state that was not passed on yet. */
  pending: SignalState | null
  /** The member list may have changed since the streams were checked. */
  membersChanged: boolean
  /** The running check of the members; signals wait for it. */
  checking: Promise<void> | null
}

/** Changes within this time become one signal of each conversation, and one write to each socket. */
const coalesceMs = 75

/** The SIGNAL conversations of a user. */
const signalsOf = gather(async (sql: Sql, userIds: readonly string[]) => {
  const distinct = [...new Set(userIds)]
  const rows = await sql.query<SignalState & { userId: string }>(
    `select s.*, m.user_id as "userId" from unnest(${arrayOf(1, 'text')}) as k (user_id)
     join membership m on m.user_id = k.user_id and m.pinned = any('{t,f}') and m.active_until is null
     cross join lateral (
       select c.id as "conversationId", c.version, c.revision, c.max_seq as "maxSeq", c.message_count as "messageCount"
       from conversation c where c.id = m.conversation_id and c.delivery_mode = 'SIGNAL' limit 1
     ) s`,
    [distinct],
  )
  const byUser = new Map<string, SignalState[]>(distinct.map((userId) => [userId, []]))
  for (const { userId, ...state } of rows) byUser.get(userId)?.push(state)
  return userIds.map((userId) => byUser.get(userId) ?? [])
})

/** Which streams of this process receive the signals of which SIGNAL conversations. */
export class SignalIndex {
  readonly #services: Pick<Services, 'sql' | 'bus' | 'log'>
  readonly #followed = new Map<string, Followed>()
  readonly #byStream = new Map<InboxStream, Set<string>>()
  /** Conversations with a pending state, all of which are passed on when the timer ends. */
  readonly #due = new Set<Followed>()
  #timer: NodeJS.Timeout | null = null

  constructor(services: Pick<Services, 'sql' | 'bus' | 'log'>) {
    this.#services = services
  }

  conversationIds(): string[] {
    return [...this.#followed.keys()]
  }

  /** Subscribes the stream if the conversation is a SIGNAL one that the viewer sees, and unsubscribes it otherwise. */
  async follow(
    stream: InboxStream,
    conversationId: string,
    conversation: ConversationRow | null,
  ): Promise<void> {
    if (conversation?.deliveryMode !== 'SIGNAL') return this.#leave(stream, conversationId)
    if (this.#byStream.get(stream)?.has(conversationId)) return
    const known = stateOf(conversation)
    const { state } = await this.#join(stream, known)
    // Covers what happened after the stream's last number and before its subscription.
    stream.signal({ state: isNewer(state, known) ? state : known, messages: true, revised: false })
  }

  async followAll(stream: InboxStream): Promise<void> {
    const states = await signalsOf(this.#services.sql, stream.userId)
    await Promise.all(states.map((state) => this.#join(stream, state)))
  }

  async #join(stream: InboxStream, state: SignalState): Promise<Followed> {
    const { conversationId } = state
    const followed = this.#followed.get(conversationId) ?? this.#subscribe(state)
    followed.streams.add(stream)
    this.#byStream.set(stream, (this.#byStream.get(stream) ?? new Set()).add(conversationId))
    await followed.subscribed
    return followed
  }

  #subscribe(state: SignalState): Followed {
    const { conversationId } = state
    const subscribed = this.#services.bus.subscribe(conversationTopic(conversationId), (message) =>
      this.#receive({ ...(message as unknown as SignalState), conversationId }),
    )
    const followed: Followed = {
      conversationId,
      state,
      streams: new Set(),
      subscribed,
      pending: null,
      membersChanged: false,
      checking: null,
    }
    this.#followed.set(conversationId, followed)
    return followed
  }

  #receive(state: SignalState): void {
    const followed = this.#followed.get(state.conversationId)
    if (!followed || !isNewer(state, followed.pending ?? followed.state)) return
    followed.pending = state
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
  compare(state: SignalState): void {
    const followed = this.#followed.get(state.conversationId)
    if (!followed) return
    if (isNewer(state, followed.pending ?? followed.state)) followed.pending = state
    if (followed.pending) this.#flush(followed)
  }

  #flush(followed: Followed): void {
    const { pending, state } = followed
    if (!pending || followed.checking) return
    followed.pending = null
    followed.state = pending
    const update = {
      state: pending,
      messages: pending.version > state.version,
      revised: pending.revision > state.revision,
    }
    followed.membersChanged ||= update.revised
    if (!followed.membersChanged) for (const stream of followed.streams) stream.signal(update)
    else followed.checking = this.#signalMembers(followed, update).finally(() => this.#checked(followed))
  }

  #checked(followed: Followed): void {
    followed.checking = null
    if (this.#followed.get(followed.conversationId) === followed) this.#flush(followed)
  }

  /** The known states may belong to a lost history: the next state from the database counts as newer. */
  reset(): void {
    const unknown = { version: 0, revision: 0, maxSeq: 0, messageCount: 0 }
    for (const followed of this.#followed.values()) followed.state = { ...followed.state, ...unknown }
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

const stateOf = ({
  id,
  version,
  settingsVersion: revision,
  maxSeq,
  messageCount,
}: ConversationRow): SignalState => ({
  conversationId: id,
  version,
  revision,
  maxSeq,
  messageCount,
})

const isNewer = (one: SignalState, other: SignalState) =>
  one.version > other.version || one.revision > other.revision
