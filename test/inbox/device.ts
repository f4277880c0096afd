import { expect } from 'vitest'
import { onlyNotFound } from '../world/client.ts'
import { type InboxEvent, patienceMs } from '../world/inbox.ts'
import type { Person } from '../world/person.ts'
import { readBySending } from './read-by-sending.ts'
import { InboxSocket, type InboxVariables } from './socket.ts'

type Conversation = NonNullable<Awaited<ReturnType<Person['conversation']>>>
type Message = NonNullable<Awaited<ReturnType<Person['message']>>>

export interface Held {
  conversation: Conversation
  /** The version up to which all messages are held. */
  version: number
  messages: Map<string, Message>
}

/**
 * A client that does exactly what docs/protocol.md asks for: it takes settings from ConversationChanged only, and messages
 * from events and pulls only. It keeps its state across disconnects.
 */
export class Device {
  readonly person: Person
  readonly conversations = new Map<string, Held>()
  cursor = ''
  removals: string[] = []
  #socket: InboxSocket | null = null

  private constructor(person: Person) {
    this.person = person
  }

  static async of(person: Person): Promise<Device> {
    const device = new Device(person)
    await device.#load()
    return device
  }

  async #load(): Promise<void> {
    let after: string | null = null
    for (;;) {
      const page = await this.person.sync(after)
      for (const conversation of page.conversations) await this.#adopt(conversation)
      after = page.cursor
      if (!page.hasMore) break
    }
    this.cursor = after
  }

  async #adopt(conversation: Conversation): Promise<void> {
    const held: Held = { conversation, version: 0, messages: new Map() }
    this.conversations.set(conversation.id, held)
    await this.#pull(held)
  }

  async #pull(held: Held): Promise<void> {
    for (let more = true; more; ) {
      const changes = await this.person.changes(held.conversation.id, held.version).catch(onlyNotFound)
      // The user left the conversation; the event follows.
      if (!changes) return
      for (const message of changes.messages) keep(held, message)
      held.version = Math.max(held.version, changes.version)
      count(held, changes.conversation)
      more = changes.hasMore
    }
  }

  get socket(): InboxSocket {
    if (!this.#socket) throw new Error('The inbox is not open.')
    return this.#socket
  }

  async opens(variables: InboxVariables = { after: this.cursor }): Promise<void> {
    this.#socket?.cut()
    this.#socket = await InboxSocket.open(this.person, variables)
  }

  cut(): void {
    this.#socket?.cut()
    this.#socket = null
  }

  /** Takes and folds the next event; null if `enough` returns true first. */
  async folds(enough?: () => boolean): Promise<InboxEvent | null> {
    const event = await this.socket.next(enough)
    if (!event) return null
    await this.#fold(event)
    this.cursor = event.cursor
    return event
  }

  /** Folds until the end of the catch-up. */
  async catchesUp(): Promise<void> {
    for (;;) {
      const event = await this.folds()
      if (event?.__typename === 'Checkpoint' && event.caughtUp) return
    }
  }

  async #fold(event: InboxEvent): Promise<void> {
    switch (event.__typename) {
      case 'MessagesChanged': {
        const held = this.conversations.get(event.conversationId)
        if (!held) return
        if (held.version < event.fromVersion) await this.#pull(held)
        for (const message of event.messages) keep(held, message)
        held.version = Math.max(held.version, event.version)
        held.conversation = readBySending(held.conversation, event.messages, this.person.id)
        count(held, { ...event, lastActivityAt: event.conversation.lastActivityAt })
        return
      }
      case 'ConversationSignal': {
        // Pulls at once, so the numbers are not needed.
        const held = this.conversations.get(event.conversationId)
        return held && held.version < event.version ? this.#pull(held) : undefined
      }
      case 'ConversationChanged': {
        const held = this.conversations.get(event.conversation.id)
        if (!held) return this.#adopt(event.conversation)
        const counted = held.conversation
        held.conversation = event.conversation
        count(held, counted)
        return
      }
      case 'ReceiptsChanged': {
        const held = this.conversations.get(event.conversationId)
        if (held?.conversation.__typename === 'DirectConversation')
          held.conversation = {
            ...held.conversation,
            peerReadSeq: event.readSeq,
            peerDeliveredSeq: event.deliveredSeq,
          }
        return
      }
      case 'ConversationRemoved':
        this.removals.push(event.conversationId)
        this.conversations.delete(event.conversationId)
        return
      case 'ResyncRequired':
        throw new Error(`The cursor was rejected: ${event.resyncReason}`)
      default:
        // Not about a conversation.
        return
    }
  }

  /** Those of the facts that the device does not hold yet. */
  missing(facts: Facts): string[] {
    return [...facts].filter(([key, value]) => (this.#known(key) ?? -1) < value).map(([key]) => key)
  }

  #known(key: string): number | undefined {
    const [conversationId = '', what, id = ''] = key.split(' ')
    const held = this.conversations.get(conversationId)
    if (!held) return undefined
    const { conversation, messages } = held
    if (what === 'message') return messages.get(id)?.version
    if (what === 'read') return conversation.membership.readSeq
    if (what === 'draft') return Number(conversation.membership.draft ?? 0)
    return 'description' in conversation ? Number(conversation.description ?? 0) : undefined
  }

  /** Everything held, in a comparable form. */
  state(): object {
    const entries = [...this.conversations].sort(([a], [b]) => (a < b ? -1 : 1))
    return Object.fromEntries(
      entries.map(([id, { conversation, messages }]) => {
        const { version: _version, membership, ...settings } = conversation
        const unreadCount = conversation.messageCount - membership.readCount
        const sorted = [...messages.values()].sort((a, b) => a.seq - b.seq)
        return [
          id,
          { ...settings, membership: { ...membership, unreadCount }, messages: sorted.map(withoutQuote) },
        ]
      }),
    )
  }

  /** Asserts that the folded state equals what a new device of the same user loads. */
  async isComplete(): Promise<void> {
    const fresh = await Device.of(this.person)
    expect(this.state(), `state of ${this.person.name}`).toEqual(fresh.state())
  }

  /** Folds until the state equals what a new device loads; fails after the timeout. */
  async becomesComplete(withinMs = patienceMs): Promise<void> {
    const expected = (await Device.of(this.person)).state()
    const deadline = Date.now() + withinMs
    while (!same(this.state(), expected) && Date.now() < deadline) await this.#foldsWithin(deadline)
    expect(this.state(), `state of ${this.person.name}`).toEqual(expected)
  }

  async #foldsWithin(deadline: number): Promise<void> {
    const timer = setTimeout(() => this.socket.wake(), deadline - Date.now())
    try {
      await this.folds(() => Date.now() >= deadline)
    } finally {
      clearTimeout(timer)
    }
  }
}

