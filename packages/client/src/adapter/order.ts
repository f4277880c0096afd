import type { Wake } from '../transport/wake.ts'
import { conversationIdOf, type InboxEvent } from './event.ts'
import { createNewest } from './newest.ts'
import { createProgress, type Progress } from './progress.ts'

/** An event that changed which objects a list contains. */
interface Listed<Item> {
  at: number
  item: Item
}

export interface Order<Item> {
  readonly progress: Progress
  /** The time at which a request is sent. */
  now(): number
  /** The answer to a request of that time, without anything older than what was delivered since. */
  answer<Data>(data: Data, sentAt: number): Data
  /** `item` is what the adapter needs to write the event once more. */
  event<Data>(data: Data, item: (data: Data) => Item): Data
  /**
   * Events that overtook the answer to a request of that time, to be written after it: its lists do not have what they
   * added and removed. They describe the current state, so twice is once.
   */
  overtaking(sentAt: number): Item[]
  /** Another user has other fields. What the cache has is known beyond that. */
  clear(): void
}

/** Puts what arrives in an order in which a cache that takes whichever comes last has the newest. */
export function createOrder<Item>(wake: Wake): Order<Item> {
  const newest = createNewest()
  const progress = createProgress(wake)
  /** The last event of each conversation, and of each other kind. */
  const listed = new Map<string, Listed<() => Item>>()

  return {
    progress,
    now: newest.now,
    answer(data, sentAt) {
      // As it was answered: an older version says that the page lacks something.
      progress.read(data)
      return newest.read(data, sentAt)
    },
    event(data, item) {
      const read = newest.read(data)
      const event = (data as { inbox?: InboxEvent } | null)?.inbox
      if (!event || !changesLists.test(event.__typename)) return read
      const key = conversationIdOf(event) ?? event.__typename
      const at = newest.now()
      listed.delete(key)
      listed.set(key, { at, item: () => item(newest.read(data, at)) })
      return read
    },
    overtaking: (sentAt) => [...listed.values()].filter(({ at }) => at > sentAt).map(({ item }) => item()),
    clear() {
      newest.clear()
      listed.clear()
    },
  }
}

const changesLists = /^(Conversation(Changed|Removed)|MessagesChanged|Friend(ship|Request)Changed)$/
