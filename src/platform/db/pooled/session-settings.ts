import type pg from 'pg'

export interface StatementTimeouts {
  /** Of the wait of a statement for a lock. */
  lockWaitMs: number
  statementMs: number
}

/** Settings of each session, whatever database and role set as defaults. */
const sessionSettings = ({ lockWaitMs, statementMs }: StatementTimeouts) => ({
  timezone: 'UTC',
  // JIT compilation takes longer than the statements themselves.
  jit: 'off',
  // Pages are in memory or on an SSD. With 4, the default for disks, PostgreSQL reads all of a table of some hundred rows for
  // each row that is looked up by its key.
  random_page_cost: '1.1',
  // Each statement sees what was committed before it; under SERIALIZABLE a fifth of the sends fail.
  default_transaction_isolation: 'read committed',
  statement_timeout: duration(statementMs),
  lock_timeout: duration(lockWaitMs),
  idle_in_transaction_session_timeout: '10s',
})

const units = { min: 60_000, s: 1_000, ms: 1 }

/** As PostgreSQL prints it: in the largest unit that leaves no remainder. */
function duration(ms: number): string {
  const [unit, size] = Object.entries(units).find(([, each]) => ms % each === 0) ?? ['ms', 1]
  return `${ms / size}${unit}`
}

const entriesOf = (timeouts: StatementTimeouts) => Object.entries(sessionSettings(timeouts))

/** SQL: for a new connection that keeps its session. PgBouncer rejects most startup parameters. */
export const setForSession = (timeouts: StatementTimeouts) =>
  entriesOf(timeouts)
    .map(([name, value]) => `set ${name} = '${value}'`)
    .join('; ')

/**
 * SQL: the names of the settings that the session lacks. PgBouncer gives sessions the time zone that the database had when
 * it connected first; Debian's calls UTC Etc/UTC.
 */
export const lackedSettings = (timeouts: StatementTimeouts) => `
  select name from (values ${entriesOf(timeouts)
    .map(([name, value]) => `('${name}', '${value}')`)
    .join(', ')}) s (name, value)
  where regexp_replace(current_setting(name), '^Etc/', '') <> value`

const readRoleSettings = `
  select unnest(setconfig) as setting from pg_db_role_setting
  where setrole = (select oid from pg_roles where rolname = current_user)
    and setdatabase = (select oid from pg_database where datname = current_database())`

const readDatabaseName = 'select quote_ident(current_database()) as name'

/**
 * Makes the settings those of the role in the database. Behind a pooler in transaction mode a statement cannot set them:
 * the session belongs to other clients, too. `direct` is a connection to PostgreSQL itself; no other server may do the same
 * at once. Returns whether any changed.
 */
export async function setForRole(direct: pg.Client, timeouts: StatementTimeouts): Promise<boolean> {
  await direct.query('begin')
  const { rows: present } = await direct.query<{ setting: string }>(readRoleSettings)
  const known = new Set(present.map(({ setting }) => setting.toLowerCase()))
  const missing = entriesOf(timeouts).filter(([name, value]) => !known.has(`${name}=${value}`.toLowerCase()))
  const { rows } = await direct.query<{ name: string }>(readDatabaseName)
  for (const [name, value] of missing)
    await direct.query(`alter role current_user in database ${rows[0]?.name} set ${name} = '${value}'`)
  await direct.query('commit')
  return missing.length > 0
}
