import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { unreadCount } from '../../src/conversation/read-count.ts'
import { ConversationsQuery } from '../world/operations.ts'
import type { Person } from '../world/person.ts'
import { useWorld } from '../world/world.ts'

const world = useWorld({ LIMIT_INLINE_GROUP_SIZE: '3' })

// More than are settled at once, and more than one walk reads.
const groupCount = 120
const pageSize = 5

let database: pg.Client
let alice: Person
let bob: Person
const groups: string[] = []

beforeAll(async () => {
  database = new pg.Client({ connectionString: world.databaseUrl })
  await database.connect()
  const [carol, dave] = await world.people('carol', 'dave')
  ;[alice, bob] = await world.people('alice', 'bob')
  // Some are in SIGNAL mode.
  for (let index = 0; index < groupCount; index += 1) {
    const others = index % 20 === 0 ? [alice, carol, dave] : [alice]
    groups.push((await bob.creates(`group ${index}`, others)).id)
  }
})
afterAll(() => database.end())

/** Lets hours pass: everything happened that much earlier. */
const pass = (hours: number) =>
  database.query(
    `update conversation set last_activity_at = last_activity_at - $1::interval, active_until = active_until - $1::interval`,
    [`${hours} hours`],
  )

async function totalByHand(): Promise<number> {
  const { rows } = await database.query<{ total: number }>(
    `select coalesce(sum(${unreadCount}), 0)::integer as total from membership m
     join conversation c on c.id = m.conversation_id where m.user_id = $1 and not m.do_not_disturb`,
    [alice.id],
  )
  return rows[0]?.total ?? 0
}

async function listByHand(unreadOnly: boolean): Promise<string[]> {
  const { rows } = await database.query<{ id: string }>(
    `select c.id from membership m join conversation c on c.id = m.conversation_id
     where m.user_id = $1 and (m.hidden_at_seq is null or c.max_seq > m.hidden_at_seq)
       and (not $2 or ${unreadCount} > 0)
     order by m.pinned desc, c.last_activity_at desc, c.id desc`,
    [alice.id, unreadOnly],
  )
  return rows.map((row) => row.id)
}

async function list(unreadOnly: boolean): Promise<string[]> {
  const found: string[] = []
  let after: string | null | undefined = null
  do {
    const page: Awaited<ReturnType<typeof readPage>> = await readPage(unreadOnly, after)
    found.push(...page.edges.map(({ node }) => node.id))
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
  } while (after)
  return found
}

const readPage = async (unreadOnly: boolean, after: string | null | undefined) =>
  (await alice.do(ConversationsQuery, { first: pageSize, after, filter: { unreadOnly } })).conversations

const settledCount = async () =>
  (await database.query('select from membership where user_id = $1 and settled', [alice.id])).rowCount ?? 0

const anyGroup = fc.nat({ max: groupCount - 1 })
const change = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('send' as const), group: anyGroup }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('read' as const), group: anyGroup }) },
  fc.record({ kind: fc.constant('recall' as const), group: anyGroup }),
  fc.record({ kind: fc.constant('mute' as const), group: anyGroup, on: fc.boolean() }),
  fc.record({ kind: fc.constant('pin' as const), group: anyGroup, on: fc.boolean() }),
  fc.record({ kind: fc.constant('hide' as const), group: anyGroup, on: fc.boolean() }),
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), hours: fc.integer({ min: 1, max: 4 }) }),
  },
)
type Change = typeof change extends fc.Arbitrary<infer Of> ? Of : never

async function apply(done: Change): Promise<unknown> {
  if (done.kind === 'pass') return pass(done.hours)
  const id = groups[done.group] as string
  switch (done.kind) {
    case 'send':
      return bob.sends(id, 'hello')
    case 'read':
      return alice.reads(id, (await alice.conversation(id))?.maxSeq ?? 0)
    case 'recall':
      return bob.recalls(await bob.sends(id, 'a mistake'))
    case 'mute':
      return alice.changesView(id, { doNotDisturb: done.on })
    case 'pin':
      return alice.changesView(id, { pinned: done.on })
    case 'hide':
      return alice.changesView(id, { hidden: done.on })
  }
}

test('the list and the total unread count are right whatever happened when', async () => {
  let settled = 0
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 5, maxLength: 12 }), async (changes) => {
      for (const each of changes) {
        await apply(each)
        expect((await alice.me()).unreadCount).toBe(await totalByHand())
      }
      settled = Math.max(settled, await settledCount())
      expect(await list(false)).toEqual(await listByHand(false))
      expect(await list(true)).toEqual(await listByHand(true))
    }),
    { numRuns: 12, endOnFailure: true },
  )
  expect(settled).toBeGreaterThan(50)
})

test('activity writes a membership once an hour', async () => {
  const id = groups[1] as string
  const version = async () =>
    (
      await database.query<{ version: string }>(
        'select xmin::text as version from membership where conversation_id = $1 and user_id = $2',
        [id, alice.id],
      )
    ).rows[0]?.version
  await pass(2)
  const before = await version()
  await bob.sends(id, 'first of an hour')
  const first = await version()
  expect(first).not.toBe(before)
  await bob.sends(id, 'second')
  expect(await version()).toBe(first)
})
