import { applicationName, pooledPrefix } from '../postgres/lock.ts'

// Leases of rows. A lease expires at `due_at`, and names its owner: the application_name of all connections of a process.
// A lease whose owner has no connection belongs to a process that has ended, and is free at once. Leases still expire,
// because the database may take long to detect that the machine of a connection is gone.

/** SQL: the name of the process that runs the statement. Not a setting of the session, which a pooler may share. */
export const owner = `'${applicationName.replaceAll("'", "''")}'`

/**
 * SQL: a subquery of the names of processes that have a connection. The session of a pooler has the name of the process
 * that used it last, so it counts during a transaction only.
 */
export const connectedProcesses = `
  select case when starts_with(application_name, '${pooledPrefix}') then substr(application_name, ${pooledPrefix.length + 1})
              else application_name end as name
  from pg_stat_activity
  where application_name is not null
    and (state is distinct from 'idle' or not starts_with(application_name, '${pooledPrefix}'))`

/** SQL: the expiry of a lease that starts now. */
export const leaseEnd = (seconds: string) => `clock_timestamp() + ${seconds} * interval '1 second'`

/** SQL: whether the owner has ended; not true without an owner. Connections are read only if another process owns it. */
export const isOrphaned = (row: string) => `(
  ${row}.owner <> ${owner} and ${row}.owner <> all (array(${connectedProcesses})))`

/** SQL: whether the row may be leased. */
export const isFree = (row: string) => `(${row}.due_at <= clock_timestamp() or ${isOrphaned(row)})`

/**
 * SQL: a CTE `free` with the `key` of up to `max` rows that may be leased, the longest due first. Two look-ups, one by
 * an index on the due time and one by a partial index on owners, since an OR of both reads all rows that wait.
 */
export const freeRows = (rows: { table: string; key: string; where: string; max: string }) => `
  due as materialized (
    select ${rows.key} from ${rows.table} r where ${rows.where} and r.due_at <= clock_timestamp()
    order by r.due_at limit ${rows.max} for update skip locked
  ), orphaned as materialized (
    select ${rows.key} from ${rows.table} r
    where ${rows.where} and r.owner is not null and r.due_at > clock_timestamp() and ${isOrphaned('r')}
    limit ${rows.max} - (select count(*) from due) for update skip locked
  ), free as (
    select ${rows.key} from due union all select ${rows.key} from orphaned
  )`
