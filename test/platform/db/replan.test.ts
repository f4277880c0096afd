import pino from 'pino'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { openPool } from '../../../src/platform/db/pool.ts'
import { poolSql } from '../../../src/platform/db/sql.ts'
import { createTestDatabase, type TestDatabase } from '../../setup/database.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

const text = 'select content from message where conversation_id = $1 and seq = $2'

test('a statement that was planned for a table analysed while empty uses the index once the table has rows', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const pool = openPool(
    { connectionString: database.url },
    {
      poolSize: 1,
      timeouts: { lockWaitMs: 5_000, statementMs: 20_000 },
      isPooled: false,
      log: pino({ enabled: false }),
      outages: { note: () => {} },
      tracing: null,
    },
  )
  onTestFinished(() => pool.end())
  const sql = poolSql(pool)
  // Nothing else may replace the plan.
  await sql.query('alter table message set (autovacuum_enabled = false)')
  await sql.query('alter table message disable trigger all')
  await sql.query('vacuum analyze message')
  const planOf = async () => {
    // More than those for which PostgreSQL tries plans for the given values.
    for (let time = 0; time < 7; time += 1) await sql.query(text, ['group', 1])
    const [prepared] = await sql.query<{ name: string }>(
      'select name from pg_prepared_statements where statement = $1',
      [text],
    )
    const { rows } = await pool.query<{ 'QUERY PLAN': string }>(
      `explain (costs off) execute "${prepared?.name}"('group', 1)`,
    )
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  }
  expect(await planOf()).toContain('Seq Scan')

  await sql.query(
    `insert into message (conversation_id, seq, id, version, ordinal, kind, content, sent_at)
     select 'group', n, 'msg_' || n, n, n, 'TEXT', '{}', now() from generate_series(1, 5000) n`,
  )
  // The plan is kept, which is what PostgreSQL does on its own.
  expect(await planOf()).toContain('Seq Scan')
  vi.advanceTimersByTime(1_001)
  expect(await planOf()).toContain('Index Scan')
})
