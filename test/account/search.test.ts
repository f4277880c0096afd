import { describe, expect, test } from 'vitest'
import { registers } from '../auth/verbs.ts'
import { refusal } from '../world/client.ts'
import { BlockUser } from '../world/operations.ts'
import { useWorld } from '../world/world.ts'
import { finds, searches, updatesProfile } from './verbs.ts'

const world = useWorld()

const lives = (handle: string, displayName: string) =>
  registers(world.url, { handle, displayName, password: 'a password of some length' })

describe('searchUsers', () => {
  test('returns the best match first', async () => {
    const viewer = await world.person('viewer')
    await lives('contains', 'The Morgana Show')
    await lives('starts.so', 'Morgan Freeman')
    await lives('morgan.b', 'Any Name')
    await lives('morgan', 'Other Name')
    await lives('elsewhere', 'Mort')
    const expected = ['morgan', 'morgan.b', 'starts.so', 'contains']
    expect(await finds(viewer, 'morgan')).toEqual(expected)
    expect(await finds(viewer, ' MORGAN ')).toEqual(expected)
    expect(await finds(viewer, '@morgan')).toEqual(['morgan', 'morgan.b'])
  })

  test('finds substrings of Chinese names', async () => {
    const viewer = await world.person('viewer')
    await lives('zhang.san', '张三丰')
    await lives('li.si', '李四')
    expect(await finds(viewer, '三丰')).toEqual(['zhang.san'])
    expect(await finds(viewer, '李')).toEqual(['li.si'])
  })

  test('matches LIKE wildcards literally', async () => {
    const viewer = await world.person('viewer')
    await lives('percent', '100% sure_thing \\o/')
    expect(await finds(viewer, '0% sure_')).toEqual(['percent'])
    expect(await finds(viewer, '\\o')).toEqual(['percent'])
    expect(await finds(viewer, '%%')).toEqual([])
    expect(await finds(viewer, '@')).toEqual([])
  })

  test('pages without gaps or duplicates', async () => {
    const viewer = await world.person('viewer')
    const handles = ['b', 'c', 'd', 'f', 'g', 'h', 'j'].map((letter) => `paged.${letter}`)
    for (const handle of handles) await lives(handle, 'Paged Name')
    const found: string[] = []
    let after: string | null = null
    for (let more = true; more; ) {
      const page: Awaited<ReturnType<typeof searches>> = await searches(viewer, 'paged', { first: 3, after })
      expect(page.pageInfo.hasPreviousPage).toBe(after !== null)
      found.push(...page.edges.map((edge) => edge.node.handle))
      after = page.pageInfo.endCursor ?? null
      more = page.pageInfo.hasNextPage
    }
    expect(found).toEqual(handles)
  })

  test('finds a new display name at once', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    await updatesProfile(bob, { displayName: 'Rumpelstilzchen' })
    expect(await finds(alice, 'stilz')).toEqual([bob.handle])
  })

  test('hides blocked users from the blocker only', async () => {
    const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
    await alice.do(BlockUser, { userId: bob.id })
    expect(await finds(alice, bob.handle)).toEqual([])
    expect(await finds(bob, alice.handle)).toEqual([alice.handle])
    expect(await finds(carol, bob.handle)).toEqual([bob.handle])
  })

  test('rejects an empty or overlong query, wrong paging, and an anonymous caller', async () => {
    const alice = await world.person('alice')
    expect(await refusal(searches(alice, '  '))).toBe('INVALID_INPUT')
    expect(await refusal(searches(alice, 'x'.repeat(65)))).toBe('INVALID_INPUT')
    expect(await finds(alice, 'x'.repeat(64))).toEqual([])
    expect(await refusal(searches(alice, 'x', { first: 0 }))).toBe('INVALID_INPUT')
    expect(await refusal(searches(alice, 'x', { after: 'nonsense' }))).toBe('INVALID_INPUT')
    alice.credentials = { ...alice.credentials, accessToken: '' }
    expect(await refusal(searches(alice, 'alice'))).toBe('UNAUTHENTICATED')
  })
})
