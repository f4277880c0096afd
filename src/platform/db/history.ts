import { newId } from '../ids.ts'
import type { Sql } from './sql.ts'

/**
 * SQL: the current history, one row or none. A history is one start of PostgreSQL on this table: a crash, a copy of the
 * data folder, a restored dump and a promoted standby each begin a new one.
 */
export const presentHistory = `
  select ordinal, id from history
  where postmaster_start = pg_postmaster_start_time() and table_oid = 'history'::regclass::oid::bigint
    and database_oid = (select oid::bigint from pg_database where datname = current_database())`

const begin = `
  insert into history (id, postmaster_start, database_oid, table_oid, first_tick)
  select $1, pg_postmaster_start_time(), d.oid::bigint, 'history'::regclass::oid::bigint, c.tick
  from pg_database d cross join delivery_clock c where d.datname = current_database()
  on conflict do nothing`

/** Inserts the row of the current history if there is none, and returns its id. Stream numbers require the row. */
export async function beginHistory(sql: Sql): Promise<string> {
  await sql.query(begin, [newId()])
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
