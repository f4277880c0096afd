import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Engine } from '../../../../packages/client/src/engine/engine.ts'
import type { Item, Pending } from '../../../../packages/client/src/outbox/item.ts'
import { createSender } from '../../../../packages/client/src/outbox/sender.ts'
import { signal } from '../../../../packages/client/src/signal.ts'
import type { Event, Me, OwnMessage } from '../../../../packages/client/src/store/state.ts'
import { createStore, type Store } from '../../../../packages/client/src/store/store.ts'
import { createHub, type HubOptions } from '../../../../packages/client/src/tabs/hub.ts'
import type { Sink } from '../../../../packages/client/src/transport/socket.ts'
import { FakeBrowser } from './fake-browser.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())
const passes = (ms: number) => vi.advanceTimersByTimeAsync(ms)

/** The server, as engines see it: a numbered stream, and messages by key. */
class Server {
  readonly engines = new Set<FakeEngine>()
  readonly sent: string[] = []
  count = 0
  online = true

  happens(): void {
    this.count += 1
    for (const engine of this.engines) engine.catchUp()
  }
}

class FakeEngine implements Engine {
  readonly connection = signal<'open' | 'waiting'>('open')
  readonly pending = signal<readonly Pending[]>([])
  readonly subscriptions = new Map<string, Sink<never>>()
  frozen = false
  stopped = false
  readonly #server: Server
  readonly #store: Store
  readonly #settled: (key: string, outcome: OwnMessage) => void

  constructor(server: Server, store: Store, settled: (key: string, outcome: OwnMessage) => void) {
    this.#server = server
    this.#store = store
    this.#settled = settled
    server.engines.add(this)
    if (store.get().cursor === null)
      store.apply({
        type: 'started',
        cursor: '0',
        me: { user: { id: 'alice' } } as Me,
        conversations: [],
        complete: true,
      })
    this.catchUp()
  }

