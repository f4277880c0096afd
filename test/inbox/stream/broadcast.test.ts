import pg from 'pg'
import { describe, expect, test } from 'vitest'
import {
  afterBroadcast,
  atTick,
  decodeCursor,
  encodeCursor,
  later,
  type Position,
  Reached,
} from '../../../src/inbox/position.ts'
import type { Inbox, InboxEvent } from '../../world/inbox.ts'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { Device } from '../device.ts'

// Groups of three are broadcast.
const world = useWorld({ LIMIT_IMMEDIATE_GROUP_SIZE: '2', DIRECT_MESSAGES_FROM: 'everyone' })

const owner = { userId: 'user_1', history: 'h' }
const start: Position = { streamSeq: 5, tick: 10, since: 1_000 }
const movedOn = (position: Position, id: string, tick: number, seq = 1) =>
  afterBroadcast(position, new Reached(id, seq, 2 * seq), tick)

describe('a position', () => {
  test('names how far broadcast groups were delivered after its tick, in its cursor too', () => {
    const position = movedOn(movedOn(start, 'group_a', 12), 'group_b', 11, 7)
    expect(position.broadcasts).toEqual({
      tick: 12,
      reached: [new Reached('group_a', 1, 2), new Reached('group_b', 7, 14)],
    })
    const cursor = encodeCursor(owner, position, true)
    expect(decodeCursor(owner.userId, cursor)).toEqual({ history: 'h', position, owesUnread: true })
    // Text that JSON and URLs need not escape.
    expect(cursor).toMatch(/^[\w.-]+$/)
  })

  test('names the sixteen groups that were delivered last', () => {
    let position = start
    for (let count = 0; count < 20; count += 1) position = movedOn(position, `group_${count}`, 11 + count)
    position = movedOn(position, 'group_4', 40, 2)
    const names = position.broadcasts?.reached.map(({ conversationId }) => conversationId) ?? []
    expect(names).toHaveLength(16)
    expect(names.slice(0, 2)).toEqual(['group_5', 'group_6'])
    expect(names.at(-1)).toBe('group_4')
    expect(decodeCursor(owner.userId, encodeCursor(owner, position))).toMatchObject({ position })
  })

  test('no longer names them once its tick includes them', () => {
    const position = movedOn(start, 'group_a', 12)
    expect(atTick(position, { tick: 11, since: 2_000 })).toEqual({ ...position, tick: 11, since: 2_000 })
    expect(atTick(position, { tick: 12, since: 2_000 })).toEqual({ streamSeq: 5, tick: 12, since: 2_000 })
  })

  test('is later than another with the same tick if more was delivered since', () => {
    const [one, two] = [movedOn(start, 'group_a', 12), movedOn(start, 'group_b', 13)]
    expect(later(one, two)).toBe(two)
    expect(later(two, one)).toBe(two)
    expect(later(start, one)).toBe(one)
    expect(later({ ...start, tick: 11 }, two)).toEqual({ ...start, tick: 11 })
  })
})

const textsIn = (events: readonly InboxEvent[]) =>
  events.flatMap((event) =>
    event.__typename === 'MessagesChanged' ? event.messages.map(({ plainText }) => plainText) : [],
  )

const says = (inbox: Inbox, text: string) =>
  inbox.sees('MessagesChanged', ({ messages }) => messages.some(({ plainText }) => plainText === text))

async function crowd(...others: string[]) {
  const [alice, bob, carol, ...more] = await world.people('alice', 'bob', 'carol', ...others)
  const { id, deliveryMode } = await alice.creates('crowd', [bob, carol])
  expect(deliveryMode).toBe('INLINE')
  return { alice, bob, carol, more, id }
}

test('a reader that resumes from the cursor of any event misses nothing', async () => {
  const { alice, bob, id } = await crowd()
  const other = await alice.creates('other', [bob, await world.person('dave')])
  const inbox = await bob.listens()
  const sent: { text: string; cursor: string }[] = []
  for (let count = 0; count < 12; count += 1) {
    const text = `message ${count}`
    await alice.sends(count % 3 === 0 ? other.id : id, text)
    sent.push({ text, cursor: (await says(inbox, text)).cursor })
  }
  inbox.close()
  for (const [index, { cursor }] of sent.entries()) {
    const resumed = await bob.listens({ after: cursor })
    const missed = sent.slice(index + 1).map(({ text }) => text)
    expect(textsIn(resumed.events)).toEqual(expect.arrayContaining(missed))
    resumed.close()
  }
})

