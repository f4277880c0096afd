import pg from 'pg'
import { expect, test } from 'vitest'
import { Device } from '../inbox/device.ts'
import { forwards } from '../message/content/verbs.ts'
import { Refused, refusal } from '../world/client.ts'
import type { Person } from '../world/person.ts'
import { manyConnections, useWorld } from '../world/world.ts'
import { expectGapless, wholeHistory } from './history.ts'

const world = useWorld({ ...manyConnections, DIRECT_MESSAGES_FROM: 'everyone' })

type Sent = Awaited<ReturnType<Person['sends']>>

test('200 sends at once get gapless numbers in one order, and retries are one message', async () => {
  const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
  const { id, maxSeq } = await alice.creates('busy', [bob, carol])
  const people = [alice, bob, carol, await alice.onAnotherDevice(), await bob.onAnotherDevice()]
  const device = await Device.of(carol)
  await device.opens()

  const calls: { key: string; began: number; ended: number; message: Sent }[] = []
  const send = async (sender: Person, number: number) => {
    const began = performance.now()
    const clientMessageId = `${sender.id} ${number}`
    const message = await sender.sends(id, `message ${number}`, { clientMessageId })
    calls.push({ key: clientMessageId, began, ended: performance.now(), message })
  }
  const numbers = Array.from({ length: 200 }, (_, number) => number)
  await Promise.all(
    numbers.flatMap((number) => {
      const sender = people[number % people.length] as Person
      // Every fourth is tried three times at once, by two devices where there are two.
      const tries = number % 4 === 0 ? people.filter((person) => person.id === sender.id) : [sender]
      return [...tries, ...(number % 4 === 0 ? [sender] : [])].map((person) => send(person, number))
    }),
  )

  expect(calls.length).toBeGreaterThan(250)
  const byKey = new Map(calls.map(({ key, message }) => [key, message]))
  expect(byKey.size).toBe(200)
  for (const { key, message } of calls) expect(message).toEqual(byKey.get(key))
  const histories = await Promise.all([alice, bob, carol].map((person) => wholeHistory(person, id)))
  const [history = []] = histories
  expectGapless(history)
  expect(history).toHaveLength(maxSeq + 200)
  for (const other of histories) expect(other).toEqual(history)
  for (const earlier of calls)
    for (const { began, message } of calls)
      if (earlier.ended < began) expect(earlier.message.seq).toBeLessThan(message.seq)

  await device.becomesComplete()
  device.cut()
})

test('one key for two conversations at once is one message, without a gap in the other', async () => {
  const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
  const rooms = [(await alice.opens(bob)).id, (await alice.opens(carol)).id]
  const won = new Map(rooms.map((room) => [room, 0]))
  for (let round = 0; round < 40; round += 1) {
    const clientMessageId = `round ${round}`
    const outcomes = await Promise.allSettled(
      rooms.map((room) => alice.sends(room, 'once', { clientMessageId })),
    )
    const stored = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
    expect(stored).toHaveLength(1)
    expect(refused).toMatchObject([{ code: 'CONFLICT' }])
    const { conversationId = '' } = stored[0] ?? {}
    won.set(conversationId, (won.get(conversationId) ?? 0) + 1)
  }
  for (const [room, count] of won) {
    const history = await wholeHistory(alice, room)
    expectGapless(history)
    expect(history).toHaveLength(count)
  }
})

test('one key for two conversations waits for the first send and is refused with CONFLICT in the second', async () => {
  const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
  const [one, other] = [await alice.opens(bob), await alice.opens(carol)]
  const original = await alice.sends(one.id, 'original')
  const ways = [
    (key: object) => alice.sends(other.id, 'once', key),
    (key: object) => forwards(alice, [original], [{ id: other.id, ...key }]),
  ]
  const database = new pg.Client({ connectionString: world.databaseUrl })
  await database.connect()
  try {
    for (const [index, sendsElsewhere] of ways.entries()) {
      // The first send comes as far as its last step, and no further.
      await database.query('begin')
      const hold = 'select from membership where conversation_id = $1 and user_id = $2 for update'
      await database.query(hold, [one.id, alice.id])
      const key = { clientMessageId: `the same ${index}` }
      const first = alice.sends(one.id, 'once', key)
      await expect.poll(() => waitingFor(database)).toBe(1)
      const second = refusal(sendsElsewhere(key))
      await expect.poll(() => waitingFor(database)).toBe(2)
      await database.query('rollback')
      expect((await first).seq).toBe(original.seq + 1 + index)
      expect(await second).toBe('CONFLICT')
    }
  } finally {
    await database.end()
  }
  expect((await alice.sends(other.id, 'another')).seq).toBe(other.maxSeq + 1)
})

async function waitingFor(database: pg.Client): Promise<number> {
  const { rowCount } = await database.query(
    `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  )
  return rowCount ?? 0
}

test('a member who is removed while sending has no message after the removal', async () => {
  const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
  for (let round = 0; round < 6; round += 1) {
    const { id } = await alice.creates('busy', [bob, carol])
    const inbox = await bob.listens()
    const stored: Sent[] = []
    let tell: () => void = () => {}
    const some = new Promise<void>((resolve) => {
      tell = resolve
    })
    const sendsOn = async (sender: Person, until: () => boolean) => {
      while (!until()) {
        const message = await sender.sends(id, 'more')
        if (sender === bob && stored.push(message) > 5) tell()
      }
    }
    const refused: unknown[] = []
    const lane = () => sendsOn(bob, () => false).catch((error: unknown) => refused.push(error))
    const lanes = Promise.all([lane(), lane(), lane(), lane()])
    await some
    await alice.removes(id, bob)
    await Promise.all([lanes, sendsOn(carol, () => refused.length > 0)])
    for (const error of refused) expect(error).toMatchObject({ code: 'NOT_FOUND' })
    expect(refused[0]).toBeInstanceOf(Refused)
    await alice.sends(id, 'after all')

    const history = await wholeHistory(alice, id)
    expectGapless(history)
    const removal = history.find(({ content }) => 'event' in content && content.event === 'MEMBER_REMOVED')
    const his = history.filter(({ sender }) => sender?.id === bob.id)
    expect(his.map((message) => message.id).sort()).toEqual(stored.map((message) => message.id).sort())
    const fence = removal?.seq ?? 0
    expect(his.at(-1)?.seq).toBeLessThan(fence)

    await inbox.sees('ConversationRemoved', ({ conversationId }) => conversationId === id)
    const received = inbox.events.flatMap((event) =>
      event.__typename === 'MessagesChanged' ? event.messages : [],
    )
    expect(received.filter((message) => message.conversationId === id && message.seq >= fence)).toEqual([])
    inbox.close()
  }
})
