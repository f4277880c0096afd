import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { logsOut, onDevice, revokes } from '../../auth/verbs.ts'
import { Device } from '../../inbox/device.ts'
import { randomFrom, Workload } from '../../inbox/workload.ts'
import { createTestDatabase } from '../../setup/database.ts'
import { createRedis, installedRedis, type RedisProcess } from '../../setup/redis.ts'
import { spawnServer, temporaryFolder } from '../../setup/server-process.ts'
import { refusal } from '../../world/client.ts'
import type { Inbox } from '../../world/inbox.ts'
import type { Person } from '../../world/person.ts'
import { timed } from '../../world/stopwatch.ts'
import { hasRedis, useFleet } from '../fleet.ts'
import { anyFate } from '../message-filter.ts'

/** Interval at which a stream polls while Redis is away, plus at most 1.5 s until the outage is detected. */
const withoutBusMs = 4_000
const recoveryMs = 5_000

async function isDelivered(inbox: Inbox, messageId: string): Promise<void> {
  await inbox.sees('MessagesChanged', ({ messages }) => messages.some(({ id }) => id === messageId))
}

async function redisOf(url: string): Promise<string | undefined> {
  const response = await fetch(`${url}/ready`)
  expect(response.status).toBe(200)
  return ((await response.json()) as { parts: { redis?: string } }).parts.redis
}

const becomes = async (url: string, state: 'up' | 'down') => {
  await expect.poll(() => redisOf(url)).toBe(state)
}

