import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { keyOf } from '../../src/search/postgres/key.ts'
import { statementWithoutWords } from '../../src/search/postgres/without-words.ts'
import { png } from '../media/samples.ts'
import { uploadsReady } from '../media/verbs.ts'
import { refusal } from '../world/client.ts'
import type { Person } from '../world/person.ts'
import { useWorld } from '../world/world.ts'
import { backEnds } from './back-ends.ts'
import { finds, indexed, type SearchArgs, search } from './verbs.ts'

/** All texts, page by page. */
async function pages(person: Person, query: string | null, args: SearchArgs): Promise<string[]> {
  const texts: string[] = []
  for (let after: string | null = null; ; ) {
    const { edges, pageInfo } = await search(person, query, { ...args, after })
    texts.push(...edges.map(({ node }) => node.message.plainText))
    if (!pageInfo.hasNextPage) return texts
    after = pageInfo.endCursor ?? null
  }
}

const names = (person: Person) => ({ mention: { userId: person.id, displayText: `@${person.name}` } })
const all = { mentionAll: { displayText: '@all' } }

describe.each(backEnds)('a search without words on $name', ({ env }) => {
  const world = useWorld(env)

  async function team() {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const { id } = await alice.creates('team', [bob])
    return { alice, bob, carol, id }
  }

  test('is the gallery of a conversation, also of images without a caption', async () => {
    const { alice, bob, id } = await team()
    const other = await alice.opens(bob)
    const image = { mediaId: (await uploadsReady(alice, { bytes: await png(), filename: 'a.png' })).id }
    await alice.sendsContent(id, { image })
    await alice.sends(id, 'between')
    await alice.sendsContent(id, { file: image })
    await alice.sendsContent(id, { image: { ...image, caption: 'second' } })
    await alice.recalls(await alice.sendsContent(id, { image: { ...image, caption: 'gone' } }))
    await alice.sendsContent(other.id, { image: { ...image, caption: 'elsewhere' } })
    await indexed(world.databaseUrl)

    const gallery = { conversationIds: [id], kinds: ['IMAGE', 'VIDEO'] } as const
    expect(await finds(bob, null, { filter: gallery })).toEqual(['[Image] second', '[Image]'])
    expect(await finds(bob, null, { filter: gallery, order: 'OLDEST_FIRST' })).toEqual([
      '[Image]',
      '[Image] second',
    ])
    expect(await finds(bob, null, { filter: { kinds: ['FILE'] } })).toEqual(['[File] a.png'])
    expect(await finds(bob, null, { filter: { kinds: ['SYSTEM'] } })).toEqual([])
    expect(await finds(bob, null, { filter: { kinds: ['IMAGE'] } })).toEqual([
      '[Image] elsewhere',
      '[Image] second',
      '[Image]',
    ])
    const { edges } = await search(bob, null, { filter: gallery, first: 1 })
    expect(edges[0]?.node.highlights).toEqual([])
  })

  test('finds messages by sender and time, in both orders, on stable pages', async () => {
    const { alice, bob, id } = await team()
    const direct = await alice.opens(bob)
    const sent = []
    for (let index = 0; index < 9; index += 1)
      sent.push(await alice.sends(index % 2 ? id : direct.id, `line ${index}`))
    await bob.sends(id, 'mine')
    await indexed(world.databaseUrl)

    const filter = { senderIds: [alice.id] }
    const falling = [8, 7, 6, 5, 4, 3, 2, 1, 0].map((index) => `line ${index}`)
    expect(await finds(bob, null, { filter })).toEqual(falling)
    for (const first of [2, 4]) {
      const newest = pages(bob, null, { filter, first })
      expect(await newest).toEqual(falling)
      const oldest = await pages(bob, null, { filter, first, order: 'OLDEST_FIRST' })
      expect(oldest).toEqual([...falling].reverse())
    }
    const between = { ...filter, sentAfter: sent[3]?.sentAt ?? null, sentBefore: sent[6]?.sentAt ?? null }
    expect(await pages(bob, null, { filter: between, first: 2 })).toEqual(['line 5', 'line 4', 'line 3'])

    const { pageInfo } = await search(bob, null, { filter, first: 3 })
    await alice.sends(id, 'line 9')
    await indexed(world.databaseUrl)
    expect(await finds(bob, null, { filter, first: 2, after: pageInfo.endCursor ?? null })).toEqual([
      'line 5',
      'line 4',
    ])
  })

  test('finds the mentions of the viewer, and follows edits', async () => {
    const { alice, bob, carol, id } = await team()
    await alice.adds(id, carol)
    await alice.sendsContent(id, { richText: { parts: [names(bob), { text: ' one' }] } })
    await alice.sendsContent(id, { richText: { parts: [names(carol), { text: ' two' }] } })
    await alice.sendsContent(id, { richText: { parts: [all, names(bob), { text: ' three' }] } })
    const edited = await alice.sendsContent(id, { richText: { parts: [names(bob), { text: ' four' }] } })
    await alice.edits(edited, 'never mind')
    await indexed(world.databaseUrl)

    const filter = { mentionsViewer: true }
    expect(await pages(bob, null, { filter, first: 1 })).toEqual(['@all@bob three', '@bob one'])
    expect(await finds(carol, null, { filter, order: 'OLDEST_FIRST' })).toEqual([
      '@carol two',
      '@all@bob three',
    ])
    expect(await finds(bob, 'one', { filter })).toEqual(['@bob one'])
    expect(await finds(bob, 'two', { filter })).toEqual([])
    expect(await finds(bob, null, { filter: { ...filter, senderIds: [carol.id] } })).toEqual([])
  })

  test('finds links, and messages without one', async () => {
    const { alice, bob, id } = await team()
    await alice.sends(id, 'see https://example.org/a')
    await alice.sends(id, '看这里http://例子.测试')
    await alice.sends(id, 'https is a protocol')
    await indexed(world.databaseUrl)

    expect(await finds(bob, null, { filter: { hasLink: true } })).toEqual([
      '看这里http://例子.测试',
      'see https://example.org/a',
    ])
    expect(await finds(bob, null, { filter: { hasLink: false } })).toEqual(['https is a protocol'])
    expect(await finds(bob, 'see', { filter: { hasLink: true } })).toEqual(['see https://example.org/a'])
  })

  test('shows a member nothing from before the history that they may read', async () => {
    const { alice, carol, id } = await team()
    await alice.sends(id, 'before')
    await alice.sendsContent(id, { richText: { parts: [all, { text: ' before' }] } })
    await alice.adds(id, carol)
    await indexed(world.databaseUrl)
    const filter = { conversationIds: [id] }
    expect(await finds(carol, null, { filter })).toEqual([])
    await alice.sends(id, 'after')
    await indexed(world.databaseUrl)
    for (const order of ['NEWEST_FIRST', 'OLDEST_FIRST'] as const)
      expect(await finds(carol, null, { filter, order })).toEqual(['after'])
    expect(await finds(carol, null, { filter: { mentionsViewer: true } })).toEqual([])
    await alice.removes(id, carol)
    expect(await finds(carol, null, { filter })).toEqual([])
  })

  test('needs a filter', async () => {
    const { bob } = await team()
    expect(await refusal(search(bob, null))).toBe('INVALID_INPUT')
    expect(await refusal(search(bob, null, { filter: {} }))).toBe('INVALID_INPUT')
    expect(await refusal(search(bob, null, { filter: { mentionsViewer: false, kinds: null } }))).toBe(
      'INVALID_INPUT',
    )
    expect(await finds(bob, null, { filter: { hasLink: true } })).toEqual([])
  })

  test('with words, an order by time mixes exact and inexact hits', async () => {
    const { alice, bob, id } = await team()
    for (const text of ['report one', 'reporting', 'a report', 'reprot typo', 'other'])
      await alice.sends(id, text)
    await indexed(world.databaseUrl)
    const rising = ['report one', 'reporting', 'a report', 'reprot typo']
    expect(await pages(bob, 'report', { order: 'OLDEST_FIRST', first: 1 })).toEqual(rising)
    expect(await pages(bob, 'report', { order: 'NEWEST_FIRST', first: 3 })).toEqual([...rising].reverse())
    expect(await pages(bob, '报告', { order: 'NEWEST_FIRST' })).toEqual([])
  })
})

