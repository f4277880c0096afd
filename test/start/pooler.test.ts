import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { cheapHashing } from '../setup/cheap-hashing.ts'
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

async function inDatabase(connectionString: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  await client.query(statement)
  await client.end()
}

describe.skipIf(!hasPgbouncer())('PgBouncer', () => {
  test('in transaction mode is refused at start with one sentence', async () => {
    const { url } = await pooled('transaction')
    const server = start({ DATABASE_URL: url, AUTH_SECRET })
    expect((await server.exited()).code).toBe(1)
    expect(server.output()).toContain('DATABASE_URL leads to a connection pooler in transaction mode')
    expect(server.output()).not.toMatch(/\n\s+at /)
  })

  test('in transaction mode is refused as DATABASE_DIRECT_URL, and beside another database, role or setting', async () => {
    const { url, database } = await pooled('transaction')
    const refusal = async (env: Record<string, string>) => {
      const config = readConfig({ LOG_LEVEL: 'silent', PORT: '0', AUTH_SECRET, DATABASE_URL: url, ...env })
      const app = await createApp(config, { passwordHashing: cheapHashing }).catch((error: Error) => error)
      if (app instanceof Error) return app.message
      await app.close()
      return null
    }
    expect(await refusal({ DATABASE_DIRECT_URL: url })).toMatch(
      /^DATABASE_DIRECT_URL leads to a connection pooler in transaction mode/,
    )
    const other = await createTestDatabase()
    onTestFinished(() => other.drop())
    expect(await refusal({ DATABASE_DIRECT_URL: other.url })).toBe(
      'DATABASE_URL and DATABASE_DIRECT_URL lead to different databases.',
    )
    const role = `guest_${randomUUID().slice(0, 8)}`
    await inDatabase(database.url, `create role ${role} superuser login`)
    onTestFinished(() => inDatabase(other.url, `drop role ${role}`))
    const direct = new URL(database.url)
    direct.username = role
    expect(await refusal({ DATABASE_DIRECT_URL: direct.href })).toMatch(
      `, DATABASE_DIRECT_URL as ${role}: use the same role.`,
    )

    expect(await refusal({ DATABASE_DIRECT_URL: database.url })).toBeNull()
    // A session of the pooler that another program has changed.
    await inDatabase(url, `set lock_timeout = '7s'`)
    expect(await refusal({ DATABASE_DIRECT_URL: database.url })).toMatch(
      /^Sessions of the pooler of DATABASE_URL lack settings of the role \(lock_timeout\)/,
    )
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