test('a member who was removed gets no later message, and one who was added gets each', async () => {
  const { alice, bob, carol, more, id } = await crowd('dave')
  const [dave] = more as [Person]
  const inboxes = { bob: await bob.listens(), carol: await carol.listens(), dave: await dave.listens() }
  await alice.sends(id, 'before')
  await Promise.all([says(inboxes.bob, 'before'), says(inboxes.carol, 'before')])
  await alice.adds(id, dave)
  await alice.removes(id, bob)
  for (const text of ['one', 'two']) {
    await alice.sends(id, text)
    await Promise.all([says(inboxes.carol, text), says(inboxes.dave, text)])
  }
  const direct = await alice.opens(bob)
  await alice.sends(direct.id, 'goodbye')
  await says(inboxes.bob, 'goodbye')
  const ofBob = textsIn(inboxes.bob.events)
  expect(ofBob.filter((text) => text === 'one' || text === 'two')).toEqual([])
  expect(textsIn(inboxes.dave.events)).not.toContain('before')
  for (const inbox of Object.values(inboxes)) inbox.close()
})

test('settings, mentions of all, recalls and reactions of others reach every device without a refetch', async () => {
  const { alice, bob, carol, id } = await crowd()
  const devices = await Promise.all([alice, bob, carol].map((person) => Device.of(person)))
  for (const device of devices) {
    await device.opens()
    await device.catchesUp()
  }
  const acts = [
    () => alice.changesGroup(id, { description: 'changed' }),
    () => alice.sendsContent(id, { richText: { parts: [{ mentionAll: { displayText: '@all' } }] } }),
    async () => alice.recalls(await alice.sends(id, 'a slip')),
    async () => alice.edits(await alice.sends(id, 'a typo'), 'corrected'),
    async () => bob.reads(id, (await alice.sends(id, 'read by one')).seq),
  ]
  for (const act of acts) {
    await act()
    for (const device of devices) await device.becomesComplete()
  }
  for (const device of devices) device.cut()
})

/** Delivers what acts change as a worker does, but nothing of it is published: a lost message of the bus. */
async function deliversUnpublished(groupId: string, acts: () => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: crossing.databaseUrl })
  await client.connect()
  await client.query('begin')
  await client.query('select from delivery where conversation_id = $1 for update', [groupId])
  await acts()
  await client.query('update delivery_clock set tick = tick + 1')
  await client.query(
    `update delivery d set version = c.version, revision = c.revision, max_seq = c.max_seq, mode = c.delivery_mode,
       tick = (select tick from delivery_clock)
     from conversation c where c.id = d.conversation_id and c.id = $1`,
    [groupId],
  )
  await client.query('delete from delivery_mark where conversation_id = $1', [groupId])
  await client.query('commit')
  await client.end()
}

const crossing = useWorld({ LIMIT_IMMEDIATE_GROUP_SIZE: '3', DIRECT_MESSAGES_FROM: 'everyone' })

test('a group that shrinks leaves no gap in a stream that lost the last delivery by the clock', async () => {
  const [alice, bob, carol, dave] = await crossing.people('alice', 'bob', 'carol', 'dave')
  const { id } = await alice.creates('crowd', [bob, carol, dave])
  const inbox = await bob.listens()
  await alice.sends(id, 'published')
  await says(inbox, 'published')
  await deliversUnpublished(id, async () => {
    await alice.sends(id, 'lost')
    await alice.removes(id, carol)
  })
  // The stream now gets numbers instead.
  await alice.removes(id, dave)
  await alice.sends(id, 'after')
  await says(inbox, 'after')
  const changes = inbox.events.flatMap((event) => (event.__typename === 'MessagesChanged' ? [event] : []))
  expect(textsIn(changes)).toContain('lost')
  for (const [index, { fromVersion }] of changes.entries())
    expect(fromVersion).toBeLessThanOrEqual(changes[index - 1]?.version ?? fromVersion)
  inbox.close()
})
