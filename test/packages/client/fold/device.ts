import { snapshots } from '../../../../packages/client/src/cache/snapshot.ts'
import type { fold as foldType } from '../../../../packages/client/src/store/fold.ts'
import {
  type Action,
  type Event,
  emptyState,
  type Message,
  type PeopleRead,
  type State,
} from '../../../../packages/client/src/store/state.ts'
import {
  conversationOf,
  friendRequestsOf,
  friendsOf,
  historyOf,
  joinRequestsOf,
  receiptsOf,
} from '../../../../packages/client/src/store/views.ts'
import type { ServerModel, StoredConversation } from './server-model.ts'

export type Fold = typeof foldType

/** A request: asked at a tick of the client, read by the server later, answered still later. */
interface Request {
  read(): Action | null
  answer: Action | null
}

/** A client that folds events and answers in whatever order the network has. */
export class Device {
  state: State = emptyState
  readonly #server: ServerModel
  readonly #fold: Fold
  /** Events that left the server and have not arrived. */
  readonly #transit: Event[] = []
  #position: number
  readonly #earlier: State[] = []
  #resumed = 0
  /** Groups whose read positions were asked for since the last connection. */
  readonly #positioned = new Set<string>()
  readonly requests: Request[] = []

  constructor(server: ServerModel, fold: Fold) {
    this.#server = server
    this.#fold = fold
    this.#position = server.log.length
    const cursor = String(this.#position)
    // The first screen has only the first conversation.
    const conversations = server.conversations.slice(0, 1).map((one) => server.listed(one))
    this.#apply({ type: 'started', cursor, me: server.me, conversations, complete: false })
    this.#readOn()
  }

  #apply(action: Action): void {
    this.#earlier.push(this.state)
    const before = this.#positionsOf()
    this.state = this.#fold(this.state, action)
    if (this.#positionsOf() !== before) this.#positioned.clear()
  }

  /** With another value, the read positions of the group are read again. */
  #positionsOf(): string {
    const { me, startedAt, entries } = this.state
    return `${me?.readReceipts} ${startedAt} ${entries.inline?.row.membership.joinedAt}`
  }

  /** The tab that leads dies, and one that is some actions behind continues. Requests of the others are on their way. */
  takeOver(behind: number): void {
    const earlier = this.#earlier.slice(-(behind % 6) - 1)[0] ?? this.state
    if (earlier.cursor !== null) this.state = earlier
    this.#resume()
    this.reconnect(0)
  }

