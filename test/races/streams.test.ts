import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { announces } from '../group/verbs.ts'
import { Device } from '../inbox/device.ts'
import { reacts } from '../message/verbs.ts'
import { Refused } from '../world/client.ts'
import type { Person } from '../world/person.ts'
import { manyConnections, useWorld } from '../world/world.ts'
import { expectGapless, wholeHistory } from './history.ts'

const world = useWorld({ ...manyConnections, DIRECT_MESSAGES_FROM: 'everyone' })

let database: pg.Client
beforeAll(async () => {
  database = new pg.Client({ connectionString: world.databaseUrl })
  await database.connect()
})
afterAll(() => database.end())

/** The deadlocks that PostgreSQL has ended in this database. */
async function deadlocks(): Promise<number> {
  const { rows } = await database.query<{ deadlocks: number }>(
    'select deadlocks::integer as deadlocks from pg_stat_database where datname = current_database()',
  )
  return rows[0]?.deadlocks ?? -1
}

const counts = Array.from({ length: 5 }, (_, count) => count)
/** Another one each time, since the same reaction again changes nothing. */
const emoji = ['👍', '🎉', '😀', '🚀', '👀']

/** Repeats what a busy machine refuses because a lock or a connection was not free in time. */
async function retried<Result>(act: () => Promise<Result>): Promise<Result> {
  for (;;)
    try {
      return await act()
    } catch (error) {
      if (!(error instanceof Refused) || !['UNAVAILABLE', 'OUTCOME_UNKNOWN'].includes(error.code)) throw error
    }
}

async function openDevices(people: readonly Person[]): Promise<Device[]> {
  const devices = await Promise.all(people.map((person) => Device.of(person)))
  for (const device of devices) {
    await device.opens()
    await device.catchesUp()
  }
  return devices
}

async function expectComplete(devices: Device[]): Promise<void> {
  for (const device of devices) {
    await device.becomesComplete()
    device.cut()
  }
}

test('changes in several groups of the same members number their streams at once without a deadlock', async () => {
  const people = await world.people('alice', 'bob', 'carol', 'dave', 'erin', 'frank')
  const [alice, bob] = people
  const rooms: { id: string; messages: { id: string }[] }[] = []
  for (const [index, owner] of people.entries()) {
    const { id } = await owner.creates(`${index}`, people.filter((person) => person !== owner).reverse())
    rooms.push({ id, messages: await Promise.all(people.map((person) => person.sends(id, 'first'))) })
  }
  const devices = await openDevices([alice, bob])
  const before = await deadlocks()

  for (const count of counts) {
    // Sends are one transaction for all groups. Edits and reactions are one for each, so that many run at once.
    await Promise.all(
      rooms.flatMap(({ id, messages }) => [
        ...messages
          .slice(0, 2)
          .map((message, index) =>
            retried(() => (people[index] ?? alice).edits(message, `${count}, edited`)),
          ),
        ...messages.slice(2, 4).map((message) => retried(() => reacts(alice, message, emoji[count] ?? ''))),
        ...people.map((person) => retried(() => person.sends(id, `${count}, meanwhile`))),
      ]),
    )
  }
  expect(await deadlocks()).toBe(before)
  for (const { id } of rooms) expectGapless(await wholeHistory(alice, id))
  await expectComplete(devices)
})

test('a group of twenty in which all write, rename, pin and announce at once loses no change', async () => {
  const names = Array.from({ length: 20 }, (_, index) => `member${index}`)
  const people = await world.people(...names)
  const [owner, second] = people as [Person, Person]
  const { id } = await owner.creates('twenty', people.slice(1))
  const small = await second.creates('within', people.slice(2, 8))
  await owner.appoints(id, second, 'ADMIN')
  const devices = await openDevices([owner, second, people[19] as Person])
  const before = await deadlocks()

  await Promise.all([
    ...people.flatMap((person, index) => [
      retried(() => person.sends(id, `${index} to all`)),
      retried(() => person.sends(id, `${index} again`)),
      ...(index >= 1 && index < 8 ? [retried(() => person.sends(small.id, `${index} to some`))] : []),
      ...(index > 0
        ? [retried(async () => person.sends((await owner.opens(person)).id, 'to the owner'))]
        : []),
    ]),
    ...counts.flatMap((count) => [
      retried(() => owner.changesGroup(id, { name: `twenty ${count}` })),
      retried(() => second.changesGroup(small.id, { name: `within ${count}` })),
      retried(() => announces(second, id, `announcement ${count}`)),
    ]),
  ])
  expect(await deadlocks()).toBe(before)
  expectGapless(await wholeHistory(owner, id))
  await expectComplete(devices)
})

/** Holds the lock on the stream of a user, as a delivery that takes long does, while `act` runs. */
async function whileNumbered(userId: string, act: () => Promise<void>): Promise<void> {
  const other = new pg.Client({ connectionString: world.databaseUrl })
  await other.connect()
  try {
    await other.query('begin')
    await other.query('select from user_stream where user_id = $1 for update', [userId])
    await act()
  } finally {
    await other.end()
  }
}

test('a send that waits for a stream does not delay sends to other conversations', async () => {
  const [alice, bob, carol, dave] = await world.people('alice', 'bob', 'carol', 'dave')
  const slow = await alice.opens(bob)
  const quick = await carol.opens(dave)
  let waiting: Promise<unknown> = Promise.resolve()
  let isAnswered = false
  await whileNumbered(bob.id, async () => {
    waiting = alice.sends(slow.id, 'waits').then(() => {
      isAnswered = true
    })
    waiting.catch(() => {})
    await expect.poll(() => waitsForLock()).toBe(true)
    for (const count of counts) await carol.sends(quick.id, `${count}`)
    expect(isAnswered).toBe(false)
  })
  await waiting
  expectGapless(await wholeHistory(dave, quick.id))
})

/** Whether a transaction of the server waits for the lock of a row. */
async function waitsForLock(): Promise<boolean> {
  const { rowCount } = await database.query(
    `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  )
  return (rowCount ?? 0) > 0
}
