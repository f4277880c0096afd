import { print } from 'graphql'
import type { Client } from 'graphql-ws'
import { expect, test, vi } from 'vitest'
import type { InboxSubscription as InboxData } from '../generated/graphql.ts'
import { eventually } from '../world/eventually.ts'
import { Acknowledge, InboxSubscription, MeQuery, SendMessage, SyncCursorQuery } from '../world/operations.ts'
import type { Person } from '../world/person.ts'
import { useWorld } from '../world/world.ts'
import { acknowledger, askOver, patientSocket } from './chat-app.ts'
import { type CuttingProxy, cuttingProxy, upTo } from './cutting-proxy.ts'

const world = useWorld()

type Event = InboxData['inbox']

const patienceMs = 10_000

/** Subscribes with constant variables; the client resubscribes after every cut. */
function follow(socket: Client, after: string, handled: (cursor: string) => void = () => {}): Event[] {
  const events: Event[] = []
  socket.subscribe<InboxData>(
    { query: print(InboxSubscription), variables: { after } },
    {
      next: ({ data }) => {
        if (!data) return
        events.push(data.inbox)
        handled(data.inbox.cursor)
      },
      error: (error) => expect.unreachable(String(error)),
      complete: () => {},
    },
  )
  return events
}

const changesIn = (events: Event[]) => events.filter((event) => event.__typename === 'MessagesChanged')

const inOrderOfSeq = <Message extends { seq: number }>(messages: Iterable<Message>) =>
  [...messages].sort((a, b) => a.seq - b.seq)

async function changedSince(person: Person, id: string, version: number) {
  const messages = []
  for (let after = version, more = true; more; ) {
    const page = await person.changes(id, after)
    if (!page) break
    messages.push(...page.messages)
    after = page.version
    more = page.hasMore
  }
  return inOrderOfSeq(messages)
}

async function breaks(proxy: CuttingProxy, times: number): Promise<void> {
  await vi.waitFor(() => {
    if (proxy.cuts < times) proxy.cut()
    expect(proxy.cuts).toBeGreaterThanOrEqual(times)
  }, patienceMs)
}

test('graphql-ws queries, sends and subscribes on one socket', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await alice.opens(bob)
  const socket = patientSocket({ url: world.url, person: alice })
  const { syncCursor } = await askOver(socket, SyncCursorQuery, {})
  const events = follow(socket, syncCursor)

  expect((await askOver(socket, MeQuery, {})).me.user.id).toBe(alice.id)
  const input = { conversationId: id, clientMessageId: 'over the socket', content: { text: 'hello' } }
  const { message } = (await askOver(socket, SendMessage, { input })).sendMessage

  await eventually(() =>
    expect(changesIn(events).flatMap(({ messages }) => messages)).toContainEqual(message),
  )
})

test('graphql-ws receives every change in order, however often it is cut', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id, version } = await alice.opens(bob)
  const proxy = await cuttingProxy(world.url)
  const socket = patientSocket({ url: proxy.url, person: alice })
  const report = acknowledger((cursor) => askOver(socket, Acknowledge, { cursor }))
  const events = follow(socket, await alice.syncCursor(), report)

  const seed = Date.now() % 100_000
  proxy.storm(upTo(8_000, seed))
  for (let n = 1; n <= 50; n += 1) {
    const [first] = await Promise.all([
      bob.sends(id, `${n}`),
      bob.sends(id, `${n} too`),
      bob.sends(id, `${n} as well`),
    ])
    if (n % 3 === 0) await bob.edits(first, `${n}, edited`)
    if (n % 7 === 0) await bob.recalls(first)
    await breaks(proxy, n)
  }
  proxy.calm()
  const expected = await changedSince(alice, id, version)
  const present = Math.max(...expected.map((message) => message.version))
  await vi.waitFor(() => expect(changesIn(events).at(-1)?.version, `seed ${seed}`).toBe(present), patienceMs)

  let held = version
  for (const change of changesIn(events)) {
    expect(change.fromVersion, 'what the change builds on').toBeLessThanOrEqual(held)
    held = Math.max(held, change.version)
  }
  const folded = new Map<number, (typeof expected)[number]>()
  // Older changes may be delivered again if their delivery was in progress.
  for (const message of changesIn(events).flatMap(({ messages }) => messages))
    if (message.version > version && message.version >= (folded.get(message.seq)?.version ?? 0))
      folded.set(message.seq, message)
  expect(inOrderOfSeq(folded.values())).toEqual(expected)
})

test('graphql-ws resumes from what it acknowledged without duplicates', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await alice.opens(bob)
  const proxy = await cuttingProxy(world.url)
  const socket = patientSocket({ url: proxy.url, person: alice })
  const events = follow(socket, await alice.syncCursor())
  const received = () =>
    changesIn(events).flatMap(({ messages }) =>
      messages.filter(({ sender }) => sender).map((one) => one.plainText),
    )
  const catchesUp = (since: number) =>
    eventually(() =>
      expect(events.slice(since)).toContainEqual(
        expect.objectContaining({ __typename: 'Checkpoint', caughtUp: true }),
      ),
    )
  await catchesUp(0)
  await bob.sends(id, 'before the cut')
  await vi.waitFor(() => expect(received()).toHaveLength(1), patienceMs)

  await askOver(socket, Acknowledge, { cursor: events.at(-1)?.cursor ?? '' })
  const before = events.length
  proxy.cut()
  await catchesUp(before)
  await bob.sends(id, 'after the cut')

  await vi.waitFor(() => expect(received()).toHaveLength(2), patienceMs)
  expect(received()).toEqual(['before the cut', 'after the cut'])
})

test('graphql-ws reconnects as often as a phone that loses its network without a close', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await alice.opens(bob)
  const proxy = await cuttingProxy(world.url)
  const socket = patientSocket({ url: proxy.url, person: alice })
  const report = acknowledger((cursor) => askOver(socket, Acknowledge, { cursor }))
  const events = follow(socket, await alice.syncCursor(), report)

  for (let n = 1; n <= 8; n += 1) {
    const { seq } = await bob.sends(id, `${n}`)
    await vi.waitFor(() => expect(changesIn(events).at(-1)?.maxSeq).toBe(seq), patienceMs)
    proxy.vanish()
  }
  expect(proxy.cuts).toBeGreaterThanOrEqual(8)
})

test('messages sent by graphql-ws while the network breaks are stored once each, in order', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id, maxSeq } = await alice.opens(bob)
  const proxy = await cuttingProxy(world.url)
  const socket = patientSocket({ url: proxy.url, person: alice })

  const keys = Array.from({ length: 40 }, (_, n) => `key ${n}`)
  proxy.storm(upTo(1_500, Date.now() % 100_000))
  for (const clientMessageId of keys) {
    const input = { conversationId: id, clientMessageId, content: { text: clientMessageId } }
    await askOver(socket, SendMessage, { input })
  }
  expect(proxy.cuts).toBeGreaterThan(10)
  const stored = (await bob.history(id))?.filter((message) => message.seq > maxSeq)
  expect(stored?.map((message) => message.clientMessageId)).toEqual(keys)
})