  #resume(): void {
    this.#resumed += 1
    this.#apply({ type: 'resumed', at: this.#resumed * 10_000_000 })
    // The list is on screen.
    if (!this.state.listsRead.includes('people')) this.askForPeople()
  }

  /** The page is closed, and opened again with what the cache holds. */
  reload(limits: { conversations: number; messagesEach: number }): void {
    const kept = structuredClone(snapshots(limits)(this.state))
    this.requests.length = 0
    this.#earlier.length = 0
    this.state = emptyState
    this.#apply({ type: 'restored', state: kept })
    this.#resume()
    this.reconnect(0)
  }

  askForPositions(isWanted: (conversation: StoredConversation) => boolean = () => true): void {
    for (const conversation of this.#server.conversations.filter(isWanted)) {
      const { id, joined } = conversation
      if (id !== 'inline' || !joined || !(id in this.state.entries)) continue
      this.#positioned.add(id)
      const since = this.state.tick
      const read = (): Action => ({
        ...{ type: 'positions', since, conversationId: id },
        positions: this.#server.positionsIn(conversation),
      })
      this.requests.push({ answer: null, read })
    }
  }

  askForPeople(): void {
    const since = this.state.tick
    this.requests.push({
      answer: null,
      read: () => {
        const { friendship, friendRequest } = this.#server
        const people = [this.#server.person('bob')]
        const values: PeopleRead['values'] = [['friendRequests', friendRequest.id, friendRequest]]
        const friends: PeopleRead['values'] = friendship
          ? [
              ['friends', 'bob', friendship],
              ['remarks', 'bob', friendship.remark],
            ]
          : []
        return { type: 'people', since, people, values: [...values, ...friends], listRead: 'people' }
      },
    })
  }

  askForJoinRequests(): void {
    const since = this.state.tick
    const read = (): Action => {
      const requests = this.#server.conversations.flatMap((one) =>
        one.id === 'inline' ? this.#server.joinRequestsIn(one) : [],
      )
      const people = requests.map(({ user }) => user)
      const values = requests.map((request): NonNullable<PeopleRead['values']>[number] => [
        'joinRequests',
        request.id,
        request,
      ])
      return { type: 'people', since, people, values, listRead: 'inline' }
    }
    this.requests.push({ answer: null, read })
  }

  /** The server has no more events of the time of the cursor, so that a first screen replaces everything. */
  resync(): void {
    const event = { cursor: String(this.#server.log.length), resyncReason: 'EXPIRED' } as const
    this.#apply({ type: 'event', event: { __typename: 'ResyncRequired', ...event } as Event })
    this.#transit.length = 0
    this.#position = Number.POSITIVE_INFINITY
    this.requests.push({
      answer: null,
      read: () => {
        const cursor = String(this.#server.log.length)
        // It has another conversation than the one before.
        const conversations = this.#server.conversations.filter(({ joined }) => joined).slice(-1)
        const listed = conversations.map((one) => this.#server.listed(one))
        return { type: 'started', cursor, me: this.#server.me, conversations: listed, complete: false }
      },
    })
  }

  /** The stream sends what is new; an event is read when it is sent. */
  flow(): void {
    for (; this.#position < this.#server.log.length; this.#position += 1)
      this.#transit.push(this.#server.log[this.#position]?.event(String(this.#position + 1)) as Event)
  }

  deliver(): void {
    const event = this.#transit.shift()
    if (event) this.#apply({ type: 'event', event })
  }

  /** The next stream begins after the stored cursor, and delivers each changed subject in its current state. */
  reconnect(back: number): void {
    this.#transit.length = 0
    const since = Math.max(0, Number(this.state.cursor) - back)
    const subjects = new Set(this.#server.log.slice(since).map(({ conversation }) => conversation))
    this.#position = this.#server.log.length
    const cursor = String(this.#position)
    for (const conversation of subjects) {
      if (!conversation) continue
      const { id: conversationId } = conversation
      if (!conversation.joined)
        this.#transit.push({
          __typename: 'ConversationRemoved',
          cursor: this.state.cursor as string,
          conversationId,
        })
      else {
        const listed = this.#server.listed(conversation)
        this.#transit.push({
          __typename: 'ConversationChanged',
          cursor: this.state.cursor as string,
          conversation: listed,
        })
        this.#transit.push(
          this.#server.messagesChanged(
            conversation,
            this.#versionAt(conversation, since),
          )(this.state.cursor as string),
        )
      }
    }
    this.#transit.push({
      __typename: 'UserChanged',
      cursor: this.state.cursor as string,
      user: this.#server.person('bob'),
    })
    const { friendship, friendRequest } = this.#server
    this.#transit.push({
      __typename: 'FriendRequestChanged',
      cursor: this.state.cursor as string,
      friendRequest,
    })
    this.#transit.push({ __typename: 'MeChanged', cursor: this.state.cursor as string, me: this.#server.me })
    const [, group] = this.#server.conversations
    if (group?.joined && group.role === 'ADMIN')
      this.#transit.push({
        __typename: 'JoinRequestChanged',
        cursor: this.state.cursor as string,
        joinRequest: this.#server.joinRequest,
      })
    this.#transit.push({ __typename: 'FriendshipChanged', cursor, userId: 'bob', friendship })
    this.askForPositions()
  }

  /** The version that the stream had delivered of a conversation at a position. */
  #versionAt(conversation: StoredConversation, position: number): number {
    const versions = this.#server.log.slice(0, position).flatMap((entry) => {
      const event = entry.event('')
      return entry.conversation === conversation && 'version' in event ? [event.version] : []
    })
    return Math.max(0, ...versions)
  }

  ask(kind: 'pull' | 'page' | 'list' | 'message', conversation: StoredConversation, number: number): void {
    const since = this.state.tick
    const held = this.state.entries[conversation.id]?.held ?? 0
    this.requests.push({ answer: null, read: () => this.#serve(kind, conversation, number, since, held) })
  }

  #serve(
    kind: string,
    conversation: StoredConversation,
    number: number,
    since: number,
    held: number,
  ): Action | null {
    const server = this.#server
    const { joined, id } = conversation
    const own = (stored: StoredConversation['messages'][number]) => server.message(conversation, stored)
    if (kind === 'pull') {
      const changed = server
        .visibleIn(conversation)
        .filter(({ version }) => version > held)
        .sort((a, b) => a.version - b.version)
      const page = changed.slice(0, 1 + (number % 4))
      const hasMore = page.length < changed.length
      const version = hasMore ? (page.at(-1)?.version as number) : conversation.version
      const changes = { version, hasMore, conversation: server.row(conversation), messages: page.map(own) }
      const asked = [{ conversationId: id, afterVersion: held }]
      return { type: 'pulled', since, asked, changes: joined ? [changes] : [] }
    }
    if (kind === 'list') {
      const conversations = joined ? [server.listed(conversation)] : []
      return { type: 'listed', since, conversations, missing: joined ? [] : [id] }
    }
    if (!joined) return null
    const visible = server.visibleIn(conversation)
    const first = number % (visible.length + 1)
    const page = kind === 'page' ? visible.slice(first, first + 3) : visible.slice(first, first + 1)
    return { type: 'read', since, messages: page.map(own) }
  }

  /** The server reads a request, or its answer arrives. */
  advance(index: number): void {
    const at = index % Math.max(1, this.requests.length)
    const request = this.requests[at]
    if (!request) return
    if (!request.answer) {
      request.answer = request.read()
      if (request.answer) return
    } else {
      this.#apply(request.answer)
      if (request.answer.type === 'started') this.#continue(Number(request.answer.cursor))
    }
    this.requests.splice(at, 1)
  }

  /** After a first screen, the stream begins, and the rest of the lists is read. */
  #continue(position: number): void {
    this.#position = position
    this.#transit.length = 0
    this.#readOn()
  }

  #readOn(): void {
    this.#askForRest()
    this.askForPeople()
  }

  /** The conversations after the first screen, in one page. */
  #askForRest(): void {
    const since = this.state.tick
    const read = (): Action => {
      const conversations = this.#server.conversations.filter(({ joined }) => joined)
      const listed = conversations.map((one) => this.#server.listed(one))
      return { type: 'listed', since, conversations: listed, complete: true }
    }
    this.requests.push({ answer: null, read })
  }

  /** Everything arrives, and what the state says to be missing is fetched, as the sync layer does. */
  settle(): void {
    while (this.requests.length > 0) this.advance(0)
    this.flow()
    while (this.#transit.length > 0) this.deliver()
    if (!this.state.complete) this.#askForRest()
    while (this.requests.length > 0) this.advance(0)
    // A group that was joined again is on screen again.
    this.askForPositions(({ id }) => !this.#positioned.has(id))
    if (!this.state.listsRead.includes('inline')) this.askForJoinRequests()
    for (let round = 0; round < 30; round += 1) {
      const { entries, wanted, unsure } = this.state
      const all = this.#server.conversations
      for (const one of all) {
        const entry = entries[one.id]
        if (entry && entry.known > entry.held) this.ask('pull', one, 3)
        if (one.id in wanted) this.ask('list', one, 0)
        for (const id of unsure.filter((name) => name.startsWith(one.id)))
          this.#askFor(one, Number(id.split(' ')[1]), id)
      }
      if (this.requests.length === 0) return
      while (this.requests.length > 0) this.advance(0)
    }
  }

  #askFor(conversation: StoredConversation, seq: number, id: string): void {
    const since = this.state.tick
    const stored = this.#server.visibleIn(conversation).find((message) => message.seq === seq)
    const messages = stored && conversation.joined ? [this.#server.message(conversation, stored)] : []
    this.requests.push({ answer: null, read: () => ({ type: 'read', since, messages, asked: [id] }) })
  }

  /** What screens show of the conversations and of the messages with these ids. */
  shown(ids?: readonly string[]): object {
    const { entries } = this.state
    const held = new Set(ids ?? this.heldIds())
    // Of a quoted message that is not held, its sender is not known, and so neither is a new name.
    const quoting = (message: Message) =>
      message.quote && !held.has(message.quote.id)
        ? { ...message, quote: { ...message.quote, senderName: null } }
        : message
    const conversations = Object.fromEntries(
      Object.entries(entries).map(([id, entry]) => {
        const { details: _, lastMessage, ...conversation } = conversationOf(this.state, entry)
        const messages = entry.messages.filter((message) => held.has(message.id)).map(quoting)
        const name = 'name' in entry.row ? entry.row.name : null
        const { hasNewer } = historyOf(entry, null)
        return [
          id,
          {
            ...conversation,
            name,
            lastMessage: lastMessage && quoting(lastMessage),
            isBehind: entry.known > entry.held,
            hasNewer,
            receipts: receiptsOf(entry),
            messages,
          },
        ]
      }),
    )
    const { incoming } = friendRequestsOf(this.state)
    const { wanted, unsure, me } = this.state
    return {
      ...{ conversations, me, incoming, friends: friendsOf(this.state) },
      joinRequests: joinRequestsOf(this.state, 'inline'),
      // Nothing remains to be fetched.
      ...{ wanted: Object.keys(wanted), unsure },
    }
  }

  readEverything(): void {
    this.settle()
    for (const one of this.#server.conversations)
      for (let first = 0; first < one.messages.length; first += 1) this.ask('message', one, first)
    this.settle()
  }

  heldIds(): string[] {
    return Object.values(this.state.entries).flatMap(({ messages }) => messages.map(({ id }) => id))
  }
}
