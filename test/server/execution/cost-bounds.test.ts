import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { readConfig } from '../../../src/config.ts'
import { runs } from '../../attack/runs.ts'
import { reacts } from '../../message/verbs.ts'
import { generousLimits } from '../../setup/generous-limits.ts'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { ask } from '../wire.ts'
import { type GrownOperation, growOperation } from './grown-operation.ts'

const limit = 3_000
const size = 8
/** Background work, and the session of the request. */
const besides = 30
const settings = {
  LIMIT_QUERY_COST: String(limit),
  LIMIT_PAGE_SIZE: String(size),
  LIMIT_PAGE_SIZE_MAX: String(size),
  LIMIT_ALIASES: '1000',
  LIMIT_QUERY_LENGTH: '100000',
  LIMIT_QUERY_DEPTH: '30',
}
const world = useWorld(settings)

/** What the server reads: statements and rows of all its connections. */
const read = { statements: 0, rows: 0 }
const count = (result: unknown) => {
  read.statements += 1
  read.rows += (result as { rows?: unknown[] } | undefined)?.rows?.length ?? 0
}

beforeAll(() => {
  const original = pg.Client.prototype.query as (...args: unknown[]) => unknown
  vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...args: unknown[]) {
    const done = args.at(-1)
    if (typeof done === 'function')
      return original.call(this, ...args.slice(0, -1), (error: unknown, result: unknown) => {
        count(result)
        done(error, result)
      })
    const answer = original.call(this, ...args)
    if (answer instanceof Promise) answer.then(count, () => {})
    return answer
  })
})
afterAll(() => vi.restoreAllMocks())

async function arrange() {
  const names = Array.from({ length: size }, (_, index) => `p${index}`)
  const person = await world.person('ada')
  const others = await world.people(...names)
  const groups: string[] = []
  for (const name of names) groups.push((await person.creates(name, others)).id)
  const mentions = others.map(({ id: userId }) => ({ mention: { userId, displayText: '@x' } }))
  const content = { richText: { parts: [...mentions, { text: 'hello' }] } }
  await Promise.all(
    groups.map(async (id) => {
      for (let index = 0; index < size; index += 1) {
        const message = await person.sendsContent(id, content)
        if (index === 0) await reacts(person, message, '👍')
      }
    }),
  )
  return { person, groups, userId: (others[0] as Person).id }
}

test(
  'an operation reads at most a row per ten of its cost, and runs a statement per forty',
  async () => {
    const { limits } = readConfig({ ...generousLimits, ...settings })
    const { person, groups, userId } = await arrange()
    const message = (await person.history(groups[0] as string, 1))?.[0]?.id
    const since = groups.map((id) => `{ conversationId: "${id}", afterVersion: 0 }`)
    const args = {
      'Query.conversation': `(id: "${groups[0]}")`,
      'Query.conversationChanges': `(since: [${since}])`,
      'Query.message': `(id: "${message}")`,
      'Query.node': `(id: "${groups[0]}")`,
      'Query.nodes': `(ids: ${JSON.stringify(groups)})`,
      'Query.searchMessages': '(query: "hello")',
      'Query.searchUsers': '(query: "p")',
      'Query.user': `(id: "${userId}")`,
      'GroupConversation.changes': '(afterVersion: 0)',
      'GroupConversation.message': '(seq: 3)',
      'DirectConversation.changes': '(afterVersion: 0)',
      'DirectConversation.message': '(seq: 1)',
    }
    const near: (GrownOperation & { statements: number; rows: number })[] = []
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (gen) => {
        const grown = growOperation(gen, args, limits)
        const before = { ...read }
        const { body } = await ask(world.url, grown.text, person.credentials.accessToken)
        const statements = read.statements - before.statements
        const rows = read.rows - before.rows
        expect((body as { extensions?: { cost: number } }).extensions?.cost).toBe(grown.cost)
        expect(rows, 'rows').toBeLessThanOrEqual(grown.cost / 10 + besides)
        expect(statements, 'statements').toBeLessThanOrEqual(grown.cost / 40 + besides)
        near.push({ ...grown, statements, rows })
      }),
      // Shrinking would send hundreds of operations. The same operations each time, except in `npm run attack`.
      { numRuns: runs(15), endOnFailure: true, ...(runs(1) === 1 && { seed: 7 }) },
    )
    expect(Math.min(...near.map(({ cost }) => cost))).toBeGreaterThan(limit * 0.75)
    expect(Math.max(...near.map(({ rows }) => rows))).toBeGreaterThan(size * size)
    expect(near.filter(({ lists }) => lists >= 2).length).toBeGreaterThan(near.length / 2)
    expect(Math.max(...near.map(({ lists }) => lists))).toBeGreaterThanOrEqual(3)
  },
  30_000 * runs(1),
)
