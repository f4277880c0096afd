import { crc32 } from 'node:zlib'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { decodeCursor } from '../../src/inbox/position.ts'
import { checkCursor, readHead, readSnapshot, sinceNow } from '../../src/inbox/snapshot.ts'
import { poolSql, type Sql } from '../../src/platform/db/sql.ts'
import { refusal } from '../world/client.ts'
import { Inbox } from '../world/inbox.ts'
import { Acknowledge } from '../world/operations.ts'
import type { Person } from '../world/person.ts'
import { useWorld } from '../world/world.ts'

const world = useWorld()

/** A cursor with one part replaced, and a correct checksum. */
function forged(cursor: string, place: number, part: string): string {
  const parts = cursor.split('.').slice(0, -1)
  parts[place] = part
  const text = parts.join('.')
  return `${text}.${crc32(text).toString(36)}`
}

async function expectRejected(person: Person, cursor: string) {
  expect(await refusal(person.do(Acknowledge, { cursor }))).toBe('INVALID_INPUT')
  expect(await refusal(person.sync(cursor))).toBe('CONFLICT')
  const inbox = new Inbox(person.socket(), { after: cursor })
  await inbox.sees('ResyncRequired')
  expect(await inbox.ended).toBeNull()
  expect(inbox.events).toHaveLength(1)
}

describe('a cursor is rejected', () => {
  test('if it belongs to another user, history or format, or is damaged', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const cursor = await alice.syncCursor()
    expect((await alice.sync(cursor)).hasMore).toBe(false)
    await expectRejected(bob, cursor)
    await expectRejected(alice, forged(cursor, 2, 'another history'))
    await expectRejected(alice, forged(cursor, 0, '0'))
    await expectRejected(alice, cursor.slice(1))
  })

  test.each([
    ['not a number', 3, 'x'],
    ['a fraction', 3, '1.5'],
    ['a negative number', 3, '-1'],
    ['a number above 2³¹ − 1', 3, '2147483648'],
    ['a number above 2⁵³', 3, '1e30'],
    ['a tick that is not a number', 4, 'x'],
  ])('if it is forged, with %s', async (_what, place, part) => {
    const alice = await world.person('alice')
    await expectRejected(alice, forged(await alice.syncCursor(), place, part))
  })
})

test('a sync after any cursor returns what changed after it, over more numbers than an index page has', async () => {
  const [alice, ...others] = await world.friends('alice', 'bob', 'carol', 'dave')
  const rooms = await Promise.all(others.map((other) => alice.opens(other)))
  const cursors: { cursor: string; sent: number }[] = []
  const sentTo: string[] = []
  // One stream gets the numbers of all three rooms, those of the last room in the last third only.
  for (let round = 0; round < 12; round += 1) {
    cursors.push({ cursor: await alice.syncCursor(), sent: sentTo.length })
    const indexes = Array.from({ length: 25 }, (_, count) => (round < 8 ? count % 2 : count % 3))
    await Promise.all(indexes.map(async (index) => others[index]?.sends(rooms[index]?.id ?? '', `${round}`)))
    sentTo.push(...indexes.map((index) => rooms[index]?.id ?? ''))
  }
  for (const { cursor, sent } of cursors) {
    const { conversations, hasMore } = await alice.sync(cursor)
    expect(hasMore).toBe(false)
    expect(new Set(conversations.map(({ id }) => id))).toEqual(new Set(sentTo.slice(sent)))
  }
  for (let [after, left] = [cursors[0]?.cursor ?? '', new Set(sentTo)]; left.size > 0; ) {
    const page = await alice.sync(after, 1)
    expect(page.conversations).toHaveLength(1)
    for (const { id } of page.conversations) expect(left.delete(id)).toBe(true)
    expect(page.hasMore).toBe(left.size > 0)
    after = page.cursor
  }
})

test('readers whose cursors are read together each get their own changes', async () => {
  const [alice, ...others] = await world.friends('alice', 'bob', 'carol', 'dave')
  const asked = await Promise.all(
    others.map(async (other, index) => {
      const { id } = await alice.opens(other)
      const cursor = decodeCursor(other.id, await other.syncCursor())
      if ('reason' in cursor) throw new Error(cursor.reason)
      for (let sent = 0; sent <= index; sent += 1) await alice.sends(id, `message ${sent}`)
      return { userId: other.id, cursor, conversationId: id }
    }),
  )
  const client = new pg.Client({ connectionString: world.databaseUrl })
  await client.connect()
  onTestFinished(() => client.end())
  let statements = 0
  const counted: Sql = {
    query: (text, params) => {
      statements += 1
      return poolSql(client).query(text, params)
    },
  }
  const snapshots = await Promise.all(
    asked.map(({ userId, cursor }) => readSnapshot(counted, userId, cursor, 50)),
  )
  const heads = await Promise.all(asked.map(({ userId, cursor }) => checkCursor(counted, userId, cursor)))
  expect(statements).toBe(2)
  for (const [index, { userId, conversationId }] of asked.entries()) {
    const { streamSeq } = await readHead(poolSql(client), userId)
    expect(snapshots[index]).toMatchObject({
      entries: expect.arrayContaining([expect.objectContaining({ subjectId: conversationId })]),
      position: { streamSeq },
    })
    expect(heads[index]).toMatchObject({ valid: true, head: { streamSeq } })
  }
})

test('after a cursor that comes before a new total unread count, the count follows', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await alice.opens(bob)
  const before = await alice.syncCursor()
  const inbox = new Inbox(alice.socket(), { after: before })
  await inbox.sees('Checkpoint')
  await bob.sends(id, 'hello')
  const { cursor } = await inbox.sees('MessagesChanged')
  const resumed = new Inbox(alice.socket(), { after: cursor })
  expect((await resumed.sees('MeChanged')).me.unreadCount).toBe(1)
  const synced = new Inbox(alice.socket(), { after: (await alice.sync(before)).cursor })
  expect((await synced.sees('MeChanged')).me.unreadCount).toBe(1)
})

describe('the time of a cursor', () => {
  const clients = new Map<string, pg.Client>()
  const as = (name: string) => clients.get(name) as pg.Client
  beforeAll(async () => {
    for (const name of ['reader', 'writer', 'other']) {
      const client = new pg.Client({ connectionString: world.databaseUrl })
      clients.set(name, client)
      await client.connect()
    }
  })
  afterAll(() => Promise.all([...clients.values()].map((client) => client.end())))

  /** Milliseconds between the start of a transaction and the time of a cursor that is read now. */
  async function beforeStart(name: string): Promise<number> {
    const began = await as(name).query<{ ms: string }>(
      'select (extract(epoch from now()) * 1000)::bigint as ms',
    )
    const read = await as('reader').query<{ ms: string }>(`select ${sinceNow} as ms`)
    return Number(began.rows[0]?.ms) - Number(read.rows[0]?.ms)
  }

  test('is before the only running transaction', async () => {
    await as('writer').query('begin; select pg_current_xact_id()')
    expect(await beforeStart('writer')).toBeGreaterThanOrEqual(100)
    await as('writer').query('commit')
  })

  test('is before a transaction that ends while the head is read', async () => {
    await as('writer').query('begin; select pg_current_xact_id()')
    await as('other').query('select pg_current_xact_id()')
    // The snapshot of the query contains the transaction as running, and the list of sessions no longer does.
    await as('reader').query('begin isolation level repeatable read; select 1')
    await as('writer').query('commit')
    expect(await beforeStart('reader')).toBeGreaterThan(5_000)
    await as('reader').query('commit')
  })
})
