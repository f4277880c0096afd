import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createCache } from '../../../packages/client/src/cache/cache.ts'
import { indexedRecords, type Records } from '../../../packages/client/src/session/records.ts'
import type { Event, Listed, Me, OwnMessage } from '../../../packages/client/src/store/state.ts'
import { createStore } from '../../../packages/client/src/store/store.ts'
import { conversationsOf, historyOf } from '../../../packages/client/src/store/views.ts'
import { ServerModel } from './fold/server-model.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())
const passes = (ms: number) => vi.advanceTimersByTimeAsync(ms)

/** A database that keeps copies, with faults that the test decides. */
class FakeRecords implements Records {
  readonly kept = new Map<string, unknown>()
  fault: 'none' | 'forbidden' | 'full' | 'silent' = 'none'
  writes = 0

  async #answers(): Promise<void> {
    if (this.fault === 'forbidden') throw new Error('SecurityError')
    if (this.fault === 'silent') await new Promise(() => {})
  }

  async load() {
    await this.#answers()
    return structuredClone(this.kept)
  }

  async change(changes: ReadonlyMap<string, unknown>) {
    await this.#answers()
    if (this.fault === 'full') throw new Error('QuotaExceededError')
    this.writes += 1
    for (const [key, value] of changes)
      if (value === undefined) this.kept.delete(key)
      else this.kept.set(key, structuredClone(value))
  }

  async clear() {
    await this.#answers()
    this.kept.clear()
  }
}

const always = () => true
const limits = { conversations: 2, messagesEach: 3 }

function page(records: Records, more = limits) {
  const store = createStore()
  return { store, cache: createCache({ store, records, name: 'cache', ...more }) }
}

const groupOf = ({ conversations }: ServerModel) => conversations[1] as (typeof conversations)[number]

/** A server with ten messages in each conversation, and a page that shows them. */
async function shownPage(records: Records, more = limits) {
  const server = new ServerModel()
  for (const conversation of server.conversations)
    for (let count = 0; count < 10; count += 1) server.send(conversation, 'bob', false)
  const { store, cache } = page(records, more)
  const stop = cache.follow('alice')
  const conversations = server.conversations.map((one) => server.listed(one))
  store.apply({ type: 'started', cursor: '30', me: server.me, conversations, complete: true })
  for (const one of server.conversations) {
    const messages = one.messages.map((message) => server.message(one, message))
    store.apply({ type: 'read', since: store.get().tick, messages })
  }
  await passes(250)
  return { server, store, cache, stop }
}

test('a page that opens again shows the last conversations and their newest messages before any answer', async () => {
  const records = new FakeRecords()
  const { store } = await shownPage(records)
  const { store: reloaded, cache } = page(records)
  await cache.restore('alice', always)
  const before = conversationsOf(store.get()).slice(0, 2)
  expect(conversationsOf(reloaded.get())).toEqual(before)
  for (const { id } of before) {
    const entry = reloaded.get().entries[id]
    expect(entry && historyOf(entry, null).items.map(({ seq }) => seq)).toEqual([8, 9, 10])
  }
  // The list is not whole, so that it is read to its end.
  expect(reloaded.get()).toMatchObject({ cursor: '30', complete: false })
})

test('a cache that holds every conversation is complete', async () => {
  const records = new FakeRecords()
  await shownPage(records, { conversations: 3, messagesEach: 3 })
  const { store, cache } = page(records)
  await cache.restore('alice', always)
  expect(store.get().complete).toBe(true)
})

test('a recalled text leaves the cache', async () => {
  const records = new FakeRecords()
  const { server, store } = await shownPage(records)
  const group = groupOf(server)
  const text = group.messages[9]?.text as string
  expect(JSON.stringify([...records.kept])).toContain(`"${text}"`)
  const { length } = server.log
  server.recall(group, group.messages[9] as (typeof group.messages)[number])
  for (const { event } of server.log.slice(length)) store.apply({ type: 'event', event: event('31') })
  await passes(250)
  expect(JSON.stringify([...records.kept])).not.toContain(`"${text}"`)
})

