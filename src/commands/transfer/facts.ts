import { readAppliedMigrations } from '../../platform/db/applied-migrations.ts'
import type { Sql } from '../../platform/db/sql.ts'
import type { Manifest } from './manifest.ts'

/** What a restore compares: the version of PostgreSQL, the auth secret and the migrations of a database. */
export async function readFacts(sql: Sql): Promise<Pick<Manifest, 'postgres' | 'secret' | 'migrations'>> {
  const [row] = await sql.query<{ postgres: string; secret: string | null }>(
    `select split_part(current_setting('server_version'), ' ', 1) as postgres,
            (select fingerprint from auth_secret) as secret`,
  )
  const applied = await readAppliedMigrations(sql)
  return {
    postgres: row?.postgres ?? '',
    secret: row?.secret ?? null,
    migrations: applied.map(({ name, checksum }) => ({ name, checksum })),
  }
}
