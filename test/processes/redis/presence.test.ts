import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { onDevice } from '../../auth/verbs.ts'
import { blocks } from '../../contact/verbs.ts'
import {
  presenceOf,
  seesStatus,
  setsPresence,
  statuses,
  types,
  typist,
  watches,
  watchesTyping,
} from '../../presence/verbs.ts'
import { createRedis, installedRedis, type RedisProcess } from '../../setup/redis.ts'
import { eventually } from '../../world/eventually.ts'
import { Acknowledge } from '../../world/operations.ts'
import type { Person } from '../../world/person.ts'
import { activeTime } from '../../world/stopwatch.ts'
import { hasRedis, useFleet } from '../fleet.ts'

// A slow server must not count as dead, nor a device that changes servers as disconnected.
const leaseMs = 6_000
const graceMs = 3_000

describe.skipIf(!hasRedis || !installedRedis())('presence over several servers', () => {
  let redis: RedisProcess
  beforeAll(async () => {
    redis = await createRedis()
    await redis.start()
  })
  afterAll(() => redis.kill())
  const fleet = useFleet(
    3,
    {
      LIMIT_PRESENCE_LEASE_MS: String(leaseMs),
      LIMIT_PRESENCE_GRACE_MS: String(graceMs),
      // Longer than any test waits; refreshed after a third of it, in case Redis was away.
      LIMIT_TYPING_MS: '30000',
      LIMIT_ACKNOWLEDGE_MS: '500',
      LIMIT_REDELIVERIES: '10',
    },
    () => redis.url,
  )

  const friends = async (...places: number[]): Promise<Person[]> => {
    const all: Person[] = []
    for (const [index, server] of places.entries()) all.push(await fleet.person(`p${'abc'[index]}`, server))
    const [one, ...others] = all
    for (const other of others) await one?.befriends(other)
    return all
  }
  const pair = async () => (await friends(0, 1)) as [Person, Person]

  test('presence of a user is one state across servers and follows the devices', async () => {
    const [alice, bob] = await pair()
    const watch = watches(alice, bob)
    await seesStatus(watch, bob, 'OFFLINE')
    const atOne = await bob.listens()
    await seesStatus(watch, bob, 'ONLINE')
    const atTwo = await fleet.at(bob, 2).listens()
    atOne.close()
    await setsPresence(fleet.at(bob, 0), 'AWAY')
    await seesStatus(watch, bob, 'AWAY')
    expect((await presenceOf(fleet.at(alice, 1), bob))?.status).toBe('AWAY')
    atTwo.close()
    await seesStatus(watch, bob, 'OFFLINE', 2)
    expect(statuses(watch)).toEqual(['OFFLINE', 'ONLINE', 'AWAY', 'OFFLINE'])
  })

  test('presence is the highest status of all devices on all servers', async () => {
    const [alice, bob] = await pair()
    const phone = fleet.at(await onDevice(bob), 2)
    const watch = watches(alice, bob)
    await seesStatus(watch, bob, 'OFFLINE')
    const [desk, pocket] = [await bob.listens(), await phone.listens()]
    await seesStatus(watch, bob, 'ONLINE')
    await setsPresence(fleet.at(bob, 2), 'BUSY')
    await seesStatus(watch, bob, 'BUSY')
    await setsPresence(fleet.at(phone, 0), 'AWAY')
    expect((await presenceOf(fleet.at(alice, 2), bob))?.status).toBe('BUSY')
    let again = desk
    for (let round = 0; round < 3; round += 1) {
      again.close()
      again = await bob.listens()
    }
    again.close()
    const gone = await seesStatus(watch, bob, 'AWAY')
    expect(gone.presence.lastSeenAt, 'a device is there').not.toBeNull()
    pocket.close()
    await seesStatus(watch, bob, 'OFFLINE', 4)
    expect(statuses(watch)).toEqual(['OFFLINE', 'ONLINE', 'BUSY', 'AWAY', 'OFFLINE'])
  })

  test('a block at another server hides presence', async () => {
    const [alice, bob] = await pair()
    await bob.listens()
    const watch = watches(alice, bob)
    await seesStatus(watch, bob, 'ONLINE')
    await blocks(fleet.at(bob, 2), alice)
    expect((await seesStatus(watch, bob, 'OFFLINE')).presence.lastSeenAt).toBeNull()
  })

  test('typing reaches another server and ends with the message, at whichever server it is sent', async () => {
    const [alice, bob] = await pair()
    const { id } = await alice.opens(bob)
    for (const sender of [alice, fleet.at(alice, 1)]) {
      const received = await watchesTyping(bob, id)
      while (received.events.length === 0) await types(alice, id)
      const begun = await received.sees(typist(alice, true))
      await sender.sends(id, 'typed')
      await received.sees(typist(alice, false))
      expect(Date.now()).toBeLessThan(Date.parse(begun.expiresAt))
      received.close()
    }
    await blocks(bob, alice)
    // A repeated typing signal is suppressed at every server and answered like the first.
    await expect.poll(() => types(fleet.at(alice, 2), id)).toBe(false)
  })

  test('typing of a user who becomes invisible or blocks the viewer ends at every server', async () => {
    const [alice, bob] = await pair()
    const { id } = await alice.opens(bob)
    const received = [await watchesTyping(bob, id), await watchesTyping(fleet.at(bob, 0), id)]
    const elsewhere = fleet.at(alice, 2)
    const lastly = () => received.map(({ events }) => events.at(-1)?.typing)
    // Until the server that delivers typing knows of both; then typing ends for each viewer.
    while (lastly().includes(undefined)) {
      await types(elsewhere, id)
      await types(elsewhere, id, false)
    }
    await eventually(() => expect(lastly()).toEqual([false, false]))
    while (lastly().includes(false)) await types(elsewhere, id)
    await setsPresence(alice, 'OFFLINE')
    await eventually(() => expect(lastly()).toEqual([false, false]))

    await setsPresence(alice, 'ONLINE')
    while (lastly().includes(false)) await types(elsewhere, id)
    await blocks(fleet.at(bob, 2), alice)
    await eventually(() => expect(lastly()).toEqual([false, false]))
  })

  test('an acknowledgement at another server keeps a stream open', async () => {
    const [alice, bob] = await pair()
    const { id } = await alice.opens(bob)
    const inbox = await bob.listens()
    const elsewhere = fleet.at(bob, 2)
    await elsewhere.do(Acknowledge, { cursor: inbox.cursor ?? '' })
    await alice.sends(id, 'one')
    const one = await inbox.sees('MessagesChanged')
    await inbox.until(
      () => inbox.events.filter(({ __typename }) => __typename === 'MessagesChanged').length > 1,
      'a repetition',
    )
    await elsewhere.do(Acknowledge, { cursor: inbox.cursor ?? one.cursor })
    await alice.sends(id, 'two')
    await inbox.sees('MessagesChanged', ({ messages }) =>
      messages.some(({ plainText }) => plainText === 'two'),
    )
  })

  test('presence is restored after Redis was flushed, and is that of the own server while Redis is away', async () => {
    const [alice, bob] = await pair()
    const near = await fleet.person('near', 0)
    await alice.befriends(near)
    await Promise.all([bob.listens(), near.listens()])
    const watch = watches(alice, bob, near)
    await Promise.all([seesStatus(watch, bob, 'ONLINE'), seesStatus(watch, near, 'ONLINE')])

    const client = new Redis(redis.url)
    await client.flushall()
    client.disconnect()
    const before = watch.events.length
    await setsPresence(bob, 'BUSY')
    await seesStatus(watch, bob, 'BUSY', before)
    expect(watch.events, 'no user went offline meanwhile').toHaveLength(before + 1)

    await redis.kill()
    await seesStatus(watch, bob, 'OFFLINE', before)
    expect((await presenceOf(alice, near))?.status).toBe('ONLINE')
    const { id } = await alice.opens(bob)
    expect((await alice.sends(id, 'all else goes on')).seq).toBeGreaterThan(0)
    const away = watch.events.length
    await redis.start()
    await seesStatus(watch, bob, 'BUSY', away)
    expect(watch.events.filter((event) => event.id === near.id)).toHaveLength(1)
  })

  test('a restart whose clients reconnect elsewhere sends no presence change', async () => {
    const [alice, bob] = await pair()
    const watch = watches(alice, bob)
    const before = await bob.listens()
    await seesStatus(watch, bob, 'ONLINE')
    const restarting = fleet.restarts(1)
    await before.ended
    await fleet.at(bob, 2).listens()
    await restarting
    await setsPresence(fleet.at(bob, 0), 'BUSY')
    await seesStatus(watch, bob, 'BUSY')
    expect(statuses(watch).slice(-2)).toEqual(['ONLINE', 'BUSY'])
  })

  test('after a server is killed its users are offline within the lease, and its devices of other users are gone', async () => {
    const [alice, bob, carol] = (await friends(0, 1, 2)) as [Person, Person, Person]
    const carols = fleet.at(await onDevice(carol), 1)
    await Promise.all([bob.listens(), carol.listens(), carols.listens()])
    await setsPresence(carols, 'BUSY')
    const watch = watches(alice, bob, carol)
    await Promise.all([seesStatus(watch, bob, 'ONLINE'), seesStatus(watch, carol, 'BUSY')])
    const { length } = watch.events

    fleet.servers[1]?.child.kill('SIGKILL')
    const lived = activeTime()
    for (;;) {
      const askedMs = lived()
      if ((await presenceOf(alice, bob))?.status === 'OFFLINE') break
      expect(askedMs, 'presence is OFFLINE after the lease').toBeLessThan(leaseMs)
    }
    await Promise.all([seesStatus(watch, bob, 'OFFLINE', length), seesStatus(watch, carol, 'ONLINE', length)])
    expect((await presenceOf(alice, carol))?.status).toBe('ONLINE')
    expect(watch.events).toHaveLength(length + 2)
  })
})
