import pg from 'pg'
import { expect, onTestFinished, test, vi } from 'vitest'
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
