import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { finds, searches, updatesProfile } from '../account/verbs.ts'
import { friendsOf } from '../contact/verbs.ts'
import { addCrowd } from '../group/crowd.ts'
import { members } from '../group/verbs.ts'
import type { Person } from '../world/person.ts'
import { useWorld } from '../world/world.ts'

const text = readFileSync(join(import.meta.dirname, 'golden/people.txt'), 'utf8')
const [, names = '', questions = ''] = text.split(/^# .*\n/m)
const people = names.trim().split('\n')
const queries = questions
  .trim()
  .split('\n')
  .map((line) => {
    const [query = '', wanted = ''] = line.split(' => ')
    const texts = wanted.split(' | ')
    return { query, expected: people.filter((name) => texts.some((each) => name.includes(each))).sort() }
  })

const world = useWorld()
let viewer: Person
let groupId: string

beforeAll(async () => {
  viewer = await world.person('viewer')
  const all: Person[] = []
  for (const displayName of people) {
    const person = await world.person('qx')
    await updatesProfile(person, { displayName })
    await person.befriends(viewer)
    all.push(person)
  }
  groupId = (await viewer.creates('everyone', all)).id
}, 120_000)

const namesOf = (edges: readonly { node: { displayName: string } }[]) =>
  edges.map(({ node }) => node.displayName).sort()

test('users are found by every spelling of their names, like messages', async () => {
  expect(queries.length).toBeGreaterThanOrEqual(50)
  for (const { query, expected } of queries) {
    const { edges } = await searches(viewer, query, { first: 100 })
    expect([query, namesOf(edges)]).toEqual([query, expected])
  }
})

test('members of a group are found by the same spellings', async () => {
  for (const { query, expected } of queries) {
    const { edges } = await members(viewer, groupId, { query, first: 100 })
    expect([query, edges.map(({ node }) => node.user.displayName).sort()]).toEqual([query, expected])
  }
  await viewer.changesView(groupId, { nickname: 'Ñandú Œuvre' })
  for (const query of ['nandu', 'ŒUVRE', 'oeuvre'])
    expect((await members(viewer, groupId, { query })).edges.map(({ node }) => node.user.id)).toEqual([
      viewer.id,
    ])
})

test('friends are listed in alphabetical order, ignoring accents and case', async () => {
  const listed: string[] = []
  let after: string | null = null
  do {
    const page: Awaited<ReturnType<typeof friendsOf>> = await friendsOf(viewer, { first: 7, after })
    listed.push(...page.edges.map(({ node }) => node.user.displayName))
    after = page.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null
  } while (after)
  expect(listed).toEqual([...people].sort(new Intl.Collator('und', { numeric: true }).compare))
  expect(listed.indexOf('Ángel Ruiz')).toBeLessThan(listed.indexOf('Bjørn Ærø'))
  expect(listed.indexOf('Émile Zola')).toBeLessThan(listed.indexOf('Zoe Klein'))
})

describe('a display name without a stored folded form', () => {
  test('is found by its plain letters at once, and by every spelling after the background job', async () => {
    const [id] = await addCrowd(world.databaseUrl, { count: 1, name: 'Straßenbahn Österreich' })
    expect(id).toBeDefined()
    expect(namesOf((await searches(viewer, 'ENBAHN')).edges)).toHaveLength(1)
    await vi.waitFor(
      async () => expect(namesOf((await searches(viewer, 'strassenbahn osterreich')).edges)).toHaveLength(1),
      { timeout: 25_000, interval: 100 },
    )
  })

  test('is folded again after a direct change in the database', async () => {
    const carla = await world.person('carla')
    await updatesProfile(carla, { displayName: 'Carla Brûlée' })
    const client = new pg.Client({ connectionString: world.databaseUrl })
    await client.connect()
    await client.query(`update "user" set display_name = 'Carla Müller' where id = $1`, [carla.id])
    await client.end()
    expect(await finds(viewer, 'brulee')).toEqual([])
    await vi.waitFor(async () => expect(await finds(viewer, 'carla muller')).toEqual([carla.handle]), {
      timeout: 25_000,
      interval: 100,
    })
  })
})
