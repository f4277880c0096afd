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

const nothing = { status: 'OFFLINE', lastSeenAt: null }

describe('presence', () => {
  test('is told as it is, and then as it changes', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const inbox = await bob.listens()
    const watch = watches(alice, bob, carol)
    await seesStatus(watch, bob, 'ONLINE')
    await seesStatus(watch, carol, 'OFFLINE')

    const carols = await carol.listens()
    await seesStatus(watch, carol, 'ONLINE')
    inbox.close()
    carols.close()
    const gone = await seesStatus(watch, bob, 'OFFLINE')
    expect(gone.presence.lastSeenAt).toMatch(/:00.000Z$/)
    expect(await presenceOf(alice, bob)).toEqual(gone.presence)
    await seesStatus(watch, carol, 'OFFLINE', 3)
    expect(watch.events).toHaveLength(5)
  })

  test('is one for all devices, the highest of what they say: busy, online, away', async () => {
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

  test('is what connected devices say, and no others', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const phone = await bob.onAnotherDevice()
    await setsPresence(phone, 'BUSY')
    await bob.listens()
    const watch = watches(alice, bob)
    await seesStatus(watch, bob, 'ONLINE')
    expect(await ownStatus(bob)).toBe('ONLINE')
    expect(await ownStatus(phone), 'the one that asks is there').toBe('BUSY')
    await phone.listens()
    await seesStatus(watch, bob, 'BUSY')
  })

  test('is as the device chose, also after it was away', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    for (const status of ['BUSY', 'AWAY', 'ONLINE'] as const) {
      await liveEqualsRefetch([alice, bob], () => setsPresence(bob, status))
      expect(await ownStatus(bob)).toBe(status)
    }
    await setsPresence(bob, 'BUSY')
    // Nobody is there without a socket.
    await vi.waitFor(async () => expect((await presenceOf(alice, bob))?.status).toBe('OFFLINE'), 5_000)
    await bob.listens()
    const watch = watches(alice, bob)
    await seesStatus(watch, bob, 'BUSY')
  })

  test('a request over HTTP is seen, but is not being there', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    await bob.me()
    expect((await presenceOf(alice, bob))?.status).toBe('OFFLINE')
  })
})

