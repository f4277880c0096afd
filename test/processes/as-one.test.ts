import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import pg from 'pg'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { onDevice, revokes } from '../auth/verbs.ts'
import { Device } from '../inbox/device.ts'
import { randomFrom, Workload } from '../inbox/workload.ts'
import { showsReading } from '../message/verbs.ts'
import { Inbox } from '../world/inbox.ts'
import type { Person } from '../world/person.ts'
import { timed } from '../world/stopwatch.ts'
import { hasRedis, useFleet } from './fleet.ts'
import { isOutWithin, median } from './soon.ts'

describe.skipIf(!hasRedis)('two servers behave as one', () => {
  // Direct conversations are delivered by the transaction of a change, groups of four by the workers.
  const fleet = useFleet(2, { LIMIT_IMMEDIATE_GROUP_SIZE: '3' })

  const pair = async (): Promise<[Person, Person]> => [
    await fleet.person('alice', 0),
    await fleet.person('bob', 1),
  ]

  test('a client on one server receives sends, edits and recalls of a client on the other', async () => {
    const [alice, bob] = await pair()
    const { id } = await alice.opens(bob)
    const inbox = await bob.listens()

    const message = await alice.sends(id, 'across')
    await inbox.sees('MessagesChanged', ({ messages }) =>
      messages.some(({ plainText }) => plainText === 'across'),
    )
    await alice.edits(message, 'over there')
    await inbox.sees('MessagesChanged', ({ messages }) =>
      messages.some(({ plainText }) => plainText === 'over there'),
    )
    await alice.recalls(message)
    await inbox.sees('MessagesChanged', ({ messages }) =>
      messages.some(({ id, recalledAt }) => id === message.id && recalledAt !== null),
    )
  })

  test('read receipts of a small group, and switching them off, reach the other server', async () => {
    const [alice, bob] = await pair()
    const { id } = await alice.creates('team', [bob])
    const inbox = await alice.listens()
    const { seq } = await alice.sends(id, 'read this')
    await bob.reads(id, seq)
    await inbox.sees('ReceiptsChanged', (event) => event.userId === bob.id && event.readSeq === seq)
    await showsReading(bob, false)
    await inbox.sees('ReceiptsChanged', (event) => event.userId === bob.id && event.readSeq === 0)
  })

  test('a cursor of one server resumes at the other', async () => {
    const [alice, bob] = await pair()
    const { id } = await alice.opens(bob)
    const before = await bob.listens()
    const { cursor } = before
    before.close()
    await alice.sends(id, 'meanwhile')
    const after = await fleet.at(bob, 0).listens({ after: cursor ?? null })
    expect(after.events.some(({ __typename }) => __typename === 'MessagesChanged')).toBe(true)
  })

  test('a retry at the other server returns the same message', async () => {
    const [alice, bob] = await pair()
    const { id } = await alice.opens(bob)
    const clientMessageId = randomUUID()
    const sent = await Promise.all(
      [0, 1, 0, 1].map((server) => fleet.at(alice, server).sends(id, 'once', { clientMessageId })),
    )
    expect(new Set(sent.map((message) => message.id)).size).toBe(1)
  })

  test('ending a session at one server closes its socket on the other within 5 s and refuses its requests within 1 s', async () => {
    const alice = await fleet.person('alice', 0)
    const phone = fleet.at(await onDevice(alice), 1)
    const socket = phone.patientSocket()
    const closed = new Promise((resolve) => socket.on('closed', resolve))
    const inbox = new Inbox(socket, {})
    await inbox.sees('Checkpoint')
    await phone.me()

    await revokes(alice, phone.credentials.sessionId)
    const ending = timed(closed)
    expect(await isOutWithin(phone, 1_000)).toBe(true)
    await inbox.sees('SessionEnded')
    const [end, endingMs] = await ending
    expect(end).toMatchObject({ code: 4401 })
    expect(endingMs).toBeLessThan(5_000)
  })

  test('a sign-in of the same device at one server closes the sockets of the replaced session on the other at once', async () => {
    const alice = await fleet.person('alice', 0)
    const waited: number[] = []
    for (let round = 0; round < 5; round += 1) {
      const older = fleet.at(await onDevice(alice, 'telephone'), 1)
      const socket = older.patientSocket()
      const closed = new Promise((resolve) => socket.on('closed', resolve))
      const inbox = new Inbox(socket, {})
      await inbox.sees('Checkpoint')
      await onDevice(alice, 'telephone')
      const since = performance.now()
      expect((await inbox.sees('SessionEnded')).endReason).toBe('REPLACED')
      expect(await closed).toMatchObject({ code: 4401 })
      waited.push(performance.now() - since)
    }
    // Sessions are checked every two seconds in case a message was lost; each round begins just after a check.
    expect(median(waited)).toBeLessThan(500)
  })

  test('workers of both servers share the outbox: each change of a group is delivered and published once', async () => {
    const alice = await fleet.person('alice', 0)
    const others = await Promise.all(
      ['bob', 'carol', 'dave'].map((name, index) => fleet.person(name, index % 2)),
    )
    const group = await alice.creates('busy', others)
    await outboxIsEmpty(fleet.databaseUrl)
    const deliveries = await deliveriesOf(group)

    const senders = [alice, fleet.at(alice, 1)]
    const seqs = new Set<number>()
    await Promise.all(
      senders.map(async (sender, index) => {
        for (let count = 0; count < 60; count += 1)
          seqs.add((await sender.sends(group.id, `${index} ${count}`)).seq)
      }),
    )
    expect(seqs.size).toBe(120)
    await outboxIsEmpty(fleet.databaseUrl)
    const version = (await alice.conversation(group.id))?.version
    // Messages of two workers may arrive in either order: the clock orders them.
    const inOrder = () => [...deliveries].sort((one, other) => one.tick - other.tick)
    await expect.poll(() => inOrder().at(-1)?.version).toBe(version)
    const versions = inOrder().map((delivery) => delivery.version)
    expect(versions).toEqual([...new Set(versions)].sort((one, other) => one - other))
    const ticks = inOrder().map(({ tick }) => tick)
    expect(ticks).toEqual([...new Set(ticks)])
  })

  test('after a random conversation across both servers each client holds what the database holds', async () => {
    const [alice, bob] = await pair()
    const carol = await fleet.person('carol', 0)
    const direct = await alice.opens(bob)
    const group = await alice.creates('group', [bob, carol])
    const work = new Workload({
      rooms: [
        { id: direct.id, members: [alice, bob, fleet.at(alice, 1)] },
        { id: group.id, members: [alice, bob, carol, fleet.at(bob, 0)] },
      ],
      reader: bob,
      random: randomFrom(3),
    })
    const device = await Device.of(bob)
    await device.opens()
    await work.performs(200)
    await device.becomesComplete()
    device.cut()
  })
})

