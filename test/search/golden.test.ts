import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { leases } from '../world/outbox.ts'
import type { Person } from '../world/person.ts'
import { useWorld } from '../world/world.ts'
import { backEnds } from './back-ends.ts'
import { finds, indexed } from './verbs.ts'

// Messages, one per line, and queries with the expected results: every message that contains one of the texts after the
// arrow. The expectations are what a person would expect, independent of the implementation.

const folder = join(import.meta.dirname, 'golden')

const linesIn = (part: string) =>
  readdirSync(join(folder, part)).flatMap((file) =>
    readFileSync(join(folder, part, file), 'utf8')
      .split('\n')
      .filter(Boolean),
  )

const corpus = linesIn('messages')

const queries = linesIn('queries')
  .filter((line) => !line.startsWith('# '))
  .map((line) => {
    const [query = '', texts = ''] = line.split(' => ')
    const wanted = texts.split(' | ')
    return { query, expected: corpus.filter((message) => wanted.some((text) => message.includes(text))) }
  })

interface Outcome {
  query: string
  missed: string[]
  wrong: string[]
  recall: number
  precision: number
}

function outcomeOf(query: string, expected: string[], found: string[]): Outcome {
  const missed = expected.filter((text) => !found.includes(text))
  const wrong = found.filter((text) => !expected.includes(text))
  const right = found.length - wrong.length
  return {
    query,
    missed,
    wrong,
    recall: expected.length === 0 ? 1 : right / expected.length,
    precision: found.length === 0 ? 1 : right / found.length,
  }
}

/** Results in order, by back end and query. */
const answers = new Map<string, Record<string, string[]>>()

describe.each(backEnds)('search on $name', ({ name, env }) => {
  const world = useWorld(env)
  let reader: Person

  beforeAll(async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    // Sent one by one, so that their order is known, and indexed together.
    const release = await leases(world.databaseUrl, 'search', [id])
    for (const text of corpus) await alice.sends(id, text)
    await release()
    await indexed(world.databaseUrl)
    reader = bob
  }, 120_000)

  test('finds the golden set in 40 languages, with code, addresses and emoji', async () => {
    expect(corpus.length).toBeGreaterThanOrEqual(500)
    expect(queries.length).toBeGreaterThanOrEqual(400)
    const found: Record<string, string[]> = {}
    for (const { query } of queries) found[query] = await finds(reader, query, { first: 100 })
    answers.set(name, found)
    const outcomes = queries.map(({ query, expected }) => outcomeOf(query, expected, found[query] ?? []))
    const mean = (of: 'recall' | 'precision') =>
      outcomes.reduce((sum, outcome) => sum + outcome[of], 0) / outcomes.length
    const [recall, precision] = [mean('recall'), mean('precision')]

    const faults = outcomes.filter(({ missed, wrong }) => missed.length + wrong.length > 0)
    const lines = faults.map(({ query, missed, wrong }) => `  ${query}: missed ${missed}; wrong ${wrong}`)
    process.stdout.write(
      `Search on ${name}: ${corpus.length} messages, ${queries.length} queries, ` +
        `recall ${recall.toFixed(3)}, precision ${precision.toFixed(3)}\n${lines.join('\n')}\n`,
    )
    expect(outcomes.filter(({ missed }) => missed.length > 0)).toEqual([])
    expect(precision).toBeGreaterThanOrEqual(0.98)
  }, 120_000)
})

test.skipIf(backEnds.length < 2)('both search back ends give the same answers in the same order', () => {
  const [one, other] = [...answers.values()]
  expect(Object.keys(one ?? {})).toHaveLength(new Set(queries.map(({ query }) => query)).size)
  expect(other).toEqual(one)
})