  catchUp(): void {
    if (this.frozen) return
    for (let next = Number(this.#store.get().cursor) + 1; next <= this.#server.count; next += 1)
      this.#store.apply({
        type: 'event',
        event: { __typename: 'Checkpoint', caughtUp: true, cursor: `${next}` } as Event,
      })
    while (this.#server.online && this.pending.get()[0]) {
      const [item, ...rest] = this.pending.get() as [Pending, ...Pending[]]
      if (!this.#server.sent.includes(item.key)) this.#server.sent.push(item.key)
      this.#settled(item.key, { id: item.key } as OwnMessage)
      this.pending.set(rest)
    }
  }

  subscribe(document: string, _variables: () => unknown, sink: Sink<never>) {
    this.subscriptions.set(document, sink)
    return () => void this.subscriptions.delete(document)
  }

  add(item: Item) {
    if (this.pending.get().some(({ key }) => key === item.key)) return
    this.pending.set([...this.pending.get(), { ...item, state: { status: 'waiting' } }])
    this.catchUp()
  }

  retry() {}
  cancel(key: string) {
    this.pending.set(this.pending.get().filter((item) => item.key !== key))
  }
  stop() {
    this.stopped = true
    this.#server.engines.delete(this)
  }
}

function openTab(browser: FakeBrowser, server: Server, more: Partial<HubOptions> = {}) {
  const platform = browser.tab()
  const store = createStore()
  const wakes = new Set<() => void>()
  const sessions: (string | null)[] = []
  const engines: FakeEngine[] = []
  const hub = createHub({
    store,
    wake(listener) {
      wakes.add(listener)
      return () => void wakes.delete(listener)
    },
    startEngine(given) {
      const engine = new FakeEngine(server, given.store, given.onSettled)
      given.wake(() => engine.catchUp())
      engines.push(engine)
      return engine
    },
    accepts: () => true,
    onAction() {},
    onSettled: (key, outcome) => sender.settled(key, outcome),
    onLeader: () => sender.resend(),
    onSession: (reason) => void sessions.push(reason),
    ...more,
  })
  const sender = createSender(hub.outbox)
  hub.start(platform, 'parlance')
  return {
    ...{ platform, store, hub, sender, sessions, engines },
    cursor: () => store.get().cursor,
    wakes: () => [...wakes].forEach((listener) => void listener()),
    send: (text: string) => sender.send('direct', { text }),
    closes() {
      hub.stop()
      platform.dies()
    },
    crashes() {
      for (const engine of engines) engine.stop()
      platform.dies()
    },
    freezes() {
      for (const engine of engines) engine.frozen = true
      platform.freeze()
    },
    thaws() {
      for (const engine of engines) engine.frozen = false
      platform.thaw()
    },
  }
}
type Tab = ReturnType<typeof openTab>

async function openTabs(count: number) {
  const browser = new FakeBrowser()
  const server = new Server()
  const tabs: Tab[] = []
  for (let index = 0; index < count; index += 1) {
    tabs.push(openTab(browser, server))
    await passes(0)
  }
  return { browser, server, tabs }
}

test.each([1, 2, 3, 4, 5, 6])('%i tabs have one engine and the same state', async (count) => {
  const { server, tabs } = await openTabs(count)
  expect(server.engines.size).toBe(1)
  server.happens()
  await passes(0)
  expect(tabs.map((tab) => tab.cursor())).toEqual(tabs.map(() => '1'))
  expect(new Set(tabs.map((tab) => tab.store.get().tick)).size).toBe(1)
  for (const tab of tabs) tab.closes()
})

test.each(['closes', 'crashes'] as const)(
  'when the leader %s, another continues where it was',
  async (end) => {
    const { server, tabs } = await openTabs(3)
    const [leader, ...others] = tabs as [Tab, Tab, Tab]
    server.happens()
    await passes(0)
    leader[end]()
    server.happens()
    await passes(0)
    expect(server.engines.size).toBe(1)
    expect(others.map((tab) => tab.cursor())).toEqual(['2', '2'])
    for (const tab of others) tab.closes()
  },
)

test('a leader that sleeps for an hour loses the lead, and follows when it wakes', async () => {
  const { server, tabs } = await openTabs(3)
  const [leader, ...others] = tabs as [Tab, Tab, Tab]
  leader.freezes()
  server.happens()
  await passes(3_600_000)
  expect(others.map((tab) => tab.cursor())).toEqual(['1', '1'])
  leader.thaws()
  server.happens()
  await passes(20_000)
  expect(tabs.map((tab) => tab.cursor())).toEqual(['2', '2', '2'])
  expect(leader.engines.map(({ stopped }) => stopped)).toEqual([true])
  expect(server.engines.size).toBe(1)
  for (const tab of tabs) tab.closes()
})

test('a follower that is used again finds a sleeping leader within seconds', async () => {
  const { server, tabs } = await openTabs(2)
  const [leader, follower] = tabs as [Tab, Tab]
  leader.freezes()
  server.happens()
  follower.wakes()
  await passes(4_000)
  expect(follower.cursor()).toBe('1')
  for (const tab of tabs) tab.closes()
})

test('a message of a follower is sent once, although the leader dies before, during or after it', async () => {
  for (const moment of ['before', 'during', 'after']) {
    const { server, tabs } = await openTabs(3)
    const [leader, follower] = tabs as [Tab, Tab, Tab]
    if (moment === 'before') leader.crashes()
    server.online = moment === 'after'
    const sendings = [follower.send('one'), follower.send('two')]
    // Posted but not received, or received but not sent.
    if (moment === 'during') await passes(0)
    if (moment !== 'before') leader.crashes()
    server.online = true
    await passes(10_000)
    for (const tab of tabs) tab.wakes()
    await passes(0)
    expect((await Promise.all(sendings)).map(({ id }) => id)).toEqual(sendings.map(({ key }) => key))
    expect(server.sent).toEqual(sendings.map(({ key }) => key))
    expect(follower.sender.items.get()).toEqual([])
    for (const tab of tabs) tab.closes()
  }
})

test('all tabs show what waits in the outbox, and any may cancel it', async () => {
  const { server, tabs } = await openTabs(3)
  const [leader, first, second] = tabs as [Tab, Tab, Tab]
  server.online = false
  const sending = first.send('regretted')
  await passes(0)
  for (const tab of tabs) expect(tab.sender.items.get().map(({ key }) => key)).toEqual([sending.key])
  expect(sending.cancel()).toBe(true)
  await expect(sending).rejects.toMatchObject({ code: 'CANCELLED' })
  await passes(0)
  for (const tab of [leader, second]) expect(tab.sender.items.get()).toEqual([])
  for (const tab of tabs) tab.closes()
})

test('a subscription of a follower is on the one socket, follows the lead, and ends with its tab', async () => {
  const { tabs } = await openTabs(3)
  const [leader, follower, third] = tabs as [Tab, Tab, Tab]
  const seen: unknown[] = []
  follower.hub.subscribe('typing', () => ({}), { next: (data) => void seen.push(data), end() {} })
  await passes(0)
  leader.engines[0]?.subscriptions.get('typing')?.next('first' as never)
  await passes(0)
  leader.crashes()
  await passes(0)
  const next = [follower, third].flatMap(({ engines }) => engines).at(-1) as FakeEngine
  next.subscriptions.get('typing')?.next('second' as never)
  await passes(0)
  expect(seen).toEqual(['first', 'second'])
  follower.crashes()
  await passes(20_000)
  const last = third.engines.at(-1) as FakeEngine
  expect([...last.subscriptions.keys()]).toEqual([])
  third.closes()
})

test('a sign-out reaches all tabs, and a tab of another user shows nothing of the leader', async () => {
  const { browser, server, tabs } = await openTabs(2)
  const [leader, follower] = tabs as [Tab, Tab]
  follower.hub.announceSession('ENDED')
  await passes(0)
  expect(leader.sessions).toEqual(['ENDED'])
  const stranger = openTab(browser, server, { accepts: (viewerId) => viewerId !== 'alice' })
  await passes(0)
  server.happens()
  await passes(0)
  expect(stranger.store.get().me).toBeNull()
  for (const tab of [...tabs, stranger]) tab.closes()
})

test('an answer to a follower is applied in all tabs in the same order', async () => {
  const { server, tabs } = await openTabs(3)
  const [leader, follower] = tabs as [Tab, Tab, Tab]
  follower.hub.apply({
    type: 'people',
    since: follower.store.get().tick,
    people: [{ id: 'bob', handle: 'bob', displayName: 'Bob', avatarUrl: null, deletedAt: null }],
  })
  server.happens()
  await passes(0)
  for (const tab of tabs) expect(tab.store.get()).toEqual(leader.store.get())
  expect(leader.store.get().people.bob?.value.displayName).toBe('Bob')
  for (const tab of tabs) tab.closes()
})
