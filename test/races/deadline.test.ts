import pg from 'pg'
import { expect, test } from 'vitest'
import { forwards } from '../message/content/verbs.ts'
import { refusal } from '../world/client.ts'
import { manyConnections, useWorld } from '../world/world.ts'
import { wholeHistory } from './history.ts'

const world = useWorld(manyConnections)

const indefinite = ['OUTCOME_UNKNOWN', 'UNAVAILABLE']

/** The code of a request whose deadline passes before the lock that it waits for is released. */
const refusedLate = (attempt: () => Promise<unknown>) => world.withDeadline(1_000, () => refusal(attempt()))

/** Holds the lock of a conversation until it is released. */
async function lockOf(conversationId: string) {
  const database = new pg.Client({ connectionString: world.databaseUrl })
  await database.connect()
  await database.query('begin')
  await database.query('select from conversation where id = $1 for no key update', [conversationId])
  return { release: () => database.end() }
}

const texts = (history: Awaited<ReturnType<typeof wholeHistory>>) => history.map(({ plainText }) => plainText)

test('a send whose deadline passed while it waited for a lock is never stored', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await alice.opens(bob)
  const key = { clientMessageId: 'the late one' }
  const lock = await lockOf(id)
  expect(indefinite).toContain(await refusedLate(() => alice.sends(id, 'late', key)))
  await lock.release()

  // Sends are stored in the order of the calls, so the late one has ended before this one.
  await alice.sends(id, 'next', { clientMessageId: 'next' })
  expect(texts(await wholeHistory(bob, id))).not.toContain('late')
  expect((await alice.sends(id, 'late', key)).plainText).toBe('late')
})

test('a forward and an edit whose deadline passed while they waited for a lock change nothing', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await alice.opens(bob)
  const target = await alice.creates('target', [bob])
  const message = await alice.sends(id, 'original', { clientMessageId: 'original' })
  for (const [locked, attempt] of [
    [target.id, () => forwards(alice, [message], [target])],
    [id, () => alice.edits(message, 'late')],
  ] as const) {
    const lock = await lockOf(locked)
    expect(indefinite).toContain(await refusedLate(attempt))
    await lock.release()
    // PostgreSQL grants the lock in the order of the requests.
    await alice.sends(locked, 'next', { clientMessageId: locked.slice(-26) })
  }
  expect(texts(await wholeHistory(bob, target.id))).not.toContainEqual(
    expect.stringContaining('Chat history'),
  )
  expect(texts(await wholeHistory(bob, id))).not.toContain('late')
})
