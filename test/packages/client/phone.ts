import { setTimeout as pause } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { createParlance } from '../../../packages/client/src/create-parlance.ts'
import type { Parlance, ParlanceOptions } from '../../../packages/client/src/parlance.ts'
import type { Records } from '../../../packages/client/src/session/records.ts'
import type { KeyValueStorage } from '../../../packages/client/src/session/storage.ts'
import { memoryStorage } from '../../../packages/client/src/session/storage.ts'
import type { Fetch } from '../../../packages/client/src/transport/http.ts'
import type { Person } from '../../world/person.ts'

export interface Phone {
  readonly parlance: Parlance
  /** The application is closed and opened again; what it stored remains. */
  reload(): Promise<void>
  close(): void
}

/** Answers arrive late, and not in the order of the requests. */
const slowFetch =
  (random: () => number): Fetch =>
  async (url, init) => {
    await pause(random() * 10)
    const response = await fetch(url, init)
    await pause(random() * 30)
    return response
  }

/** The client of a person, on a network that wakes it as often as a page is used. */
export function phoneOf(
  person: Person,
  url: string,
  random: () => number = () => 0,
  more: Partial<ParlanceOptions> = {},
): Phone {
  const storage: KeyValueStorage = memoryStorage()
  const open = () =>
    createParlance({
      ...{ url, storage, fetch: slowFetch(random) },
      accessToken: async () => person.credentials.accessToken,
      webSocket: (address, protocol) => new WebSocket(address, protocol),
      wake(listener) {
        const timer = setInterval(listener, 50)
        return () => clearInterval(timer)
      },
      ...more,
    })
  let parlance = open()
  return {
    get parlance() {
      return parlance
    },
    async reload() {
      parlance.close()
      parlance = open()
    },
    close: () => parlance.close(),
  }
}

/** Records that outlive the application, as those in IndexedDB do. */
export function lastingRecords(): Records & { readonly kept: ReadonlyMap<string, unknown> } {
  const kept = new Map<string, unknown>()
  return {
    kept,
    load: async () => new Map(kept),
    async change(changes) {
      for (const [key, value] of changes)
        if (value === undefined) kept.delete(key)
        else kept.set(key, structuredClone(value))
    },
    clear: async () => kept.clear(),
  }
}

/** What screens show: the list, and the whole history of each conversation. */
export async function screensOf({ parlance }: Phone, ids: readonly string[]): Promise<object> {
  const histories: Record<string, unknown> = {}
  for (const id of ids) {
    const view = parlance.conversation(id)
    const stop = view.messages.subscribe(() => {})
    try {
      while (view.state.get() && view.messages.get().hasOlder) await view.messages.older()
      histories[id] = view.messages.get().items
    } finally {
      stop()
    }
  }
  // The fields are of the version at which they were last read; messages have versions of their own.
  const list = parlance.conversations
    .get()
    .map((one) => ({ ...one, details: { ...one.details, version: 0 } }))
  return { list, unread: parlance.unreadCount.get(), histories }
}
