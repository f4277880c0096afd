import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MigrationDirectory, MigrationList } from '@prisma/schema-engine-wasm/schema_engine_bg'
import pg from 'pg'
import { createSchemaEngine } from './schema-engine.ts'

// The lock that Prisma's own commands take, so that a deploy beside a starting server waits its turn.
const migrationLock = 72707369

/** Applies what is new in a folder of Prisma migrations and names it. Several processes may do so at once. */
export async function applyMigrations(connection: pg.PoolConfig, folder: string): Promise<string[]> {
  // One connection: the lock belongs to it, and is free again whatever way it ends.
  const pool = new pg.Pool({ ...connection, max: 1 })
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  try {
    await waitForTurn(pool)
    const engine = await createSchemaEngine(pool)
    try {
      const migrationsList = await readMigrations(folder)
      const applied = await engine.applyMigrations({ migrationsList, filters: noFilters })
      return applied.appliedMigrationNames
    } finally {
      engine.free()
    }
  } finally {
    await pool.end()
  }
}

// The engine itself gives up on the lock after ten seconds; a long migration of another process takes longer.
async function waitForTurn(pool: pg.Pool): Promise<void> {
  await pool.query(`set lock_timeout = '10min'`)
  await pool.query('select pg_advisory_lock($1)', [migrationLock])
  await pool.query('set lock_timeout = default')
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
