import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { leases } from '../world/outbox.ts'
import type { Person } from '../world/person.ts'
import { useWorld, type World } from '../world/world.ts'
import { backEnds } from './back-ends.ts'
import { finds, indexed, sendsAll } from './verbs.ts'

// Messages, one per line, and queries with the expected results: every message that contains one of the texts after the
// arrow. The expectations are what a person would expect, independent of the implementation.

const folder = join(import.meta.dirname, 'golden')

const linesIn = (part: string) =>
  readdirSync(join(folder, part)).flatMap((file) =>
    readFileSync(join(folder, part, file), 'utf8')
      .split('\n')
      .filter(Boolean),
  )

const scripts =
  'Latin Greek Cyrillic Armenian Hebrew Arabic Devanagari Bengali Gurmukhi Gujarati Oriya Tamil Telugu Kannada Malayalam Sinhala Thai Lao Myanmar Georgian Hangul Ethiopic Cherokee Khmer Hiragana Katakana Han Adlam'
const scriptsIn = (text: string) =>
  scripts.split(' ').filter((script) => new RegExp(`\\p{sc=${script}}`, 'u').test(text))

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

/** As many at once as keep both the server and its index busy. */
async function inGroups<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  for (let at = 0; at < items.length; at += 6) await Promise.all(items.slice(at, at + 6).map(work))
}

/** Results in order, by back end and query. */
const answers = new Map<string, Record<string, string[]>>()

const worlds = backEnds.map(({ name, env }) => ({ name, world: useWorld(env) }))
const readers = new Map<string, Person>()

// All back ends at once: each waits for its database and its index most of the time.
beforeAll(async () => {
  await Promise.all(worlds.map(async ({ name, world }) => readers.set(name, await fills(world))))
}, 120_000)

/** Sends the corpus, and returns a reader once it is indexed. */
async function fills(world: World): Promise<Person> {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await alice.opens(bob)
  // Sent in order, as the order of results depends on it, and indexed together.
  const release = await leases(world.databaseUrl, 'search', [id])
  await sendsAll(alice, id, corpus)
  await release()
  await indexed(world.databaseUrl)
  return bob
}

describe.each(backEnds)('search on $name', ({ name }) => {
  test('finds the golden set in 40 languages, with code, addresses and emoji', async () => {
    expect(corpus.length).toBeGreaterThanOrEqual(500)
    expect(queries.length).toBeGreaterThanOrEqual(400)
    expect(scriptsIn(corpus.join('')).length).toBeGreaterThanOrEqual(25)
    expect(scriptsIn(queries.map(({ query }) => query).join('')).length).toBeGreaterThanOrEqual(25)
    const reader = readers.get(name) as Person
    const found: Record<string, string[]> = {}
    await inGroups(queries, async ({ query }) => {
      found[query] = await finds(reader, query, { first: 100 })
    })
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