describe('within the grace', () => {
  const patient = useWorld({ LIMIT_PRESENCE_GRACE_MS: '60000' })

  test('a device that comes back was never gone, and neither was what it said', async () => {
    const [alice, bob, ...others] = await patient.friends('alice', 'bob', 'carol', 'dave', 'erin')
    await (await bob.onAnotherDevice()).listens()
    let inbox = await bob.listens()
    await setsPresence(bob, 'BUSY')
    const watch = watches(alice, bob, ...others)
    await seesStatus(watch, bob, 'BUSY')
    for (const other of others) {
      inbox.close()
      // What is gathered meanwhile is told by the time that somebody else is seen to come.
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

  test.each(['by itself', 'from another'])('%s is not waited for', async (how) => {
    const [alice, bob] = await patient.friends('alice', 'bob')
    const phone = await bob.onAnotherDevice()
    await phone.listens()
    const watch = watches(alice, bob)
    await seesStatus(watch, bob, 'ONLINE')
    if (how === 'by itself') await logsOut(phone)
    else await revokes(bob, phone.credentials.sessionId)
    await seesStatus(watch, bob, 'OFFLINE')
  })

  test('is gone alone, and one that signs in anew was never gone', async () => {
    const [alice, bob, carol] = await patient.friends('alice', 'bob', 'carol')
    const [desk, phone] = [await onDevice(bob, 'desk'), await onDevice(bob)]
    await Promise.all([desk.listens(), phone.listens()])
    await setsPresence(desk, 'AWAY')
    const watch = watches(alice, bob, carol)
    await seesStatus(watch, bob, 'ONLINE')
    await logsOut(phone)
    await seesStatus(watch, bob, 'AWAY')
    const old = await desk.listens()
    const anew = await onDevice(bob, 'desk')
    await old.sees('SessionEnded')
    await old.ended
    // What is gathered meanwhile is told by the time that somebody else is seen to come.
    await carol.listens()
    await seesStatus(watch, carol, 'ONLINE')
    await anew.listens()
    await seesStatus(watch, bob, 'ONLINE', 2)
    expect(
      watch.events.filter(({ id }) => id === bob.id).map(({ presence }) => presence.status),
    ).not.toContain('OFFLINE')
    await Promise.all([desk, phone, anew].map((device) => device.dispose()))
  })
})

describe('when somebody was last seen', () => {
  test('is when the last of their devices went', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const [desk, phone] = [await bob.listens(), await (await bob.onAnotherDevice()).listens()]
    const watch = watches(alice, bob)
    await seesStatus(watch, bob, 'ONLINE')
    await wasSeen(bob, longAgo)
    desk.close()
    expect(Date.parse(String((await presenceOf(alice, bob))?.lastSeenAt)), 'one is there').toBeGreaterThan(
      Date.parse(longAgo),
    )
    const since = Date.now()
    phone.close()
    const { presence } = await seesStatus(watch, bob, 'OFFLINE')
    expect(Date.parse(String(presence.lastSeenAt))).toBeGreaterThan(since - 60_000)
    expect(Date.parse(String(presence.lastSeenAt))).toBeLessThanOrEqual(Date.now())
  })

  test('is not moved by what they do while invisible', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const [bobs, carols] = [await bob.listens(), await carol.listens()]
    const watch = watches(alice, bob, carol)
    await Promise.all([seesStatus(watch, bob, 'ONLINE'), seesStatus(watch, carol, 'ONLINE')])
    await setsPresence(bob, 'OFFLINE')
    await seesStatus(watch, bob, 'OFFLINE')
    await wasSeen(bob, longAgo)
    expect(await presenceOf(alice, bob)).toEqual({ status: 'OFFLINE', lastSeenAt: longAgo })
    bobs.close()
    // Whoever goes after him is written after him, or with him.
    await bob.me()
    carols.close()
    await seesStatus(watch, carol, 'OFFLINE')
    expect(await presenceOf(alice, bob)).toEqual({ status: 'OFFLINE', lastSeenAt: longAgo })
    expect((await presenceOf(bob, bob))?.lastSeenAt).toBe(longAgo)
  })
})

describe('somebody invisible', () => {
  test('looks like somebody who went at that moment, and stays so', async () => {
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

  test('is so with all devices, whatever these say, until one of them chooses otherwise', async () => {
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

describe('who may see it', () => {
  test('friends and fellow members may, strangers may not', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    await bob.listens()
    const watch = watches(alice, bob)
    expect((await seesStatus(watch, bob, 'OFFLINE')).presence).toEqual(nothing)

    const { id } = await alice.creates('together', [bob])
    await seesStatus(watch, bob, 'ONLINE')
    await alice.removes(id, bob)
    expect((await seesStatus(watch, bob, 'OFFLINE', 2)).presence).toEqual(nothing)

    await alice.befriends(bob)
    await seesStatus(watch, bob, 'ONLINE', 3)
    await unfriends(bob, alice)
    expect((await seesStatus(watch, bob, 'OFFLINE', 4)).presence).toEqual(nothing)
  })

  test('when somebody was last seen comes with the friendship and goes with it', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    await wasSeen(bob, longAgo)
    const watch = watches(alice, bob)
    await seesStatus(watch, bob, 'OFFLINE')
    await alice.befriends(bob)
    await watch.sees(({ presence }) => presence.lastSeenAt !== null)
    await unfriends(bob, alice)
    expect((await seesStatus(watch, bob, 'OFFLINE', 2)).presence).toEqual(nothing)
  })

  test('a block hides it from the blocker, and shows the blocker as offline since the block to a fellow member', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    await alice.creates('together', [bob])
    await Promise.all([alice.listens(), bob.listens()])
    const [ofBob, ofAlice] = [watches(alice, bob), watches(bob, alice)]
    await Promise.all([seesStatus(ofBob, bob, 'ONLINE'), seesStatus(ofAlice, alice, 'ONLINE')])
    await blocks(alice, bob)
    expect((await seesStatus(ofBob, bob, 'OFFLINE')).presence).toEqual(nothing)
    const { presence } = await seesStatus(ofAlice, alice, 'OFFLINE')
    expect(presence.lastSeenAt).toMatch(/:00.000Z$/)
    expect(await presenceOf(bob, alice)).toEqual(presence)
    await unblocks(alice, bob)
    await Promise.all([seesStatus(ofBob, bob, 'ONLINE', 2), seesStatus(ofAlice, alice, 'ONLINE', 2)])
  })

  test('so many people at once, and not one more; a stranger to everybody is passed over', async () => {
    const [alice, ...others] = await world.people('alice', 'bob', 'carol', 'dave', 'erin', 'frank')
    const watch = watches(alice, ...others, ...others)
    for (const other of others) await seesStatus(watch, other, 'OFFLINE')
    expect(watch.events).toHaveLength(5)
    const sixth = watches(alice, ...others, alice)
    expect(await refusal(sixth.sees(() => true))).toBe('LIMIT_EXCEEDED')

    const nobody = watches(alice, { id: 'nobody' }, alice)
    await seesStatus(nobody, alice, 'ONLINE')
    await eventually(() => expect(nobody.events).toHaveLength(1))
  })
})