describe.skipIf(!hasRedis || !installedRedis())('while Redis is away', () => {
  let redis: RedisProcess
  beforeAll(async () => {
    redis = await createRedis()
    await redis.start()
  })
  // Hooks run in reverse order, so the servers are closed by now.
  afterAll(() => redis.kill())
  const fleet = useFleet(2, { LIMIT_INLINE_GROUP_SIZE: '2' }, () => redis.url)

  const everyNetwork = (does: 'passes' | 'refuses' | 'swallows') => async () => {
    for (const network of fleet.networks) network[does]()
  }
  const faults = {
    'killed, and started empty': { begins: () => redis.kill(), ends: () => redis.start() },
    'cut off': { begins: everyNetwork('refuses'), ends: everyNetwork('passes') },
    'silent, with every connection open': { begins: everyNetwork('swallows'), ends: everyNetwork('passes') },
  }

  const stage = async () => {
    const [alice, bob, carol] = [
      await fleet.person('alice', 0),
      await fleet.person('bob', 1),
      await fleet.person('carol', 1),
    ] as const
    const direct = await alice.opens(bob)
    const large = await alice.creates('large', [bob, carol])
    expect(large.deliveryMode).toBe('SIGNAL')
    return { alice, bob, carol, direct, large, inbox: await bob.listens() }
  }

  test.each(Object.entries(faults))(
    '%s: all operations succeed, and everything is delivered during and after it',
    async (_, fault) => {
      const { alice, bob, carol, direct, large, inbox } = await stage()
      await isDelivered(inbox, (await alice.sends(direct.id, 'before')).id)
      await fault.begins()

      // Each round waits for a poll of the stream.
      for (let round = 0; round < 2; round += 1) {
        const sends = ['one', 'two', 'three'].map(async (text) => {
          const [message, sending] = await timed(alice.sends(direct.id, `${text}, during ${round}`))
          expect(sending, 'how long a send takes').toBeLessThan(1_000)
          const [, delivery] = await timed(isDelivered(inbox, message.id))
          expect(delivery, 'how long a delivery takes').toBeLessThan(withoutBusMs)
        })
        await Promise.all(sends)
      }
      const { seq } = await alice.sends(large.id, 'to many')
      await inbox.sees(
        'ConversationSignal',
        (event) => event.conversationId === large.id && event.maxSeq >= seq,
      )

      const [late, opening] = await timed(carol.listens())
      expect(opening, 'how long it takes to listen').toBeLessThan(2_000)
      late.close()
      for (const url of fleet.urls) expect(await redisOf(url)).toBe('down')

      const tablet = await onDevice(bob)
      const socket = tablet.socket()
      const closed = new Promise((resolve) => socket.on('closed', resolve))
      socket.subscribe(
        { query: 'subscription { inbox { __typename } }' },
        { next() {}, error() {}, complete() {} },
      )
      await new Promise((resolve) => socket.on('connected', resolve))
      const [, ending] = await timed(
        revokes(fleet.at(bob, 0), tablet.credentials.sessionId).then(() => closed),
      )
      expect(ending, 'how long a revoked socket lives').toBeLessThan(5_000)

      const last = await alice.sends(direct.id, 'last of all')
      await fault.ends()
      const [, recovering] = await timed(isDelivered(inbox, last.id))
      expect(recovering, 'how long the recovery takes').toBeLessThan(recoveryMs)
      const [, reconnecting] = await timed(Promise.all(fleet.urls.map((url) => becomes(url, 'up'))))
      expect(reconnecting, 'how long until every server is connected').toBeLessThan(recoveryMs)
      const [, delivery] = await timed(
        alice.sends(direct.id, 'after').then(({ id }) => isDelivered(inbox, id)),
      )
      expect(delivery, 'a delivery that is live again').toBeLessThan(1_000)
      expect(inbox.events.every(({ __typename }) => __typename !== 'ResyncRequired')).toBe(true)
    },
  )

  test('a server that lost its Redis makes the other servers check for gaps when it is back', async () => {
    const { alice, direct, inbox } = await stage()
    fleet.networks[0]?.swallows()
    const [, detecting] = await timed(becomes(fleet.urls[0] ?? '', 'down'))
    expect(detecting).toBeLessThan(recoveryMs)
    const message = await alice.sends(direct.id, 'said into the void')
    await becomes(fleet.urls[1] ?? '', 'up')
    fleet.networks[0]?.passes()
    const [, recovering] = await timed(isDelivered(inbox, message.id))
    expect(recovering).toBeLessThan(recoveryMs)
  })

  test('while Redis is silent, the server that signs a session out refuses it at once', async () => {
    const alice = await fleet.person('alice', 0)
    await alice.me()
    fleet.networks[0]?.swallows()
    await logsOut(alice)
    expect(await refusal(alice.me())).toBe('UNAUTHENTICATED')
    fleet.networks[0]?.passes()
  })

  test('a flushed Redis whose subscribers are disconnected loses no event', async () => {
    const { alice, direct, inbox } = await stage()
    const admin = new Redis(redis.url)
    try {
      for (let count = 0; count < 5; count += 1) {
        await (count % 2 === 0 ? admin.flushall() : admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub'))
        const [message, sending] = await timed(alice.sends(direct.id, `${count}`))
        expect(sending).toBeLessThan(1_000)
        await isDelivered(inbox, message.id)
      }
    } finally {
      admin.disconnect()
    }
  })

  test('a wrong Redis password is reported and not printed', async () => {
    const locked = await createRedis('--requirepass', 'open sesame')
    await locked.start()
    const database = await createTestDatabase()
    const url = new URL(locked.url)
    url.password = 'not-the-password'
    const server = spawnServer({
      DATA_DIR: await temporaryFolder(),
      DATABASE_URL: database.url,
      REDIS_URL: url.href,
      AUTH_SECRET: 'a secret for tests that is long enough',
      LOG_LEVEL: 'info',
    })
    try {
      expect(await redisOf(await server.ready())).toBe('down')
      await expect.poll(() => server.output()).toContain('WRONGPASS')
      expect(server.output()).toContain(`Redis at ${url.host}`)
      expect(server.output()).not.toContain('not-the-password')
    } finally {
      server.child.kill('SIGTERM')
      await server.exited()
      await locked.kill()
      await database.drop()
    }
  })
})

describe.skipIf(!hasRedis)('a bus that drops, duplicates and reorders messages', () => {
  const fleet = useFleet(2, { LIMIT_IMMEDIATE_GROUP_SIZE: '2', LIMIT_INLINE_GROUP_SIZE: '3' })

  test('delays events and loses none', { timeout: 120_000 }, async () => {
    const random = randomFrom(20_261_121)
    for (const network of fleet.networks) network.garbles(() => anyFate(random(1_000) / 1_000))
    const people = ['alice', 'bob', 'carol', 'dave'].map((name, index) => fleet.person(name, index % 2))
    const [alice, bob, carol, dave] = (await Promise.all(people)) as [Person, Person, Person, Person]
    const rooms = [
      { id: (await alice.opens(bob)).id, members: [alice, bob] },
      { id: (await alice.creates('small', [bob, carol])).id, members: [alice, bob, carol] },
      { id: (await alice.creates('large', [bob, carol, dave])).id, members: [alice, bob, carol, dave] },
    ]
    const work = new Workload({ rooms, reader: bob, random })
    const device = await Device.of(bob)
    await device.opens()
    await work.performs(400)
    // The head of a stream is read every 16 s, which detects that the hint of the last change was lost.
    await device.becomesComplete(25_000)
    expect(device.missing(work.facts)).toEqual([])
    device.cut()
  })
})

describe.skipIf(!hasRedis)('a server without Redis', () => {
  const fleet = useFleet(1)

  test('cannot start on a database that other servers share', async () => {
    const alone = spawnServer({
      DATABASE_URL: fleet.databaseUrl,
      AUTH_SECRET: 'a secret for tests that is long enough',
      DATA_DIR: await temporaryFolder(),
    })
    expect((await alone.exited()).code).toBe(1)
    expect(alone.output()).toContain(`Another server (process ${fleet.servers[0]?.pid} on`)
    expect(alone.output()).toContain('REDIS_URL')
    expect(await refusal((await fleet.person('alice', 0)).sends('group_none', 'still served'))).toBe(
      'NOT_FOUND',
    )
  })
})
