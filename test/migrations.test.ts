import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { applyMigrations } from '../src/platform/db/migrate.ts'
import { createTestDatabase } from './setup/database.ts'
import { spawnServer, temporaryFolder } from './setup/server-process.ts'

const root = join(import.meta.dirname, '..')
const migrations = join(root, 'prisma/migrations')

async function emptyDatabase() {
  const { url, drop } = await createTestDatabase()
  const pool = new pg.Pool({ connectionString: url, max: 4 })
  onTestFinished(async () => {
    await pool.end()
    await drop()
  })
  await pool.query('drop schema public cascade; create schema public')
  return { url, connection: { connectionString: url }, pool }
}

async function withMigration(name: string, sql: string): Promise<string> {
  const folder = await temporaryFolder()
  await cp(migrations, folder, { recursive: true })
  await mkdir(join(folder, name))
  await writeFile(join(folder, name, 'migration.sql'), sql)
  return folder
}

const names = async () =>
  (await readdir(migrations, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)

describe('migrations', () => {
  test('are recorded in the table of Prisma, as Prisma records them', async () => {
    const { connection, pool } = await emptyDatabase()
    expect(await applyMigrations(connection, migrations)).toEqual(await names())
    expect(await applyMigrations(connection, migrations)).toEqual([])

    const { rows } = await pool.query('select * from _prisma_migrations order by migration_name')
    expect(rows).toEqual(
      await Promise.all(
        (await names()).map(async (name) => ({
          id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          checksum: createHash('sha256')
            .update(await readFile(join(migrations, name, 'migration.sql')))
            .digest('hex'),
          migration_name: name,
          started_at: expect.any(Date),
          finished_at: expect.any(Date),
          applied_steps_count: 1,
          logs: null,
          rolled_back_at: null,
        })),
      ),
    )
  })

  test('are applied once by processes that start at the same time', async () => {
    const { url, pool } = await emptyDatabase()
    const env = { PATH: process.env.PATH, DATABASE_URL: url, AUTH_SECRET: 'x'.repeat(32) }
    const migrate = () =>
      promisify(execFile)(process.execPath, ['scripts/run.mjs', 'src/main.ts', 'migrate'], { cwd: root, env })

    const outputs = (await Promise.all([migrate(), migrate(), migrate()])).map(({ stdout }) => stdout.trim())
    expect(outputs.sort()).toEqual([
      `Applied ${(await names()).join(', ')}`,
      'Nothing to apply',
      'Nothing to apply',
    ])
    const { rows } = await pool.query('select count(*)::int as n from _prisma_migrations')
    expect(rows).toEqual([{ n: (await names()).length }])
  })

  test('may contain functions and comments with semicolons, and are applied atomically', async () => {
    const { connection, pool } = await emptyDatabase()
    const folder = await withMigration(
      '29990101000000_function',
      `-- one; two
       create function one() returns int language plpgsql as $$ begin perform 1; return 1; end $$;`,
    )
    await applyMigrations(connection, folder)
    expect((await pool.query('select one()')).rows).toEqual([{ one: 1 }])

    await mkdir(join(folder, '29990102000000_broken'))
    const sql = 'create table half (id int); create table half (id int);'
    await writeFile(join(folder, '29990102000000_broken/migration.sql'), sql)
    await expect(applyMigrations(connection, folder)).rejects.toThrow('relation "half" already exists')
    expect((await pool.query(`select to_regclass('half') as half`)).rows).toEqual([{ half: null }])
  })

  test('that rename what an earlier server uses keep the rows, and fail its statements', async () => {
    const { connection, pool } = await emptyDatabase()
    const earlier = await temporaryFolder()
    await cp(migrations, earlier, { recursive: true })
    for (const name of await names())
      if (name >= '20261128190000') await rm(join(earlier, name), { recursive: true })
    await applyMigrations(connection, earlier)
    const add = `insert into delivery (conversation_id, delivery_mode) values ('small', 'DIRECT'), ('large', 'SIGNAL')`
    await pool.query(add)
    await pool.query(
      `insert into inbox_entry (user_id, kind, subject_id, stream_seq) values ('bob', 'messages', 'small', 7)`,
    )

    await applyMigrations(connection, migrations)
    await pool.query(`insert into delivery (conversation_id) values ('new')`)
    const modes = await pool.query('select mode::text as mode from delivery order by conversation_id')
    expect(modes.rows).toEqual([{ mode: 'SIGNAL' }, { mode: 'INLINE' }, { mode: 'INLINE' }])
    // How the earlier fan-out moves on: with the text that it read. It must not commit what it takes for SIGNAL.
    const advance = `update delivery set delivery_mode = k.mode from unnest($1::delivery_mode[]) as k (mode)`
    await expect(pool.query(advance, [['INLINE']])).rejects.toThrow('type "delivery_mode[]" does not exist')
    // It would not find the entry of the messages that changed last, and would leave it out of a catch-up.
    const entries = await pool.query('select user_id, seq, stream_page from inbox_entry')
    expect(entries.rows).toEqual([{ user_id: 'bob', seq: 7, stream_page: 0 }])
    await expect(pool.query('select stream_seq from inbox_entry')).rejects.toThrow('does not exist')
  })

  test('that failed prevent later starts until they are resolved', async () => {
    const { connection, pool } = await emptyDatabase()
    const folder = await withMigration('29990101000000_broken', 'select 1/0;')
    await expect(applyMigrations(connection, folder)).rejects.toThrow('division by zero')
    await expect(applyMigrations(connection, folder)).rejects.toThrow(/29990101000000_broken.*failed/)

    const { rows } = await pool.query(
      `select finished_at, logs from _prisma_migrations where migration_name like '2999%'`,
    )
    expect(rows).toEqual([{ finished_at: null, logs: expect.stringContaining('division by zero') }])
  })

  test('of a newer version are refused with one sentence', async () => {
    const { url, connection, pool } = await emptyDatabase()
    await applyMigrations(
      connection,
      await withMigration('29990101000000_newer', 'create table newer (id int)'),
    )
    const refusal = /^A newer version of Parlance has migrated this database \(29990101000000_newer\)/
    await expect(applyMigrations(connection, migrations)).rejects.toThrow(refusal)

    const server = spawnServer({ DATABASE_URL: url, AUTH_SECRET: 'x'.repeat(32) })
    expect((await server.exited()).code).toBe(1)
    expect(server.output()).toContain('A newer version of Parlance has migrated this database')
    expect(server.output()).not.toMatch(/\n\s+at /)

    await pool.query(`update _prisma_migrations set rolled_back_at = now() where migration_name like '2999%'`)
    expect(await applyMigrations(connection, migrations)).toEqual([])
  })

  test('that were edited after they were applied are refused by name', async () => {
    const { connection } = await emptyDatabase()
    const folder = await withMigration('29990101000000_edited', 'select 1;\nselect 2;\n')
    await applyMigrations(connection, folder)
    const file = join(folder, '29990101000000_edited/migration.sql')
    await writeFile(file, 'select 1;\r\nselect 2;\r\n')
    expect(await applyMigrations(connection, folder), 'with other line ends').toEqual([])
    await writeFile(file, 'select 1;\nselect 3;\n')
    await expect(applyMigrations(connection, folder)).rejects.toThrow(/edited.*\(29990101000000_edited\)/)
  })

  test('wait for a migration of another process', async () => {
    const { connection, pool } = await emptyDatabase()
    const rival = await pool.connect()
    await rival.query('select pg_advisory_lock(72707369)')

    const applying = applyMigrations(connection, migrations)
    await expect
      .poll(
        async () =>
          (
            await pool.query(
              `select 1 from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())`,
            )
          ).rowCount,
      )
      .toBe(1)
    await rival.query('select pg_advisory_unlock_all()')
    rival.release()
    expect(await applying).toEqual(await names())
  })
})
