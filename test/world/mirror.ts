import { expect } from 'vitest'
import { readBySending } from '../inbox/read-by-sending.ts'
import { type Inbox, type InboxEvent, patienceMs } from './inbox.ts'
import type { Person } from './person.ts'

type Conversation = NonNullable<Awaited<ReturnType<Person['conversation']>>>
type Message = NonNullable<Awaited<ReturnType<Person['message']>>>
type Page = Awaited<ReturnType<Person['sync']>>

/** The state of a device: loaded by a sync and updated by events, as docs/protocol.md describes. */
export class Mirror {
  readonly #person: Person
  readonly #conversations = new Map<string, Conversation>()
  readonly #messages = new Map<string, Message>()
  readonly #friends = new Map<string, Page['friendships'][number]>()
  readonly #requests = new Map<string, Page['friendRequests'][number]>()
  readonly #joinRequests = new Map<string, Page['joinRequests'][number]>()
  #me: Awaited<ReturnType<Person['me']>> | null = null
  #inbox: Inbox | null = null
  #folded = 0

  private constructor(person: Person) {
    this.#person = person
  }

  /** Loads everything and follows the stream from there. */
  static async of(person: Person): Promise<Mirror> {
    const mirror = new Mirror(person)
    const cursor = await mirror.#load()
    mirror.#inbox = await person.listens({ after: cursor })
    return mirror
  }