test('one event writes the cursor and the changed conversation alone', async () => {
  const records = new FakeRecords()
  const { server, store } = await shownPage(records)
  const changes = vi.spyOn(records, 'change')
  const { length } = server.log
  server.send(groupOf(server), 'bob', false)
  for (const { event } of server.log.slice(length)) store.apply({ type: 'event', event: event('31') })
  await passes(250)
  expect(changes.mock.calls.map(([written]) => [...written.keys()])).toEqual([['inline', 'meta']])
})

test('a state of another user, or of another format, is removed and not shown', async () => {
  const records = new FakeRecords()
  await shownPage(records)
  const { store, cache } = page(records)
  await cache.restore('bob', always)
  expect(store.get().me).toBeNull()
  expect(records.kept.size).toBe(0)

  await shownPage(records)
  records.kept.set('meta', { ...(records.kept.get('meta') as object), format: 0 })
  await cache.restore('alice', always)
  expect(store.get().me).toBeNull()
  expect(records.kept.size).toBe(0)
})

test('a sign-out empties the cache, and nothing is written after it', async () => {
  const records = new FakeRecords()
  const { store, cache, stop } = await shownPage(records)
  store.apply({ type: 'event', event: { __typename: 'Checkpoint', cursor: '31', caughtUp: true } as Event })
  stop()
  await cache.clear()
  await passes(10_000)
  expect(records.kept.size).toBe(0)
})

test('a user who signs out while the cache is read is shown nothing of it', async () => {
  const records = new FakeRecords()
  await shownPage(records)
  const { store, cache } = page(records)
  let isCurrent = true
  const restoring = cache.restore('alice', () => isCurrent)
  isCurrent = false
  await restoring
  expect(store.get().me).toBeNull()
})

test.each(['forbidden', 'full', 'silent'] as const)(
  'with a database that is %s everything works without a cache',
  async (fault) => {
    const records = new FakeRecords()
    records.fault = fault
    const { store } = await shownPage(records)
    expect(conversationsOf(store.get())).toHaveLength(3)
    const { store: reloaded, cache } = page(records)
    const restoring = cache.restore('alice', always)
    await passes(1_000)
    await restoring
    expect(reloaded.get().cursor).toBeNull()
    expect(records.kept.size).toBe(0)
  },
)

test('a database that is full loses what it holds, so that it keeps no text that is recalled later', async () => {
  const records = new FakeRecords()
  const { store } = await shownPage(records)
  records.fault = 'full'
  store.apply({ type: 'event', event: { __typename: 'Checkpoint', cursor: '31', caughtUp: true } as Event })
  await passes(250)
  expect(records.kept.size).toBe(0)
})

test('an answer of the server is not replaced by a cache that comes after it', async () => {
  const records = new FakeRecords()
  await shownPage(records)
  const { store, cache } = page(records)
  const started = { cursor: '99', me: { user: { id: 'alice' } } as Me, conversations: [] as Listed[] }
  store.apply({ type: 'started', ...started, complete: true })
  await cache.restore('alice', always)
  expect(store.get()).toMatchObject({ cursor: '99', entries: {} })
})

test('an answer to a request of before the restored state changes nothing', async () => {
  const records = new FakeRecords()
  await shownPage(records)
  const { store, cache } = page(records)
  const { tick } = store.get()
  await cache.restore('alice', always)
  const before = store.get()
  store.apply({ type: 'read', since: tick, messages: [{ conversationId: 'direct' } as OwnMessage] })
  expect(store.get()).toBe(before)
})

test.each([
  ['is missing', undefined],
  [
    'throws',
    {
      open() {
        throw new Error('SecurityError')
      },
    },
  ],
])('records fail when IndexedDB %s', async (_, factory) => {
  const records = indexedRecords('cache', factory)
  await expect(records.load()).rejects.toThrow()
  await expect(records.change(new Map())).rejects.toThrow()
})
