import pg from 'pg'
import { expect, onTestFinished, test, vi } from 'vitest'
import { poolSql } from '../../../src/platform/db/sql.ts'
import { useWorld } from '../../world/world.ts'

const world = useWorld()

/** Statements of all connections from now on, with the name under which they are prepared. */
function recordsStatements(): Map<string, string | undefined> {
  const statements = new Map<string, string | undefined>()
  const original = pg.Client.prototype.query as (...args: unknown[]) => unknown
  const spy = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
    this: pg.Client,
    ...args: unknown[]
  ) {
    const [given] = args as [string | { text?: string; name?: string }]
    if (typeof given === 'object' && given.text) statements.set(given.text, given.name)
    return original.apply(this, args)
  })
  onTestFinished(() => spy.mockRestore())
  return statements
}

test('SQL in a transaction is prepared once per connection, statements of Prisma are not', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await alice.opens(bob)
  const message = await alice.sends(id, 'hello')
  const statements = recordsStatements()
  await alice.edits(message, 'hi')
  await world.people('carol')
  const rewrite = [...statements].find(([text]) => text.includes('update message s'))
  expect(rewrite?.[1]).toMatch(/^[0-9a-f]{40}$/)
  const byPrisma = [...statements].filter(([text]) => text.includes('"public".'))
  expect(byPrisma).not.toEqual([])
  for (const [, name] of byPrisma) expect(name || undefined).toBeUndefined()
})

test('an array of any texts, numbers and nulls reaches PostgreSQL as it is', async () => {
  const client = new pg.Client({ connectionString: world.databaseUrl })
  await client.connect()
  onTestFinished(() => client.end())
  const sql = poolSql(client)
  const texts = [
    '',
    'null',
    'NULL',
    '{a,b}',
    'a "b"',
    '\\',
    '\\n',
    '\\"',
    'a\nb\tc',
    '\u0001',
    'é 会议 😀',
    null,
  ]
  expect(await sql.query('select $1::text[] as back', [texts])).toEqual([{ back: texts }])
  for (const text of texts)
    expect(await sql.query('select $1::text[] as back', [[text]])).toEqual([{ back: [text] }])
  const values = [[], [1, -2, 0.5, null], [true, false, null], [new Date(0)], [['a'], ['b']]]
  expect(
    await sql.query(
      'select $1::text[] as empty, $2::float8[] as numbers, $3::boolean[] as flags, $4::timestamptz[] as times, $5::text[][] as nested',
      values,
    ),
  ).toEqual([{ empty: [], numbers: values[1], flags: values[2], times: values[3], nested: values[4] }])
})
