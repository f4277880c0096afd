import { createHash } from 'node:crypto'
import type { MigrationDirectory } from '@prisma/schema-engine-wasm/schema_engine_bg'
import { OperatorError } from '../operator-error.ts'
import type { Sql } from './sql.ts'

export interface AppliedMigration {
  name: string
  checksum: string
  finished: boolean
}

/**
 * Refuses a database that a newer version has migrated, and migrations that were edited after they were applied. Returns
 * the names of those that are not applied, or only in part.
 */
export async function checkAppliedMigrations(
  sql: Sql,
  migrations: readonly MigrationDirectory[],
): Promise<string[]> {
  const checksums = new Map(migrations.map(({ path, migrationFile }) => [path, checksumsOf(migrationFile)]))
  const applied = await readAppliedMigrations(sql)
  const unknown = applied.filter(({ name }) => !checksums.has(name))
  if (unknown.length > 0)
    throw new OperatorError(
      `A newer version of Parlance has migrated this database (${unknown.at(-1)?.name}): start that version, or restore a backup from before the update.`,
    )
  const edited = applied.filter(({ name, checksum, finished }) => {
    return finished && !checksums.get(name)?.includes(checksum)
  })
  if (edited.length > 0)
    throw new OperatorError(
      `Migrations were edited after they were applied to this database (${edited.map(({ name }) => name).join(', ')}): restore their files.`,
    )
  const finished = new Set(applied.filter((each) => each.finished).map(({ name }) => name))
  return migrations.map(({ path }) => path).filter((path) => !finished.has(path))
}

export async function readAppliedMigrations(sql: Sql): Promise<AppliedMigration[]> {
  const found = await sql.query(`select where to_regclass('_prisma_migrations') is not null`)
  if (found.length === 0) return []
  return sql.query<AppliedMigration>(
    `select migration_name as name, checksum, finished_at is not null as finished
     from _prisma_migrations where rolled_back_at is null order by migration_name`,
  )
}

// Git may have checked the file out with other line ends.
export function checksumsOf({ content }: MigrationDirectory['migrationFile']): string[] {
  const text = content.tag === 'ok' ? content.value : ''
  const unix = text.replaceAll('\r\n', '\n')
  return [text, unix, unix.replaceAll('\n', '\r\n')].map((each) =>
    createHash('sha256').update(each).digest('hex'),
  )
}
