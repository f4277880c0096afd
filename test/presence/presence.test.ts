import { describe, expect, test, vi } from 'vitest'
import { inDatabase, logsOut, onDevice, revokes } from '../auth/verbs.ts'
import { blocks, unblocks, unfriends } from '../contact/verbs.ts'
import { refusal } from '../world/client.ts'
import { eventually } from '../world/eventually.ts'
import { liveEqualsRefetch } from '../world/mirror.ts'
import { useWorld } from '../world/world.ts'
import { ownStatus, presenceOf, seesStatus, setsPresence, statuses, watches } from './verbs.ts'

const graceMs = 600
const world = useWorld({
  GROUP_ADDITIONS_FROM: 'everyone',
  LIMIT_PRESENCE_GRACE_MS: String(graceMs),
  LIMIT_PRESENCE_USERS: '5',
})

const longAgo = '2020-02-02T20:20:00.000Z'

const wasSeen = ({ id }: { id: string }, time: string) =>
  inDatabase(
    world,
    `insert into presence (user_id, last_seen_at) values ($1, $2)
     on conflict (user_id) do update set last_seen_at = excluded.last_seen_at`,
    [id, time],
  )

const hidden = { status: 'OFFLINE', lastSeenAt: null }

describe('presence', () => {
  test('is delivered in its current state, then with each change', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const inbox = await bob.listens()
    const watch = watches(alice, bob, carol)
    await seesStatus(watch, bob, 'ONLINE')
    await seesStatus(watch, carol, 'OFFLINE')

    const carols = await carol.listens()
    await seesStatus(watch, carol, 'ONLINE')
    inbox.close()
    carols.close()
    const disconnected = await seesStatus(watch, bob, 'OFFLINE')
    expect(disconnected.presence.lastSeenAt).toMatch(/:00.000Z$/)
    expect(await presenceOf(alice, bob)).toEqual(disconnected.presence)
    await seesStatus(watch, carol, 'OFFLINE', 3)
    expect(watch.events).toHaveLength(5)
  })

  test('is the highest status of all devices: BUSY, ONLINE, AWAY', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const phone = await bob.onAnotherDevice()
    const [desk, pocket] = [await bob.listens(), await phone.listens()]
    const watch = watches(alice, bob)
    await seesStatus(watch, bob, 'ONLINE')
    await setsPresence(phone, 'AWAY')
    await setsPresence(bob, 'BUSY')
    await seesStatus(watch, bob, 'BUSY')
    expect(await ownStatus(phone)).toBe('BUSY')
    await setsPresence(phone, 'ONLINE')
    await setsPresence(bob, 'AWAY')
    await seesStatus(watch, bob, 'ONLINE', 2)
    await setsPresence(phone, 'AWAY')
    await seesStatus(watch, bob, 'AWAY')
    await setsPresence(bob, 'BUSY')
    await seesStatus(watch, bob, 'BUSY', 4)
    desk.close()
    await seesStatus(watch, bob, 'AWAY', 5)
    pocket.close()
    await seesStatus(watch, bob, 'OFFLINE')
    expect(statuses(watch)).toEqual(['ONLINE', 'BUSY', 'ONLINE', 'AWAY', 'BUSY', 'AWAY', 'OFFLINE'])
  })

  test('depends on connected devices only', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const phone = await bob.onAnotherDevice()
    await setsPresence(phone, 'BUSY')
    await bob.listens()
    const watch = watches(alice, bob)
    await seesStatus(watch, bob, 'ONLINE')
    expect(await ownStatus(bob)).toBe('ONLINE')
    expect(await ownStatus(phone), 'the calling device counts as connected').toBe('BUSY')
    await phone.listens()
    await seesStatus(watch, bob, 'BUSY')
  })

  test('keeps the chosen status of a device across a disconnect', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    for (const status of ['BUSY', 'AWAY', 'ONLINE'] as const) {
      await liveEqualsRefetch([alice, bob], () => setsPresence(bob, status))
      expect(await ownStatus(bob)).toBe(status)
    }
    await setsPresence(bob, 'BUSY')
    // OFFLINE without a socket.
    await vi.waitFor(async () => expect((await presenceOf(alice, bob))?.status).toBe('OFFLINE'), 5_000)
    await bob.listens()
    const watch = watches(alice, bob)
    await seesStatus(watch, bob, 'BUSY')
  })

  test('is not changed by a request over HTTP', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    await bob.me()
    expect((await presenceOf(alice, bob))?.status).toBe('OFFLINE')
  })
})

