import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Person } from '../world/person.ts'
import { useWorld } from '../world/world.ts'
import { backEnds } from './back-ends.ts'
import { finds, indexed } from './verbs.ts'

// What people write, one message a line, and what they would expect to find: every message that holds one of the
// texts after the arrow. The texts are what a person reads, and know nothing of how search works.

const folder = join(import.meta.dirname, 'golden')
const linesOf = (file: string) => readFileSync(join(folder, file), 'utf8').split('\n').filter(Boolean)

const corpus = readdirSync(folder)
  .filter((file) => file !== 'queries.txt')
  .flatMap(linesOf)

const queries = linesOf('queries.txt').map((line) => {
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

describe.each(backEnds)('search on $name finds what people mean', ({ name, env }) => {
  const world = useWorld(env)
  let reader: Person

  beforeAll(async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    await Promise.all(corpus.map((text) => alice.sends(id, text)))
    await indexed(world.databaseUrl)
    reader = bob
  })

  async function outcomeOf({ query, expected }: { query: string; expected: string[] }): Promise<Outcome> {
    const found = await finds(reader, query, { first: 100 })
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

  test('in seven languages, code, addresses and emoji', async () => {
    expect(corpus.length).toBeGreaterThanOrEqual(300)
    const outcomes: Outcome[] = []
    for (const each of queries) outcomes.push(await outcomeOf(each))
    const mean = (of: 'recall' | 'precision') =>
      outcomes.reduce((sum, outcome) => sum + outcome[of], 0) / outcomes.length
    const [recall, precision] = [mean('recall'), mean('precision')]

    const faults = outcomes.filter(({ missed, wrong }) => missed.length + wrong.length > 0)
    const lines = faults.map(({ query, missed, wrong }) => `  ${query}: missed ${missed}; wrong ${wrong}`)
    process.stdout.write(
      `Search on ${name}: ${corpus.length} messages, ${queries.length} queries, ` +
        `recall ${recall.toFixed(3)}, precision ${precision.toFixed(3)}\n${lines.join('\n')}\n`,
    )
    expect(recall).toBeGreaterThanOrEqual(0.99)
    expect(precision).toBeGreaterThanOrEqual(0.98)
  }, 120_000)
})
