import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { foldNames } from '../../src/conversation/fold-names.ts'
import { titledPages } from '../../src/conversation/list.ts'
import { poolSql } from '../../src/platform/db/sql.ts'
import { inDatabase } from '../auth/verbs.ts'
import { remarks } from '../contact/verbs.ts'
import type { ConversationFilter } from '../generated/graphql.ts'
import { refusal } from '../world/client.ts'
import { ConversationsQuery } from '../world/operations.ts'
import type { Person } from '../world/person.ts'
import { useWorld } from '../world/world.ts'

const world = useWorld()

async function titles(person: Person, title: string, more: ConversationFilter = {}): Promise<string[]> {
  const { conversations } = await person.do(ConversationsQuery, { filter: { title, ...more } })
  return conversations.edges.map(({ node }) => node.title)
}

const pageOf = async (person: Person, title: string, after: string | null) =>
  (await person.do(ConversationsQuery, { filter: { title }, first: 1, after })).conversations

describe('conversations are found by title:', () => {
  test('groups by any part of their name, folded', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    for (const name of ['Café Müller', '開發團隊', 'ＴＥＡＭ 7', 'other']) await alice.creates(name, [bob])
    expect(await titles(bob, 'cafe mull')).toEqual(['Café Müller'])
    expect(await titles(bob, '开发')).toEqual(['開發團隊'])
    expect(await titles(bob, 'eam')).toEqual(['ＴＥＡＭ 7'])
    expect(await titles(bob, 'nothing')).toEqual([])
    expect(await titles(bob, '%')).toEqual([])
    expect(await refusal(titles(bob, ''))).toBe('INVALID_INPUT')
    expect(await refusal(titles(bob, 'x'.repeat(65)))).toBe('INVALID_INPUT')
    expect(await titles(bob, 'x'.repeat(64))).toEqual([])
  })

  test('renamed groups by their new name only', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const { id } = await alice.creates('first', [bob])
    await alice.changesGroup(id, { name: 'Zweite' })
    expect([await titles(bob, 'first'), await titles(bob, 'zweite')]).toEqual([[], ['Zweite']])
  })

  test('direct conversations by name, handle and the remark of the viewer alone', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'robert', 'carol')
    await alice.opens(bob)
    await alice.opens(carol)
    expect(await titles(alice, 'OBER')).toEqual(['robert'])
    expect(await titles(alice, `@${bob.handle}`)).toEqual(['robert'])
    expect(await titles(alice, bob.handle.slice(1))).toEqual([])
    await remarks(alice, bob, 'Böbchen')
    expect(await titles(alice, 'bobch')).toEqual(['Böbchen'])
    expect(await titles(alice, 'robert')).toEqual(['Böbchen'])
    expect(await titles(carol, 'bobch')).toEqual([])
    await remarks(alice, bob, null)
    expect(await titles(alice, 'bobch')).toEqual([])
  })

  test('on pages, with other filters, and not in conversations of others', async () => {
    const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
    for (const name of ['plan a', 'plan b', 'plan c']) await alice.creates(name, [bob])
    await bob.creates('plan d', [])
    const found: string[] = []
    let after: string | null = null
    do {
      const page: Awaited<ReturnType<typeof pageOf>> = await pageOf(alice, 'plan', after)
      found.push(...page.edges.map(({ node }) => node.title))
      after = page.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null
    } while (after)
    expect(found).toEqual(['plan c', 'plan b', 'plan a'])
    expect(await titles(alice, 'plan', { kind: 'DIRECT' })).toEqual([])
    expect(await titles(carol, 'plan')).toEqual([])
  })

  test('also where the name was stored before names were folded', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    await alice.creates('Größe', [])
    await alice.opens(bob)
    await remarks(alice, bob, 'Ärger')
    await inDatabase(world, 'update group_conversation set folded_name = null')
    await inDatabase(world, 'update friendship set folded_remark = null')
    expect(await titles(alice, 'arger')).toEqual([])
    const pool = new pg.Pool({ connectionString: world.databaseUrl })
    await foldNames(poolSql(pool))
    await pool.end()
    expect(await titles(alice, 'sse')).toEqual(['Größe'])
    expect(await titles(alice, 'arger')).toEqual(['Ärger'])
  })
})

test('a search by title reads the conversations of the viewer only', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  await alice.creates('plan', [bob])
  await alice.opens(bob)
  const database = new pg.Client({ connectionString: world.databaseUrl })
  await database.connect()
  try {
    await database.query('begin')
    await database.query(`
      insert into conversation (id, kind, member_count) select 'other ' || n, 'GROUP', 1 from generate_series(1, 5000) n`)
    await database.query(
      `
      insert into group_conversation (conversation_id, name, folded_name, owner_id, creator_id)
      select 'other ' || n, 'plan', 'plan', $1, $1 from generate_series(1, 5000) n`,
      [bob.id],
    )
    await database.query(
      `
      insert into membership (conversation_id, user_id, role) select 'other ' || n, $1, 'OWNER' from generate_series(1, 5000) n`,
      [bob.id],
    )
    for (const table of ['conversation', 'group_conversation', 'membership'])
      await database.query(`analyze ${table}`)
    const params = [alice.id, null, false, false, null, null, null, 10, 'plan', 'plan%']
    const { rows } = await database.query(
      `explain (analyze, timing off, summary off) ${titledPages.forward}`,
      params,
    )
    const plan = rows.map((row) => row['QUERY PLAN'] as string).join('\n')
    expect(plan).not.toMatch(/Seq Scan on (conversation|group_conversation|membership)/)
    expect(plan).not.toMatch(/rows=[1-9]\d{2,}[.\d]* loops/)
  } finally {
    await database.query('rollback')
    await database.end()
  }
})
