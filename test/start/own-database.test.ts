import { randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { describe, expect, test, vi } from 'vitest'
import { createTestDatabase } from '../setup/database.ts'
import { temporaryFolder } from '../setup/server-process.ts'
import { start } from './server.ts'

interface Holder {
  pid: number
  key: string
}

const holders = `
  select pid, ((classid::int8 << 32) | objid::int8)::text as key from pg_locks
  where locktype = 'advisory' and granted
    and database = (select oid from pg_database where datname = current_database())`

const waiters = `
  select from pg_locks where locktype = 'advisory' and not granted
    and database = (select oid from pg_database where datname = current_database())`

const endHolder = `select pg_terminate_backend(pid) from (${holders}) holder`

describe('an external database', () => {
  const secret = 's'.repeat(32)

  test('serves one server at a time, which stops when another has taken the lock', async () => {
    const database = await createTestDatabase()
    const first = start({ DATABASE_URL: database.url, AUTH_SECRET: secret })
    const url = await first.ready()

    const second = start({ DATABASE_URL: database.url, AUTH_SECRET: secret })
    expect((await second.exited()).code).toBe(1)
    expect(second.output()).toContain(`Another server (process ${first.pid} on`)

    // Its connection breaks, and it takes the lock again.
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    const holder = async () => (await client.query<Holder>(holders)).rows[0]
    const before = await holder()
    await client.query(endHolder)
    const again = await vi.waitFor(async () => {
      const now = await holder()
      if (!now || now.pid === before?.pid) throw new Error('The server holds no lock yet.')
      return now
    }, 10_000)
    expect((await fetch(`${url}/ready`)).status).toBe(200)

    // This time another server takes the lock first.
    const { key } = again
    const waiting = client.query('select pg_advisory_lock($1::int8)', [key])
    const killer = new pg.Client({ connectionString: database.url })
    await killer.connect()
    await expect.poll(async () => (await killer.query(waiters)).rowCount).toBe(1)
    await killer.query(endHolder)
    await waiting
    expect((await first.exited()).code).toBe(1)
    expect(first.output()).toContain('Another server')
    await Promise.all([client.end(), killer.end()])
    await database.drop()
  })

  test('a database role without rights is refused at start with one sentence', async () => {
    const database = await createTestDatabase()
    const admin = new pg.Client({ connectionString: database.url })
    await admin.connect()
    const role = `limited_${randomBytes(4).toString('hex')}`
    await admin.query(`create role ${role} login password 'limited'`)
    const url = new URL(database.url)
    url.username = role
    url.password = 'limited'

    const cannotRead = start({ DATABASE_URL: url.href, AUTH_SECRET: secret })
    expect((await cannotRead.exited()).code).toBe(1)
    await admin.query(`grant all on all tables in schema public to ${role}`)
    const cannotCreate = start({ DATABASE_URL: url.href, AUTH_SECRET: secret })
    expect((await cannotCreate.exited()).code).toBe(1)
    for (const server of [cannotRead, cannotCreate]) {
      expect(server.output()).toMatch(
        /^The database role lacks a permission \(.+\); make it the owner of the database\.$/m,
      )
      expect(server.output()).not.toMatch(/\n +at |panicked|\.rs\b/)
    }

    await admin.query(`drop owned by ${role}`)
    await admin.query(`drop role ${role}`)
    await admin.end()
    await database.drop()
  })

  test('an unreachable database is reported with one sentence', async () => {
    const server = start({ DATABASE_URL: 'postgresql://localhost:1/nothing', AUTH_SECRET: secret })
    expect((await server.exited()).code).toBe(1)
    expect(server.output()).toMatch(/^The database cannot be reached: .+$/m)
  })
})

test('all configuration errors are listed at once, before anything is created', async () => {
  const folder = await temporaryFolder()
  const server = start({
    ...{ DATA_DIR: join(folder, 'data'), PORT: 'http', LOG_LEVEL: 'loud', LIMIT_GROUP_SIZE: '-1' },
    AUTH_SECRET: 'too short',
  })

  expect(await server.exited()).toEqual({ code: 2, signal: null })
  for (const name of ['PORT', 'LOG_LEVEL', 'LIMIT_GROUP_SIZE', 'AUTH_SECRET'])
    expect(server.output()).toMatch(new RegExp(`^  ${name}: .+$`, 'm'))
  expect(await readdir(folder)).toEqual([])
})