  async #load(): Promise<string> {
    let after: string | null = null
    for (;;) {
      const page: Page = await this.#person.sync(after)
      for (const conversation of page.conversations) await this.#refetch(conversation)
      for (const friendship of page.friendships) this.#friends.set(friendship.user.id, friendship)
      for (const request of page.friendRequests) this.#requests.set(request.id, request)
      for (const request of page.joinRequests) this.#joinRequests.set(request.id, request)
      after = page.cursor
      if (!page.hasMore) break
    }
    this.#me = await this.#person.me()
    return after
  }

  async #refetch(conversation: Conversation): Promise<void> {
    this.#conversations.set(conversation.id, conversation)
    for (const message of (await this.#person.history(conversation.id)) ?? []) this.#keep(message)
  }

  #keep(message: Message): void {
    const present = this.#messages.get(message.id)
    if (!present || present.version <= message.version) this.#messages.set(message.id, message)
  }

  async #pull(conversation: Conversation): Promise<void> {
    for (let after = conversation.version, more = true; more; ) {
      const changes = await this.#person.changes(conversation.id, after)
      if (!changes) return
      for (const message of changes.messages) this.#keep(message)
      this.#conversations.set(conversation.id, changes.conversation)
      after = changes.version
      more = changes.hasMore
    }
  }

  async #fold(event: InboxEvent): Promise<void> {
    switch (event.__typename) {
      case 'MessagesChanged': {
        const present = this.#conversations.get(event.conversationId)
        if (!present) return
        if (present.version < event.fromVersion) return this.#pull(present)
        for (const message of event.messages) this.#keep(message)
        if (present.version >= event.version) return
        const { version, maxSeq, messageCount, conversation } = event
        const read = readBySending(present, event.messages, this.#person.id)
        const unreadCount = messageCount - read.membership.readCount
        const hidden = present.membership.hidden && maxSeq === present.maxSeq
        this.#conversations.set(present.id, {
          ...read,
          version,
          maxSeq,
          messageCount,
          lastActivityAt: conversation.lastActivityAt,
          membership: { ...read.membership, unreadCount, hidden },
        })
        return
      }
      case 'ConversationSignal': {
        const present = this.#conversations.get(event.conversationId)
        return present && present.version < event.version ? this.#pull(present) : undefined
      }
      case 'ConversationChanged': {
        const present = this.#conversations.get(event.conversation.id)
        if (!present) return this.#refetch(event.conversation)
        this.#deleteJoinRequests(event.conversation)
        // The version says which messages the client holds; an event without messages does not change it.
        this.#conversations.set(present.id, { ...event.conversation, version: present.version })
        return event.conversation.version > present.version ? this.#pull({ ...present }) : undefined
      }
      case 'ConversationRemoved':
        for (const message of this.#messages.values())
          if (message.conversationId === event.conversationId) this.#messages.delete(message.id)
        this.#conversations.delete(event.conversationId)
        this.#deleteJoinRequests({ id: event.conversationId })
        return
      case 'ReceiptsChanged': {
        const present = this.#conversations.get(event.conversationId)
        if (present?.__typename === 'DirectConversation')
          this.#conversations.set(present.id, {
            ...present,
            peerReadSeq: event.readSeq,
            peerDeliveredSeq: event.deliveredSeq,
          })
        return
      }
      case 'FriendshipChanged':
        if (event.friendship) this.#friends.set(event.userId, event.friendship)
        else this.#friends.delete(event.userId)
        return
      case 'FriendRequestChanged':
        this.#requests.set(event.friendRequest.id, event.friendRequest)
        return
      case 'JoinRequestChanged':
        this.#joinRequests.set(event.joinRequest.id, event.joinRequest)
        return
      // Messages with the media item get new versions with it.
      case 'MediaChanged':
        return
      case 'MeChanged':
        this.#me = event.me
        return
      case 'UserChanged': {
        const friendship = this.#friends.get(event.user.id)
        if (friendship) this.#friends.set(event.user.id, { ...friendship, user: event.user })
        return
      }
      case 'Checkpoint':
      case 'ResyncRequired':
      case 'SessionExpiring':
      case 'SessionEnded':
    }
  }

  /** Join requests of others are visible to current managers only. */
  #deleteJoinRequests(group: { id: string; membership?: { role?: string | null } }): void {
    if (group.membership && group.membership.role !== 'MEMBER') return
    for (const { id, user, group: of } of this.#joinRequests.values())
      if (of.conversationId === group.id && user.id !== this.#person.id) this.#joinRequests.delete(id)
  }

  async #foldAll(): Promise<void> {
    const events = this.#inbox?.events ?? []
    for (; this.#folded < events.length; this.#folded += 1)
      await this.#fold(events[this.#folded] as InboxEvent)
  }

  state(): object {
    const byId = <Value>(map: Map<string, Value>) =>
      Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)))
    const messages = [...this.#messages.values()].map(
      (message) => [message.id, this.#withQuote(message)] as const,
    )
    return {
      conversations: byId(this.#conversations),
      messages: byId(new Map(messages)),
      friends: byId(this.#friends),
      requests: byId(this.#requests),
      joinRequests: byId(this.#joinRequests),
      me: this.#me,
    }
  }

  /** A quote is a reference: it shows the current state of the message. */
  #withQuote(message: Message): Message {
    const known = message.quote && this.#messages.get(message.quote.id)
    if (!known) return message
    const { id, seq, version, plainText } = known
    return { ...message, quote: { id, seq, version, plainText } }
  }

  /** Live equals refetch: waits until the state equals what a new device would load. */
  async settles(): Promise<void> {
    const fresh = new Mirror(this.#person)
    await fresh.#load()
    const expected = fresh.state()
    const deadline = Date.now() + patienceMs
    for (;;) {
      await this.#foldAll()
      if (this.#equals(expected) || Date.now() > deadline) break
      await this.#inbox?.until(() => this.#folded < (this.#inbox?.events.length ?? 0)).catch(() => undefined)
    }
    expect(this.state(), `what ${this.#person.name} holds`).toEqual(expected)
  }

  #equals(expected: object): boolean {
    try {
      expect(this.state()).toEqual(expected)
      return true
    } catch {
      return false
    }
  }

  close(): void {
    this.#inbox?.close()
  }
}

/** Performs an action and checks for each user that live state equals a refetch. */
export async function liveEqualsRefetch<Result>(
  people: Person[],
  action: () => Promise<Result>,
): Promise<Result> {
  const mirrors = await Promise.all(people.map((person) => Mirror.of(person)))
  try {
    const result = await action()
    for (const mirror of mirrors) await mirror.settles()
    return result
  } finally {
    for (const mirror of mirrors) mirror.close()
  }
}
