import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createTestDatabase } from '../setup/database.ts'
import { hasPgbouncer, startPgbouncer } from '../setup/pgbouncer.ts'
import { perform } from '../world/client.ts'
import { Register } from '../world/operations.ts'
import { passwordOf } from '../world/person.ts'
import { start } from './server.ts'

const AUTH_SECRET = 's'.repeat(32)

async function pooled(mode: 'session' | 'transaction') {
  const database = await createTestDatabase()
  onTestFinished(() => database.drop())
  return { database, url: await startPgbouncer(database.url, mode) }
}

describe.skipIf(!hasPgbouncer())('PgBouncer', () => {
  test('in transaction mode is refused at start with one sentence', async () => {
    const { url } = await pooled('transaction')
    const server = start({ DATABASE_URL: url, AUTH_SECRET })
    expect((await server.exited()).code).toBe(1)
    expect(server.output()).toContain('DATABASE_URL leads to a connection pooler in transaction mode')
    expect(server.output()).not.toMatch(/\n\s+at /)
  })

  test('in session mode is supported, with the settings of each session', async () => {
    const { database, url } = await pooled('session')
    const server = start({ DATABASE_URL: url, AUTH_SECRET })
    const serverUrl = await server.ready()
    const handle = `ada.${randomUUID().replace(/[^a-f]/g, '')}`.slice(0, 30)
    const input = { handle, displayName: 'Ada', password: passwordOf(handle) }
    expect((await perform(serverUrl, Register, { input }, null)).register.user.id).toBeTruthy()

    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    const names =
      'select distinct application_name as name from pg_stat_activity where datname = current_database()'
    const { rows } = await client.query<{ name: string }>(names)
    await client.end()
    expect(
      rows.map(({ name }) => name).filter((name) => name.startsWith(`parlance ${server.pid}.`)),
    ).toHaveLength(1)
    server.child.kill('SIGTERM')
    expect((await server.exited()).code).toBe(0)
  })
})
