import { randomUUID } from 'node:crypto'
import { describe, expect, test, vi } from 'vitest'
import type { Platform } from '../../generated/graphql.ts'
import { type SeenPresence, SubscriptionLog, WatchPresence } from '../../presence/verbs.ts'
import { refusal } from '../../world/client.ts'
import { eventually } from '../../world/eventually.ts'
import { Inbox } from '../../world/inbox.ts'
import { liveEqualsRefetch } from '../../world/mirror.ts'
import { Acknowledge } from '../../world/operations.ts'
import { credentialsOf, Person, passwordOf } from '../../world/person.ts'
import { activeTime } from '../../world/stopwatch.ts'
import { useWorld } from '../../world/world.ts'
import { answer, inDatabase, logsIn, logsOut, onDevice, refreshes } from '../verbs.ts'

const world = useWorld({ SESSIONS_PER_PLATFORM: 'IOS:1, ANDROID:2', LIMIT_ENDED_SESSION_DAYS: '7' })

async function on(platform: Platform, person: Person, device: { id?: string; name?: string } = {}) {
  const payload = await logsIn(world.url, {
    handle: person.handle,
    password: passwordOf(person.handle),
    device: { name: 'device', platform, id: randomUUID(), ...device },
  })
  return new Person(world.url, person.name, person, credentialsOf(payload))
}

const sessionsOf = async (person: Person) =>
  (await person.me()).sessions.map(({ deviceName, platform }) => `${deviceName} ${platform}`).sort()

describe('sessions of one platform', () => {
  test('the newest stays and the older one ends as REPLACED', async () => {
    const alice = await world.person('alice')
    const older = await on('IOS', alice, { name: 'old telephone' })
    const socket = older.patientSocket()
    const closed = new Promise((resolve) => socket.on('closed', resolve))
    const inbox = new Inbox(socket, {})
    await inbox.sees('Checkpoint')

    const lived = activeTime()
    await on('IOS', alice, { name: 'new telephone' })
    expect(await answer(older)).toBe('UNAUTHENTICATED')
    expect((await inbox.sees('SessionEnded')).endReason).toBe('REPLACED')
    expect(await closed).toMatchObject({ code: 4401 })
    expect(lived()).toBeLessThan(5_000)
    expect(await sessionsOf(alice)).toEqual(['new telephone IOS', 'test WEB'])
  })

  test('the older one cannot refresh or come back', async () => {
    const alice = await world.person('alice')
    const older = await on('IOS', alice)
    const newer = await on('IOS', alice)
    expect(await refusal(refreshes(world.url, older.credentials.refreshToken))).toBe('UNAUTHENTICATED')
    expect(await answer(newer)).toBe('live')
    expect((await refreshes(world.url, newer.credentials.refreshToken)).session.id).toBe(
      newer.credentials.sessionId,
    )
  })

  test('a stock client of the ended session does not reconnect', async () => {
    const alice = await world.person('alice')
    const older = await on('IOS', alice)
    const client = older.socket(Number.POSITIVE_INFINITY)
    let connections = 0
    client.on('connecting', () => {
      connections += 1
    })
    const watch = new SubscriptionLog<SeenPresence>(client, WatchPresence, { userIds: [alice.id] })
    await watch.sees(() => true)
    await on('IOS', alice)
    const end = await watch.sees(() => false).catch((error: unknown) => error)
    expect(end).toMatchObject({ code: 4401 })
    expect(connections).toBe(1)
  })

  test('of many concurrent sign-ins one session stays', async () => {
    const alice = await world.person('alice')
    const devices = await Promise.all(Array.from({ length: 8 }, () => on('IOS', alice)))
    const answers = await Promise.all(devices.map(answer))
    expect(answers.filter((one) => one === 'live')).toHaveLength(1)
    const refreshed = await Promise.allSettled(
      devices.map(({ credentials }) => refreshes(world.url, credentials.refreshToken)),
    )
    expect(refreshed.map(({ status }) => status === 'fulfilled')).toEqual(
      answers.map((one) => one === 'live'),
    )
    expect(await sessionsOf(alice)).toEqual(['device IOS', 'test WEB'])
  })

  test('as many stay as the limit of the platform allows; other platforms do not count', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const first = await on('ANDROID', alice, { name: 'first' })
    const others = [await on('ANDROID', alice), await on('IOS', alice), await on('IOS', bob)]
    for (let count = 0; count < 3; count += 1) others.push(await on('WEB', alice))
    expect(await Promise.all([first, ...others, bob].map(answer))).toEqual(Array(8).fill('live'))
    await on('ANDROID', alice)
    expect(await Promise.all([first, ...others, bob].map(answer))).toEqual([
      'UNAUTHENTICATED',
      ...Array(7).fill('live'),
    ])
  })

  test('ended and expired ones do not count', async () => {
    const alice = await world.person('alice')
    const kept = await on('ANDROID', alice)
    await logsOut(await on('ANDROID', alice))
    const expired = await on('ANDROID', alice)
    await inDatabase(world, 'update session set expires_at = now() where id = $1', [
      expired.credentials.sessionId,
    ])
    await on('ANDROID', alice)
    expect(await answer(kept)).toBe('live')
  })

  test('a device that signs in again replaces its own session', async () => {
    const alice = await world.person('alice')
    const other = await on('ANDROID', alice, { name: 'other' })
    await on('ANDROID', alice, { id: 'tablet', name: 'tablet' })
    await on('ANDROID', alice, { id: 'tablet', name: 'tablet in the kitchen' })
    expect(await answer(other)).toBe('live')
    expect(await sessionsOf(alice)).toEqual(['other ANDROID', 'tablet in the kitchen ANDROID', 'test WEB'])
  })
})

