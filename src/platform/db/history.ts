import type { Sql } from './sql.ts'

/**
 * SQL: the current history, one row. A history is one start of PostgreSQL on its table: a crash, a copy of the data folder,
 * a restored dump and a promoted standby each begin a new one. If there is none, the function inserts it; as it costs a
 * batch of sends 30 µs, it is not called otherwise.
 */
export const presentHistory = `
  select ordinal, id from (
    select ordinal, id from history
    where postmaster_start = pg_postmaster_start_time() and table_oid = 'history'::regclass::oid::bigint
      and database_oid = (select oid::bigint from pg_database where datname = current_database())
    union all
    select ordinal, id from present_history()
  ) h limit 1`

/** Begins the current history if it has not begun, and returns its id. */
export async function beginHistory(sql: Sql): Promise<string> {
  const [present] = await sql.query<{ id: string }>(presentHistory)
  if (!present) throw new Error('The history of the database could not be created.')
  return present.id
}

/** Whether a history belongs to this database. */
export async function hasHistory(sql: Sql, id: string): Promise<boolean> {
  return (await sql.query('select from history where id = $1', [id])).length > 0
}

const firstHere = `
  select id from history
  where table_oid = 'history'::regclass::oid::bigint
    and database_oid = (select oid::bigint from pg_database where datname = current_database())
  order by ordinal limit 1`

/** An id of this database that survives restarts and is different in copies and restored dumps. */
export async function readDatabaseId(sql: Sql): Promise<string> {
  const [first] = await sql.query<{ id: string }>(firstHere)
  if (!first) throw new Error('The database has no history.')
  return first.id
}

/** SQL: the id of the newest history, which new cursors contain. */
export const newestHistory = '(select id from history order by ordinal desc limit 1)'

/**
 * SQL: whether a position is valid in this database. Arguments are SQL expressions. In the history of a cursor, the
 * user's numbers end where the next history in which the stream moved began, and ticks end where the next history began.
 * A null history is valid: the position is stored in this database.
 */
export const isOfThisHistory = (userId: string, history: string, streamSeq: string, tick: string) => `
  (${history} is null or coalesce((
    select ${streamSeq} <= coalesce(
             (select s.seq from stream_start s where s.user_id = ${userId} and s.history > h.ordinal
              order by s.history limit 1),
             (select seq from user_stream where user_id = ${userId}), 0)
       and ${tick} <= coalesce(
             (select n.first_tick from history n where n.ordinal > h.ordinal order by n.ordinal limit 1),
             (select tick from delivery_clock))
    from history h where h.id = ${history}), false))`