describe('within the grace period', () => {
  const patient = useWorld({ LIMIT_PRESENCE_GRACE_MS: '60000' })

  test('a device that reconnects stays connected and keeps its status', async () => {
    const [alice, bob, ...others] = await patient.friends('alice', 'bob', 'carol', 'dave', 'erin')
    await (await bob.onAnotherDevice()).listens()
    let inbox = await bob.listens()
    await setsPresence(bob, 'BUSY')
    const watch = watches(alice, bob, ...others)
    await seesStatus(watch, bob, 'BUSY')
    for (const other of others) {
      inbox.close()
      // Changes are published in order: once this one arrives, earlier ones have.
      await other.listens()
      await seesStatus(watch, other, 'ONLINE')
      inbox = await bob.listens()
    }
    await setsPresence(bob, 'OFFLINE')
    await seesStatus(watch, bob, 'OFFLINE')
    const bobs = watch.events.filter(({ id }) => id === bob.id)
    expect(bobs.map(({ presence }) => presence.status)).toEqual(['BUSY', 'OFFLINE'])
  })
})

describe('a device that has signed out', () => {
  const patient = useWorld({ LIMIT_PRESENCE_GRACE_MS: '60000' })

  test.each(['by itself', 'from another'])('%s is disconnected at once', async (how) => {
    const [alice, bob] = await patient.friends('alice', 'bob')
    const phone = await bob.onAnotherDevice()
    await phone.listens()
    const watch = watches(alice, bob)
    await seesStatus(watch, bob, 'ONLINE')
    if (how === 'by itself') await logsOut(phone)
    else await revokes(bob, phone.credentials.sessionId)
    await seesStatus(watch, bob, 'OFFLINE')
  })

  test('is disconnected alone, and one that signs in again stays connected', async () => {
    const [alice, bob, carol] = await patient.friends('alice', 'bob', 'carol')
    const [desk, phone] = [await onDevice(bob, 'desk'), await onDevice(bob)]
    await Promise.all([desk.listens(), phone.listens()])
    await setsPresence(desk, 'AWAY')
    const watch = watches(alice, bob, carol)
    await seesStatus(watch, bob, 'ONLINE')
    await logsOut(phone)
    await seesStatus(watch, bob, 'AWAY')
    const old = await desk.listens()
    const again = await onDevice(bob, 'desk')
    await old.sees('SessionEnded')
    await old.ended
    // Changes are published in order: once this one arrives, earlier ones have.
    await carol.listens()
    await seesStatus(watch, carol, 'ONLINE')
    await again.listens()
    await seesStatus(watch, bob, 'ONLINE', 2)
    expect(
      watch.events.filter(({ id }) => id === bob.id).map(({ presence }) => presence.status),
    ).not.toContain('OFFLINE')
    await Promise.all([desk, phone, again].map((device) => device.dispose()))
  })
})

describe('lastSeenAt', () => {
  test('is when the last device disconnected', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const [desk, phone] = [await bob.listens(), await (await bob.onAnotherDevice()).listens()]
    const watch = watches(alice, bob)
    await seesStatus(watch, bob, 'ONLINE')
    await wasSeen(bob, longAgo)
    desk.close()
    expect(
      Date.parse(String((await presenceOf(alice, bob))?.lastSeenAt)),
      'one device is connected',
    ).toBeGreaterThan(Date.parse(longAgo))
    const since = Date.now()
    phone.close()
    const { presence } = await seesStatus(watch, bob, 'OFFLINE')
    expect(Date.parse(String(presence.lastSeenAt))).toBeGreaterThan(since - 60_000)
    expect(Date.parse(String(presence.lastSeenAt))).toBeLessThanOrEqual(Date.now())
  })

  test('is not changed by what an invisible user does', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const [bobs, carols] = [await bob.listens(), await carol.listens()]
    const watch = watches(alice, bob, carol)
    await Promise.all([seesStatus(watch, bob, 'ONLINE'), seesStatus(watch, carol, 'ONLINE')])
    await setsPresence(bob, 'OFFLINE')
    await seesStatus(watch, bob, 'OFFLINE')
    await wasSeen(bob, longAgo)
    expect(await presenceOf(alice, bob)).toEqual({ status: 'OFFLINE', lastSeenAt: longAgo })
    bobs.close()
    // Carol disconnects later, so she is stored later or together with him.
    await bob.me()
    carols.close()
    await seesStatus(watch, carol, 'OFFLINE')
    expect(await presenceOf(alice, bob)).toEqual({ status: 'OFFLINE', lastSeenAt: longAgo })
    expect((await presenceOf(bob, bob))?.lastSeenAt).toBe(longAgo)
  })
})