describe('the statements of PostgreSQL without words', () => {
  const world = useWorld({ MEILI_URL: '' })
  const scope = { conversationId: 'large', fromSeq: 1, maxSeq: 20_000, activeAt: new Date() }
  const filter = {
    scopes: [scope],
    senderIds: null,
    kinds: null,
    sentAfter: null,
    sentBefore: null,
    hasLink: null,
    mentioning: null,
  }

  test.each([
    { by: 'kind', given: { kinds: ['IMAGE'] } },
    { by: 'sender', given: { senderIds: ['few'] } },
    { by: 'link', given: { hasLink: true } },
    { by: 'mention', given: { mentioning: 'few' } },
    { by: 'time', given: {} },
  ])('read by $by only what they return', async ({ given }) => {
    const database = new pg.Client({ connectionString: world.databaseUrl })
    await database.connect()
    try {
      await database.query('begin')
      await database.query(
        `
        insert into message_search (message_id, conversation_id, conversation_key, seq, sender_id, sender_key, kind, sent_at, version, has_link, words)
        select 'm' || n, 'large', $1, n, case when n % 1000 = 0 then 'few' else 'many' end,
               case when n % 1000 = 0 then $2 else $3 end::integer,
               (case when n % 1000 = 1 then 'IMAGE' else 'TEXT' end)::message_kind,
               timestamptz '2026-01-01' + n * interval '1 second', n, n % 1000 = 2, ''
        from generate_series(1, 20000) n`,
        [keyOf('large'), keyOf('few'), keyOf('many')],
      )
      await database.query(`
        insert into mention (conversation_id, seq, place, user_id)
        select 'large', n, 0, case when n % 1000 = 3 then 'few' else 'many' end from generate_series(1, 20000) n`)
      await database.query('analyze message_search')
      await database.query('analyze mention')
      for (const order of ['NEWEST_FIRST', 'OLDEST_FIRST'] as const) {
        const { text, params } = statementWithoutWords({ ...filter, ...given }, order)
        const bounds = { from: '-infinity', to: 'infinity', after: null }
        const { rows } = await database.query(
          `explain (analyze, format json, timing off) ${text}`,
          params([scope], bounds, 10),
        )
        const [{ Plan: plan }] = rows[0]['QUERY PLAN'] as [{ Plan: PlanNode }]
        expect(plan['Actual Rows']).toBe(10)
        expect(nodesOf(plan).filter((node) => node['Node Type'] === 'Seq Scan')).toEqual([])
        expect(Math.max(...nodesOf(plan).map(rowsRead))).toBeLessThan(250)
      }
    } finally {
      await database.query('rollback')
      await database.end()
    }
  })
})

interface PlanNode {
  'Node Type': string
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  Plans?: PlanNode[]
}

const nodesOf = (plan: PlanNode): PlanNode[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)]

const rowsRead = (node: PlanNode) =>
  (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops']