describe.skipIf(!hasRedis)('five servers', () => {
  const fleet = useFleet(5, { LIMIT_INLINE_GROUP_SIZE: '4' })

  test('signal the members of a large group on every server without a stream number for each', async () => {
    const people = await Promise.all(
      Array.from({ length: 10 }, (_, index) => fleet.person('member', index % 5)),
    )
    const [owner, ...others] = people as [Person, ...Person[]]
    const group = await owner.creates('large', others)
    expect(group.deliveryMode).toBe('SIGNAL')
    const inboxes = await Promise.all(people.map((one) => one.listens()))

    const heads = await streamHeads(fleet.databaseUrl)
    const waited: number[] = []
    for (let round = 0; round < 3; round += 1) {
      const since = performance.now()
      const { seq } = await owner.sends(group.id, `${round} to everybody`)
      const isIt = (event: { conversationId: string; maxSeq: number }) =>
        event.conversationId === group.id && event.maxSeq >= seq
      await Promise.all(inboxes.map((inbox) => inbox.sees('ConversationSignal', isIt)))
      waited.push(performance.now() - since)
    }
    // Sooner than the database poll every two seconds would have reached the last member.
    expect(median(waited)).toBeLessThan(1_500)
    const moved = [...(await streamHeads(fleet.databaseUrl))].filter(([id, head]) => heads.get(id) !== head)
    expect(moved.map(([id]) => id)).toEqual([owner.id])

    const [, removed] = people as [Person, Person]
    await owner.removes(group.id, removed)
    await inboxes[1]?.sees('ConversationRemoved', (event) => event.conversationId === group.id)
    const after = await owner.sends(group.id, 'without one')
    await inboxes[2]?.sees('ConversationSignal', (event) => event.maxSeq >= after.seq)
    expect(
      inboxes[1]?.events.some(
        (event) => event.__typename === 'ConversationSignal' && event.maxSeq >= after.seq,
      ),
    ).toBe(false)
  })
})

async function ask<Row>(databaseUrl: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    return (await client.query(sql)).rows as Row[]
  } finally {
    await client.end()
  }
}

/** What the workers publish of one group. */
async function deliveriesOf({ id }: { id: string }): Promise<{ tick: number; version: number }[]> {
  const redis = new Redis(inject('redisUrl') ?? '')
  onTestFinished(() => redis.disconnect())
  const deliveries: { tick: number; version: number }[] = []
  redis.on('message', (_channel, text) => deliveries.push(JSON.parse(text)))
  await redis.subscribe(`parlance:conversation:${id}`)
  return deliveries
}

async function outboxIsEmpty(databaseUrl: string): Promise<void> {
  await expect.poll(() => ask(databaseUrl, 'select from delivery_mark')).toEqual([])
}

async function streamHeads(databaseUrl: string): Promise<Map<string, number>> {
  const rows = await ask<{ user_id: string; seq: number }>(
    databaseUrl,
    'select user_id, seq::integer from user_stream',
  )
  return new Map(rows.map(({ user_id, seq }) => [user_id, seq]))
}
