import { describe, expect, test } from 'vitest'
import { refusal } from '../world/client.ts'
import { useWorld } from '../world/world.ts'
import { backEnds } from './back-ends.ts'
import { finds, indexed, marks, search, suggestions } from './verbs.ts'

describe.each(backEnds)('search on $name', ({ env }) => {
  const world = useWorld(env)

  async function conversation(...texts: string[]) {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    for (const text of texts) await alice.sends(id, text)
    await indexed(world.databaseUrl)
    return { alice, bob, id }
  }

  test('highlights hits in UTF-16 units of the original text', async () => {
    const { bob } = await conversation(
      '👩‍👩‍👧 ｶﾞｲﾄﾞ BOOK, ﬁne CAFÉ',
      '開會時間：下午三點',
      `${'long ago, '.repeat(40)}a needle 🎉🎉 and ${'more hay, '.repeat(40)}`,
    )
    expect(await marks(bob, 'がいど')).toEqual(['ｶﾞｲﾄﾞ'])
    expect(await marks(bob, 'cafe fine')).toEqual(['ﬁne', 'CAFÉ'])
    expect(await marks(bob, '开会时间')).toEqual(['開會時間'])
    expect(await marks(bob, '👩‍👩‍👧')).toEqual(['👩‍👩‍👧'])
    expect(await marks(bob, 'needle')).toEqual(['needle'])
    const { edges } = await search(bob, 'needle')
    const [highlight] = edges[0]?.node.highlights ?? []
    expect(highlight?.snippet.length).toBeLessThan(150)
    expect(highlight?.snippet).not.toMatch(/^[\udc00-\udfff]|[\ud800-\udbff]$/)
  })

  test('lists whole words first, then the latest, on stable pages', async () => {
    const { alice, bob, id } = await conversation(
      ...Array.from({ length: 23 }, (_, index) => `report ${index}`),
      'reporting is what we do',
      'nothing of the kind',
    )
    const all = await finds(bob, 'report', { first: 100 })
    expect(all).toEqual([
      ...Array.from({ length: 23 }, (_, index) => `report ${22 - index}`),
      'reporting is what we do',
    ])

    const paged: string[] = []
    let after: string | null = null
    do {
      const page = await search(bob, 'report', { first: 5, after })
      paged.push(...page.edges.map(({ node }) => node.message.plainText))
      after = page.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null
      // New messages belong before the first page.
      await alice.sends(id, `report in between ${paged.length}`)
      await indexed(world.databaseUrl)
    } while (after)
    expect(paged).toEqual(all)
  })

  test('filters by conversation, sender, kind and time', async () => {
    const { alice, bob, id } = await conversation('lunch at noon')
    const group = await alice.creates('lunch club', [bob])
    await bob.sendsContent(group.id, {
      richText: { parts: [{ text: 'lunch ' }, { mentionAll: { displayText: '@all' } }] },
    })
    const last = await bob.sends(group.id, 'no lunch today')
    await indexed(world.databaseUrl)

    expect(await finds(alice, 'lunch')).toEqual(['no lunch today', 'lunch @all', 'lunch at noon'])
    expect(await finds(alice, 'lunch', { filter: { conversationIds: [id] } })).toEqual(['lunch at noon'])
    expect(await finds(alice, 'lunch', { filter: { senderIds: [bob.id] } })).toEqual([
      'no lunch today',
      'lunch @all',
    ])
    expect(await finds(alice, 'lunch', { filter: { kinds: ['RICH_TEXT'] } })).toEqual(['lunch @all'])
    expect(await finds(alice, 'lunch', { filter: { kinds: ['SYSTEM', 'IMAGE'] } })).toEqual([])
    expect(await finds(alice, 'lunch', { filter: { sentAfter: last.sentAt } })).toEqual(['no lunch today'])
    expect(await finds(alice, 'lunch', { filter: { sentBefore: last.sentAt } })).toEqual([
      'lunch @all',
      'lunch at noon',
    ])
    expect(await finds(alice, 'lunch', { filter: { conversationIds: ['group_no_such'] } })).toEqual([])
  })

  test('finds edited messages by their current text only', async () => {
    const { alice, bob, id } = await conversation()
    const message = await alice.sends(id, 'the password is swordfish')
    await indexed(world.databaseUrl)
    await alice.edits(message, 'the password is a secret')
    await indexed(world.databaseUrl)
    expect(await finds(bob, 'swordfish')).toEqual([])
    expect(await finds(bob, 'secret')).toEqual(['the password is a secret'])
  })

  test('suggests completions from readable messages only', async () => {
    const { bob } = await conversation(
      'Quarterly numbers',
      'quarterly numbers again',
      'quarter past nine',
      '北京大学',
    )
    expect(await suggestions(bob, 'quart')).toEqual(['quarterly', 'quarter'])
    expect(await suggestions(bob, 'quarterly ')).toEqual(['quarterly numbers'])
    expect(await suggestions(bob, 'quart', 1)).toEqual(['quarterly'])
    expect(await suggestions(bob, '北')).toEqual(['北京'])
    expect(await suggestions(bob, '北京')).toEqual(['北京大学'])
    expect(await suggestions(bob, 'zebra')).toEqual([])
    const stranger = await world.person('mallory')
    expect(await suggestions(stranger, 'quart')).toEqual([])
  })

  test('rejects queries without searchable terms, invalid cursors and limits with INVALID_INPUT', async () => {
    const { bob } = await conversation()
    for (const query of ['', '  ', '...', 'x'.repeat(257)])
      expect(await refusal(search(bob, query))).toBe('INVALID_INPUT')
    expect(await finds(bob, 'x'.repeat(256))).toEqual([])
    expect(await refusal(search(bob, 'x', { after: 'nonsense' }))).toBe('INVALID_INPUT')
    expect(await refusal(search(bob, 'x', { first: 0 }))).toBe('INVALID_INPUT')
    const filter = { senderIds: Array.from({ length: 101 }, () => bob.id) }
    expect(await refusal(search(bob, 'x', { filter }))).toBe('INVALID_INPUT')
    expect(await refusal(suggestions(bob, 'x', 0))).toBe('INVALID_INPUT')
    for (const query of ["it's", "'", '\\', "c:\\ 'or' 1", '100%', 'a & b | !c', '"'])
      if (/\p{L}/u.test(query)) expect(await finds(bob, query)).toEqual([])
  })
})
