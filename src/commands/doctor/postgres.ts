import { checkAppliedMigrations } from '../../platform/db/applied-migrations.ts'
import { connectionTo, migrationsFolder } from '../../platform/db/database.ts'
import { readMigrations } from '../../platform/db/migrate.ts'
import { checkPooler } from '../../platform/db/pooled/check.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { refuseTransactionPooler } from '../../platform/postgres/pooler.ts'
import { withClient } from '../access/database.ts'
import { type Check, error, type Found, warning } from './finding.ts'

interface Settings {
  version: number
  text: string
  encoding: string
  off: string[]
  isStandby: boolean
  isReadOnly: boolean
  mayCreate: boolean
  foreign: string[]
  connectionsMax: number
  isEncrypted: boolean
  isRemote: boolean
}

const readSettings = `
  select current_setting('server_version_num')::integer / 10000 as version,
    split_part(current_setting('server_version'), ' ', 1) as text,
    current_setting('server_encoding') as encoding,
    array(select name::text from pg_settings
          where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off' order by name) as off,
    pg_is_in_recovery() as "isStandby",
    current_setting('default_transaction_read_only')::boolean as "isReadOnly",
    has_schema_privilege(current_schema(), 'CREATE') as "mayCreate",
    array(select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where n.nspname in (current_schema(), 'graphile_worker') and c.relkind in ('r', 'S')
            and not pg_has_role(c.relowner, 'USAGE') order by 1 limit 3) as foreign,
    current_setting('max_connections')::integer as "connectionsMax",
    coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false) as "isEncrypted",
    not (inet_client_addr() <<= any (array['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '::1/128',
      'fc00::/7']::inet[])) is true and inet_client_addr() is not null as "isRemote"`

/** Connections of a server besides its pool. */
const besides = 10

/** Version, durability, role and address of the database. */
export const databaseSettings: Check = async ({ sql, config }) => {
  const [row] = await sql.query<Settings>(readSettings)
  if (!row) return []
  const { databaseUrl, databasePoolSize } = config
  const found: (Found | false)[] = [
    row.version < 15 && error(`PostgreSQL is ${row.text}.`, 'Update it to 15 or newer.'),
    row.encoding !== 'UTF8' &&
      error(
        `The database has the encoding ${row.encoding}.`,
        'Create a database with the encoding UTF8, and run parlance move.',
      ),
    row.off.length > 0 &&
      error(
        `${row.off.join(', ')} is off: a crash may lose acknowledged messages or damage the database.`,
        'Set it to on in the configuration of PostgreSQL, or for the role and the database.',
      ),
    (row.isStandby || row.isReadOnly) &&
      error(
        row.isStandby ? 'The database is a standby.' : 'The database is read-only.',
        'Set DATABASE_URL to the primary.',
      ),
    !row.mayCreate &&
      error(
        'The role may not create tables, so migrations fail.',
        'Make the role of DATABASE_URL the owner of the database.',
      ),
    row.foreign.length > 0 &&
      error(
        `Tables belong to another role (${row.foreign.join(', ')}), so migrations fail.`,
        'Run REASSIGN OWNED, or use the role that owns them.',
      ),
    databaseUrl !== undefined &&
      row.connectionsMax < databasePoolSize + besides &&
      warning(
        `PostgreSQL accepts ${row.connectionsMax} connections, and one server uses up to ${databasePoolSize + besides}.`,
        'Raise max_connections, or lower DATABASE_POOL_SIZE.',
      ),
    row.isRemote &&
      !row.isEncrypted &&
      warning(
        'The connection to the database is not encrypted.',
        'Add sslmode=verify-full to DATABASE_URL, unless the network is private.',
      ),
  ]
  return found.filter((each) => each !== false)
}

/** Whether locks, jobs and settings work through the poolers, if there are any. */
export const pooler: Check = async ({ database, config }) => {
  const { databasePoolerUrl: pooled, limits } = config
  try {
    await refuseTransactionPooler(database.connection, pooled ? 'DATABASE_DIRECT_URL' : 'DATABASE_URL')
    if (pooled) await withClient(database, (direct) => checkPooler(direct, connectionTo(pooled), limits))
    return []
  } catch (fault) {
    return [
      error(
        (fault as Error).message,
        'Set DATABASE_URL to the pooler and DATABASE_DIRECT_URL to PostgreSQL itself, with one role and one database.',
      ),
    ]
  }
}

const skewMax = 5_000

export const clock: Check = async ({ sql }) => {
  const before = Date.now()
  const [row] = await sql.query<{ at: Date }>('select clock_timestamp() as at')
  const after = Date.now()
  const at = row?.at.getTime() ?? before
  const skew = at < before ? before - at : Math.max(0, at - after)
  if (skew <= skewMax) return []
  return [
    warning(
      `The clocks of this machine and of the database differ by ${Math.round(skew / 1000)} s.`,
      'Synchronise both with NTP: tokens and times of messages depend on them.',
    ),
  ]
}

/** Whether the tables are those of this version. */
export const migrations: Check = async ({ sql }) => {
  const { migrationDirectories } = await readMigrations(migrationsFolder)
  try {
    const pending = await checkAppliedMigrations(sql, migrationDirectories)
    if (pending.length === 0) return []
    return [
      error(
        `${pending.length} migrations are not applied, the first is ${pending[0]}.`,
        'Run parlance migrate, or start a server of this version.',
      ),
    ]
  } catch (fault) {
    return [error((fault as Error).message, 'Use the version that migrated the database last.')]
  }
}

const invalid = `
  select i.indexrelid::regclass::text as name from pg_index i join pg_class c on c.oid = i.indexrelid
  join pg_namespace n on n.oid = c.relnamespace
  where not i.indisvalid and n.nspname in (current_schema(), 'graphile_worker')`

export const indexes: Check = async ({ sql }) =>
  (await sql.query<{ name: string }>(invalid)).map(({ name }) =>
    error(`The index ${name} is not valid, so it is not used.`, `Run REINDEX INDEX CONCURRENTLY ${name}.`),
  )

const longest = `
  select application_name as name, extract(epoch from clock_timestamp() - xact_start)::integer as seconds
  from pg_stat_activity
  where datname = current_database() and xact_start < clock_timestamp() - interval '1 hour' and pid <> pg_backend_pid()
  order by xact_start limit 1`

export const transactions: Check = async ({ sql }) => {
  const found = await sql.query<{ name: string; seconds: number }>(longest)
  return found.map(({ name, seconds }) =>
    warning(
      `A transaction of ${name || 'an unnamed client'} has been open for ${Math.round(seconds / 60)} minutes.`,
      'End it: PostgreSQL cannot clean up rows that are newer, so tables and indexes grow.',
    ),
  )
}

/** Whether the tables exist that the checks of data read. */
export async function hasTables(sql: Sql): Promise<boolean> {
  const [row] = await sql.query<{ exist: boolean }>(
    `select to_regclass('delivery_mark') is not null and to_regclass('graphile_worker.jobs') is not null as exist`,
  )
  return row?.exist ?? false
}
