import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MigrationDirectory, MigrationList } from '@prisma/schema-engine-wasm/schema_engine_bg'
import pg from 'pg'
import { checkAppliedMigrations } from './applied-migrations.ts'
import { poolSql } from './sql.ts'
import { onDatabaseError } from './start-fault.ts'

// The lock of Prisma's commands, so that `prisma migrate deploy` and a starting server wait for each other.
const migrationLock = 72707369

/** Applies the new migrations of a folder and returns their names. Concurrent processes wait for each other. */
export async function applyMigrations(connection: pg.PoolConfig, folder: string): Promise<string[]> {
  // One connection, whose end releases the lock in any case.
  const pool = new pg.Pool({ ...connection, max: 1 })
  pool.on('error', () => {})
  // The engine's own error has neither its code nor its message, but a trace of the engine.
  let reported: Error | null = null
  pool.on('connect', (client) => {
    client.on('error', () => {})
    onDatabaseError(client, (error) => {
      reported = error
    })
  })
  try {
    await waitForTurn(pool)
    const migrationsList = await readMigrations(folder)
    const pending = await checkAppliedMigrations(poolSql(pool), migrationsList.migrationDirectories)
    if (pending.length === 0) return []
    // Loaded only when needed: the engine takes a third of a second of processor time.
    const { createSchemaEngine } = await import('./schema-engine.ts')
    const engine = await createSchemaEngine(pool)
    try {
      const applied = await engine.applyMigrations({ migrationsList, filters: noFilters })
      return applied.appliedMigrationNames
    } catch (error) {
      throw reported ?? error
    } finally {
      engine.free()
    }
  } finally {
    await pool.end()
  }
}

// The engine waits ten seconds for the lock; a migration of another process may take longer. A migration takes as long
// as it takes, whatever the role has as defaults.
async function waitForTurn(pool: pg.Pool): Promise<void> {
  await pool.query(
    `set statement_timeout = 0; set idle_in_transaction_session_timeout = 0; set lock_timeout = '10min'`,
  )
  await pool.query('select pg_advisory_lock($1)', [migrationLock])
  await pool.query('set lock_timeout = 0')
}

export const noFilters = { externalTables: [], externalEnums: [] }

export async function readMigrations(folder: string): Promise<MigrationList> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return {
    baseDir: folder,
    lockfile: {
      path: 'migration_lock.toml',
      content: await readFile(join(folder, 'migration_lock.toml'), 'utf8'),
    },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(names.sort().map((name) => readMigration(folder, name))),
  }
}

async function readMigration(folder: string, name: string): Promise<MigrationDirectory> {
  const content = await readFile(join(folder, name, 'migration.sql'), 'utf8')
  return { path: name, migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: content } } }
}