describe('an invisible user', () => {
  test('looks like one who disconnected at that moment, and stays OFFLINE', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const inbox = await bob.listens()
    const watch = watches(alice, bob)
    await seesStatus(watch, bob, 'ONLINE')
    expect((await setsPresence(bob, 'OFFLINE')).user.presence.status).toBe('OFFLINE')
    const { presence } = await seesStatus(watch, bob, 'OFFLINE')
    expect(presence.lastSeenAt).not.toBeNull()
    inbox.close()
    await bob.listens()
    const { length } = watch.events
    await setsPresence(bob, 'ONLINE')
    await seesStatus(watch, bob, 'ONLINE', length)
    expect(watch.events).toHaveLength(3)
  })

  test('is OFFLINE on all devices until one of them chooses another status', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const phone = await bob.onAnotherDevice()
    await Promise.all([bob.listens(), phone.listens()])
    const watch = watches(alice, bob)
    await seesStatus(watch, bob, 'ONLINE')
    await setsPresence(phone, 'BUSY')
    await seesStatus(watch, bob, 'BUSY')
    await setsPresence(bob, 'OFFLINE')
    await seesStatus(watch, bob, 'OFFLINE')
    expect(await ownStatus(phone)).toBe('OFFLINE')
    await setsPresence(bob, 'AWAY')
    await seesStatus(watch, bob, 'BUSY', 3)
    expect(statuses(watch)).toEqual(['ONLINE', 'BUSY', 'OFFLINE', 'BUSY'])
  })
})

describe('presence is visible', () => {
  test('to friends and members of a common group, not to others', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    await bob.listens()
    const watch = watches(alice, bob)
    expect((await seesStatus(watch, bob, 'OFFLINE')).presence).toEqual(hidden)

    const { id } = await alice.creates('together', [bob])
    await seesStatus(watch, bob, 'ONLINE')
    await alice.removes(id, bob)
    expect((await seesStatus(watch, bob, 'OFFLINE', 2)).presence).toEqual(hidden)

    await alice.befriends(bob)
    await seesStatus(watch, bob, 'ONLINE', 3)
    await unfriends(bob, alice)
    expect((await seesStatus(watch, bob, 'OFFLINE', 4)).presence).toEqual(hidden)
  })

  test('with lastSeenAt only as long as the friendship lasts', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    await wasSeen(bob, longAgo)
    const watch = watches(alice, bob)
    await seesStatus(watch, bob, 'OFFLINE')
    await alice.befriends(bob)
    await watch.sees(({ presence }) => presence.lastSeenAt !== null)
    await unfriends(bob, alice)
    expect((await seesStatus(watch, bob, 'OFFLINE', 2)).presence).toEqual(hidden)
  })

  test('is hidden from the blocker, and OFFLINE since the block for a blocked member of a common group', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    await alice.creates('together', [bob])
    await Promise.all([alice.listens(), bob.listens()])
    const [ofBob, ofAlice] = [watches(alice, bob), watches(bob, alice)]
    await Promise.all([seesStatus(ofBob, bob, 'ONLINE'), seesStatus(ofAlice, alice, 'ONLINE')])
    await blocks(alice, bob)
    expect((await seesStatus(ofBob, bob, 'OFFLINE')).presence).toEqual(hidden)
    const { presence } = await seesStatus(ofAlice, alice, 'OFFLINE')
    expect(presence.lastSeenAt).toMatch(/:00.000Z$/)
    expect(await presenceOf(bob, alice)).toEqual(presence)
    await unblocks(alice, bob)
    await Promise.all([seesStatus(ofBob, bob, 'ONLINE', 2), seesStatus(ofAlice, alice, 'ONLINE', 2)])
  })

  test('for up to LIMIT_PRESENCE_USERS users per subscription; unknown ids are ignored', async () => {
    const [alice, ...others] = await world.people('alice', 'bob', 'carol', 'dave', 'erin', 'frank')
    const watch = watches(alice, ...others, ...others)
    for (const other of others) await seesStatus(watch, other, 'OFFLINE')
    expect(watch.events).toHaveLength(5)
    const sixth = watches(alice, ...others, alice)
    expect(await refusal(sixth.sees(() => true))).toBe('LIMIT_EXCEEDED')

    const unknown = watches(alice, { id: 'unknown' }, alice)
    await seesStatus(unknown, alice, 'ONLINE')
    await eventually(() => expect(unknown.events).toHaveLength(1))
  })
})
