import type { Services } from '../../context.ts'
import type { ConversationRow } from '../../conversation/store.ts'
import type { Unsubscribe } from '../../platform/bus/bus.ts'
import type { SignalState, SignalUpdate } from '../event/body.ts'
import { conversationTopic } from '../fan-out/worker.ts'
import type { InboxStream } from '../stream/stream.ts'

interface Followed {
  conversationId: string
  state: SignalState
  streams: Set<InboxStream>
  subscribed: Promise<Unsubscribe>
  heard: SignalState | null
  timer: NodeJS.Timeout | null
  /** The members changed, and who of the readers still is one is not known yet. */
  unchecked: boolean
  /** The look-up of the members that is under way; what is heard meanwhile waits for it. */
  checking: Promise<void> | null
}

/** News of one conversation within this time is told once. */
const coalesceMs = 75

/** Which streams of this process hear of which SIGNAL conversations. */
export class SignalIndex {
  readonly #services: Pick<Services, 'sql' | 'bus' | 'log'>
  readonly #followed = new Map<string, Followed>()
  readonly #byStream = new Map<InboxStream, Set<string>>()

  constructor(services: Pick<Services, 'sql' | 'bus' | 'log'>) {
    this.#services = services
  }

  conversationIds(): string[] {
    return [...this.#followed.keys()]
  }

  /** Begins or ends following, by what the viewer's conversation is now. */
  async follow(
    stream: InboxStream,
    conversationId: string,
    conversation: ConversationRow | null,
  ): Promise<void> {
    if (conversation?.deliveryMode !== 'SIGNAL') return this.#leave(stream, conversationId)
    if (this.#byStream.get(stream)?.has(conversationId)) return
    const known = stateOf(conversation)
    const { state } = await this.#join(stream, known)
    // What came since its last number and before it listened, this stream has heard of from nobody.
    stream.signal({ state: isNewer(state, known) ? state : known, messages: true, revised: false })
  }

  async followAll(stream: InboxStream): Promise<void> {
    const states = await this.#services.sql.query<SignalState>(
      `select c.id as "conversationId", c.version, c.revision, c.max_seq as "maxSeq", c.message_count as "messageCount"
       from membership m join conversation c on c.id = m.conversation_id
       where m.user_id = $1 and c.delivery_mode = 'SIGNAL'`,
      [stream.userId],
    )
    await Promise.all(states.map((state) => this.#join(stream, state)))
  }

  async #join(stream: InboxStream, state: SignalState): Promise<Followed> {
    const { conversationId } = state
    const followed = this.#followed.get(conversationId) ?? this.#listen(state)
    followed.streams.add(stream)
    this.#byStream.set(stream, (this.#byStream.get(stream) ?? new Set()).add(conversationId))
    await followed.subscribed
    return followed
  }

  #listen(state: SignalState): Followed {
    const { conversationId } = state
    const subscribed = this.#services.bus.subscribe(conversationTopic(conversationId), (message) =>
      this.#hear({ ...(message as unknown as SignalState), conversationId }),
    )
    const followed: Followed = {
      conversationId,
      state,
      streams: new Set(),
      subscribed,
      heard: null,
      timer: null,
      unchecked: false,
      checking: null,
    }
    this.#followed.set(conversationId, followed)
    return followed
  }

  #hear(state: SignalState): void {
    const followed = this.#followed.get(state.conversationId)
    if (!followed || !isNewer(state, followed.heard ?? followed.state)) return
    followed.heard = state
    followed.timer ??= setTimeout(() => this.#flush(followed), coalesceMs)
  }

  /** What the database says; tells at once whatever was not told. */
  compare(state: SignalState): void {
    const followed = this.#followed.get(state.conversationId)
    if (!followed) return
    if (isNewer(state, followed.heard ?? followed.state)) followed.heard = state
    if (followed.heard) this.#flush(followed)
  }

  #flush(followed: Followed): void {
    if (followed.timer) clearTimeout(followed.timer)
    followed.timer = null
    const { heard, state } = followed
    if (!heard || followed.checking) return
    followed.heard = null
    followed.state = heard
    const news = {
      state: heard,
      messages: heard.version > state.version,
      revised: heard.revision > state.revision,
    }
    followed.unchecked ||= news.revised
    if (!followed.unchecked) for (const stream of followed.streams) stream.signal(news)
    else followed.checking = this.#tellMembers(followed, news).finally(() => this.#checked(followed))
  }

  #checked(followed: Followed): void {
    followed.checking = null
    if (this.#followed.get(followed.conversationId) === followed) this.#flush(followed)
  }

  /** What was known may belong to a history that is lost: whatever the database says next is newer. */
  reset(): void {
    const nothing = { version: 0, revision: 0, maxSeq: 0, messageCount: 0 }
    for (const followed of this.#followed.values()) followed.state = { ...followed.state, ...nothing }
  }

  /** Resolves once every stream has been given what was compared before. */
  async settled(): Promise<void> {
    const checking = () => [...this.#followed.values()].flatMap((followed) => followed.checking ?? [])
    for (let all = checking(); all.length > 0; all = checking()) await Promise.all(all)
  }

  async #tellMembers(followed: Followed, news: SignalUpdate): Promise<void> {
    try {
      await this.#dropStrangers(followed)
      followed.unchecked = false
      for (const stream of followed.streams) stream.signal(news)
    } catch (error) {
      this.#services.log.warn({ err: error }, 'the members of a conversation could not be read')
      // Each reads from the database what is its own; what is heard later waits for another look-up.
      for (const stream of followed.streams) stream.resync()
    }
  }

  /** The member list may have changed: whoever is no longer in it hears nothing more. */
  async #dropStrangers({ conversationId, streams }: Followed): Promise<void> {
    // A stream that joins while the members are read has been checked itself.
    const asked = [...streams]
    const userIds = [...new Set(asked.map((stream) => stream.userId))]
    const rows = await this.#services.sql.query<{ userId: string }>(
      `select user_id as "userId" from membership where conversation_id = $1 and user_id = any($2)`,
      [conversationId, userIds],
    )
    const members = new Set(rows.map((row) => row.userId))
    for (const stream of asked) if (!members.has(stream.userId)) this.#leave(stream, conversationId)
  }

  #leave(stream: InboxStream, conversationId: string): void {
    this.#byStream.get(stream)?.delete(conversationId)
    stream.unfollow(conversationId)
    const followed = this.#followed.get(conversationId)
    if (!followed?.streams.delete(stream) || followed.streams.size > 0) return
    this.#forget(followed)
  }

  #forget(followed: Followed): void {
    this.#followed.delete(followed.conversationId)
    if (followed.timer) clearTimeout(followed.timer)
    void followed.subscribed.then((unsubscribe) => unsubscribe())
  }

  leaveAll(stream: InboxStream): void {
    for (const conversationId of [...(this.#byStream.get(stream) ?? [])]) this.#leave(stream, conversationId)
    this.#byStream.delete(stream)
  }

  close(): void {
    for (const followed of [...this.#followed.values()]) this.#forget(followed)
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