test('a sign-in and the session that it replaced are announced to the other devices', async () => {
  const alice = await world.person('alice')
  await on('IOS', alice)
  await liveEqualsRefetch([alice], () => on('IOS', alice, { name: 'new telephone' }))
  expect(await sessionsOf(alice)).toEqual(['new telephone IOS', 'test WEB'])
})

describe('an ended session', () => {
  const column = async (statement: string) =>
    (await inDatabase<{ id: string }>(world, statement)).map(({ id }) => id)
  const known = () => column('select id from session')
  const acknowledged = () => column('select session_id as id from acknowledgement')
  const night = async () => {
    for (const task of ['purgeEndedSessions', 'purgeAcknowledgements'])
      await inDatabase(world, `select graphile_worker.add_job($1)`, [task])
  }

  test('is purged after some days, with its acknowledgements', async () => {
    const alice = await world.person('alice')
    const [old, idle, recent, live] = [
      await onDevice(alice),
      await on('WEB', alice),
      await on('WEB', alice),
      await on('WEB', alice),
    ]
    for (const device of [old, idle, recent, live]) {
      const cursor = await device.syncCursor()
      await device.do(Acknowledge, { cursor })
    }
    await logsOut(old)
    await logsOut(recent)
    const ago = async ({ credentials }: Person, moment: string, days: string) =>
      inDatabase(world, `update session set ${moment} = now() - $2::interval where id = $1`, [
        credentials.sessionId,
        days,
      ])
    await ago(old, 'ended_at', '7 days 1 minute')
    await ago(idle, 'expires_at', '7 days 1 minute')
    await ago(recent, 'ended_at', '6 days 23 hours')

    await night()
    const [oldId, idleId, recentId, liveId] = [old, idle, recent, live].map(
      ({ credentials }) => credentials.sessionId,
    )
    await vi.waitFor(async () => {
      expect(await known()).not.toContain(oldId)
      expect(await acknowledged()).not.toContain(recentId)
    }, 10_000)
    expect(await known()).not.toContain(idleId)
    expect(await known()).toEqual(expect.arrayContaining([recentId, liveId]))
    for (const id of [oldId, idleId]) expect(await acknowledged()).not.toContain(id)
    expect(await acknowledged()).toContain(liveId)
    expect(await answer(live)).toBe('live')
    for (const device of [old, idle, recent]) {
      await eventually(async () => expect(await answer(device)).toBe('UNAUTHENTICATED'))
      expect(await refusal(refreshes(world.url, device.credentials.refreshToken))).toBe('UNAUTHENTICATED')
    }
  })
})