/** Numbers that only grow, each under a key. */
export type Facts = ReadonlyMap<string, number>

const same = (one: object, other: object) => JSON.stringify(one) === JSON.stringify(other)

/** A quote shows the quoted message, which is compared itself. */
const withoutQuote = ({ quote: _quote, ...message }: Message) => message

/** Keeps the newer copy, and asserts that a seq belongs to one message and a version to one state. */
function keep({ messages }: Held, message: Message): void {
  const present = messages.get(message.id)
  if (present?.version === message.version) expect(withoutQuote(message)).toEqual(withoutQuote(present))
  if (present) expect(message.seq).toBe(present.seq)
  if (!present || present.version < message.version) messages.set(message.id, message)
}

type Counted = Pick<Conversation, 'maxSeq' | 'messageCount' | 'lastActivityAt'> & {
  membership?: Pick<Conversation['membership'], 'readSeq' | 'readCount'>
}

/** A pull may be ahead of events that follow, so the greater value of each growing number is kept. */
function count(held: Held, { maxSeq, messageCount, lastActivityAt, membership }: Counted): void {
  const { conversation } = held
  const { readSeq, readCount } = conversation.membership
  held.conversation = {
    ...conversation,
    maxSeq: Math.max(conversation.maxSeq, maxSeq),
    messageCount: Math.max(conversation.messageCount, messageCount),
    membership: {
      ...conversation.membership,
      readSeq: Math.max(readSeq, membership?.readSeq ?? 0),
      readCount: Math.max(readCount, membership?.readCount ?? 0),
    },
    lastActivityAt:
      lastActivityAt > conversation.lastActivityAt ? lastActivityAt : conversation.lastActivityAt,
  }
}
