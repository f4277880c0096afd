import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { print } from 'graphql'
import type { Client } from 'graphql-ws'
import { graphql } from '../generated/gql.ts'
import type {
  PresenceStatus,
  WatchPresenceSubscription,
  WatchTypingSubscription,
} from '../generated/graphql.ts'
import { Refused } from '../world/client.ts'
import { patienceMs } from '../world/inbox.ts'
import type { Person } from '../world/person.ts'
import { Waiters } from '../world/waiters.ts'

const PresenceOf = graphql(`
  query PresenceOf($userId: ID!) {
    user(id: $userId) {
      presence {
        status
        lastSeenAt
      }
    }
  }
`)

const SetPresence = graphql(`
  mutation SetPresence($status: PresenceStatus!) {
    setPresence(input: { status: $status }) {
      me {
        ...MeParts
      }
    }
  }
`)

export const WatchPresence = graphql(`
  subscription WatchPresence($userIds: [ID!]!) {
    presence(userIds: $userIds) {
      id
      displayName
      presence {
        status
        lastSeenAt
      }
    }
  }
`)

const SendTyping = graphql(`
  mutation SendTyping($conversationId: ID!, $typing: Boolean) {
    sendTyping(input: { conversationId: $conversationId, typing: $typing }) {
      shown
    }
  }
`)

const WatchTyping = graphql(`
  subscription WatchTyping($conversationId: ID) {
    typing(conversationId: $conversationId) {
      conversationId
      user {
        id
      }
      typing
      expiresAt
    }
  }
`)

interface Identified {
  id: string
}

/** An open subscription and all its events. */
export class SubscriptionLog<Event> {
  readonly events: Event[] = []
  #failure: unknown = null
  readonly #stop: () => void
  readonly #waiters = new Waiters()

  constructor(client: Client, document: TypedDocumentNode<Record<string, Event>, never>, variables: object) {
    this.#stop = client.subscribe<Record<string, Event>>(
      { query: print(document), variables: variables as Record<string, unknown> },
      {
        next: ({ data, errors }) => {
          if (errors?.[0]) this.#failure = new Refused(errors[0])
          for (const event of Object.values(data ?? {})) this.events.push(event)
          this.#waiters.wake()
        },
        error: (error) => {
          this.#failure = Array.isArray(error) ? new Refused(error[0]) : error
          this.#waiters.wake()
        },
        complete: () => this.#waiters.wake(),
      },
    )
  }

  /** Waits for a matching event, from an index on, and returns it. */
  async sees(fits: (event: Event) => boolean, from = 0): Promise<Event> {
    const deadline = Date.now() + patienceMs
    for (;;) {
      const found = this.events.slice(from).find(fits)
      if (found) return found
      if (this.#failure) throw this.#failure
      if (Date.now() > deadline) throw new Error(`No event matched in time: ${JSON.stringify(this.events)}`)
      await this.#waiters.wait(250)
    }
  }

  close(): void {
    this.#stop()
  }
}

export type SeenPresence = WatchPresenceSubscription['presence']
export type TypingEvent = WatchTypingSubscription['typing']

export const presenceOf = async (person: Person, other: Identified) =>
  (await person.do(PresenceOf, { userId: other.id })).user?.presence

export const setsPresence = async (person: Person, status: PresenceStatus) =>
  (await person.do(SetPresence, { status })).setPresence.me

export const watches = (person: Person, ...others: Identified[]) =>
  new SubscriptionLog<SeenPresence>(person.socket(), WatchPresence, { userIds: others.map(({ id }) => id) })

/** Waits until the user has the status. */
export const seesStatus = (
  watch: SubscriptionLog<SeenPresence>,
  other: Identified,
  status: PresenceStatus,
  from = 0,
) => watch.sees(({ id, presence }) => id === other.id && presence.status === status, from)

/** The status of a user as shown on this device. */
export const ownStatus = async (person: Person) => (await person.me()).user.presence.status

export const statuses = (watch: SubscriptionLog<SeenPresence>) =>
  watch.events.map(({ presence }) => presence.status)

export const types = async (person: Person, conversationId: string, typing?: boolean) =>
  (await person.do(SendTyping, { conversationId, typing })).sendTyping.shown

/** Resolves once the subscription is active: a later operation on the same socket was answered. */
export async function watchesTyping(
  person: Person,
  conversationId?: string,
): Promise<SubscriptionLog<TypingEvent>> {
  const client = person.socket()
  const log = new SubscriptionLog<TypingEvent>(client, WatchTyping, { conversationId })
  const own = new SubscriptionLog<SeenPresence>(client, WatchPresence, { userIds: [person.id] })
  await own.sees(() => true)
  own.close()
  return log
}

export const typist = (other: Identified, typing: boolean) => (event: TypingEvent) =>
  event.user.id === other.id && event.typing === typing
