import pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { forwards } from '../../message/content/verbs.ts'
import { reacts, readersOf, unreacts } from '../../message/verbs.ts'
import { useWorld } from '../../world/world.ts'
import { Device } from '../device.ts'
import { exceptions } from './exceptions.ts'
import { faultsOf, planSettings } from './plan.ts'

const statements = new Set<string>()

beforeAll(() => {
  const original = pg.Client.prototype.query as (...args: unknown[]) => unknown
  vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...args: unknown[]) {
    const [given] = args as [string | { text?: string }]
    statements.add(typeof given === 'string' ? given : (given?.text ?? ''))
    return original.apply(this, args)
  })
})
afterAll(() => vi.restoreAllMocks())

// Three members are delivered to by the transaction of a change, four by the worker, five by a signal.
const world = useWorld({ LIMIT_IMMEDIATE_GROUP_SIZE: '3', LIMIT_INLINE_GROUP_SIZE: '4' })

async function useEveryPath(): Promise<void> {
  const people = await world.friends('alice', 'bob', 'carol', 'dave', 'erin')
  const [alice, bob] = people
  const direct = await alice.opens(bob)
  const groups: { id: string }[] = []
  for (const size of [3, 4, 5]) groups.push(await alice.creates(`${size}`, people.slice(1, size)))
  const device = await Device.of(bob)
  await device.opens()
  await device.catchesUp()
  statements.clear()

  for (const { id } of [direct, ...groups]) {
    const message = await alice.sends(id, 'hello')
    await alice.edits(message, 'hi')
    await reacts(alice, message, '👍')
    await unreacts(alice, message, '👍')
    const answer = await bob.sends(id, 'answer', { quoteSeq: message.seq })
    await bob.reads(id, answer.seq)
    await alice.reads(id, answer.seq)
    await bob.history(id)
    await bob.changes(id, 0)
    await readersOf(bob, answer)
    await alice.recalls(message)
    await forwards(bob, [answer], [direct])
  }
  await device.becomesComplete()
  device.cut()
  for (const { id } of [direct, ...groups]) await alice.sends(id, 'meanwhile')
  await device.opens()
  await device.becomesComplete()
  device.cut()
  await bob.sync()
}

test('each statement of the paths of a message names one shard key, with the listed exceptions', async () => {
  await useEveryPath()
  const seen = [...statements]
  const database = new pg.Client({ connectionString: world.databaseUrl })
  await database.connect()
  const unlisted: string[] = []
  const needed = new Set<string>()
  const onOneShard: string[] = []
  try {
    for (const setting of planSettings) await database.query(`set ${setting}`)
    for (const text of seen) {
      const line = text.replace(/\s+/g, ' ').trim()
      const faults = await faultsOf(database, text)
      if (faults?.length === 0) onOneShard.push(text)
      if (!faults || faults.length === 0) continue
      const excepted = exceptions.filter(({ matches }) => matches.test(line))
      if (excepted.length === 0) unlisted.push(`${faults.join('; ')}: ${line}`)
      for (const { name } of excepted) needed.add(name)
    }
  } finally {
    await database.end()
  }
  expect(unlisted).toEqual([])
  // An exception that nothing needs any more is deleted.
  expect(exceptions.map(({ name }) => name).filter((name) => !needed.has(name))).toEqual([])
  expect(onOneShard.filter((text) => text.includes('insert into message ('))).toHaveLength(1)
})
