import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { appendMessages } from '../../src/conversation/append/append.ts'
import type { NewMessage } from '../../src/conversation/append/number.ts'
import { poolSql } from '../../src/platform/db/sql.ts'
import { eventually } from '../world/eventually.ts'
import { useWorld } from '../world/world.ts'

const world = useWorld()

async function connect() {
  const client = new pg.Client({ connectionString: world.databaseUrl })
  await client.connect()
  onTestFinished(() => client.end())
  await client.query('begin')
  return client
}

const message = (conversationId: string, senderId: string): NewMessage => ({
  id: randomUUID(),
  conversationId,
  senderId,
  clientMessageId: randomUUID(),
  requestHash: null,
  kind: 'TEXT',
  content: { body: 'hello' },
  quoteSeq: null,
  mentions: [],
})

test('an append locks memberships in their order, as acknowledgements do', async () => {
  const [alice, bob] = await world.people('alice', 'bob')
  const ids = [(await alice.creates('one', [bob])).id, (await alice.creates('other', [bob])).id]
  const [lower = '', higher = ''] = ids.sort()
  const [reader, writer, watcher] = [await connect(), await connect(), await connect()]
  // The next message in the lower one moves active_until of all its members.
  await watcher.query(
    `update conversation set last_activity_at = now() - interval '3 hours', active_until = now() - interval '2 hours' where id = $1`,
    [lower],
  )
  await watcher.query('commit')
  const lock = (conversationId: string) =>
    reader.query('select from membership where conversation_id = $1 and user_id = $2 for no key update', [
      conversationId,
      bob.id,
    ])

  await lock(lower)
  // Bob writes to the higher one, alice to the lower one.
  const { rows } = await writer.query<{ pid: number }>('select pg_backend_pid() as pid')
  const appended = appendMessages({ sql: poolSql(writer), deliver() {} }, [
    message(higher, bob.id),
    message(lower, alice.id),
  ])
  appended.catch(() => {})
  await eventually(async () => {
    const waiting = await watcher.query('select from pg_locks where pid = $1 and not granted', [rows[0]?.pid])
    expect(waiting.rowCount).toBe(1)
  })
  await lock(higher)
  await reader.query('commit')
  expect((await appended).size).toBe(2)
  await writer.query('commit')
})
