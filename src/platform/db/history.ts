import { newId } from '../ids.ts'
import type { Sql } from './sql.ts'

/**
 * SQL: the history that is written now, one row or none. A history is one start of PostgreSQL on this very table, so a
 * crash, a copy of the data folder, a restored dump and a promoted standby each begin another.
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

/** Makes sure that the present history has a row, and names it. No number may be given in a history without one. */
export async function beginHistory(sql: Sql): Promise<string> {
  await sql.query(begin, [newId()])
  const [present] = await sql.query<{ id: string }>(presentHistory)
  if (!present) throw new Error('The history of the database could not be begun.')
  return present.id
}

/** Whether a history is one of this database. */
export async function hasHistory(sql: Sql, id: string): Promise<boolean> {
  return (await sql.query('select from history where id = $1', [id])).length > 0
}

const firstHere = `
  select id from history
  where table_oid = 'history'::regclass::oid::bigint
    and database_oid = (select oid::bigint from pg_database where datname = current_database())
  order by ordinal limit 1`

/** A name of this database that its restarts keep and its copies and dumps do not share. */
export async function readDatabaseId(sql: Sql): Promise<string> {
  const [first] = await sql.query<{ id: string }>(firstHere)
  if (!first) throw new Error('No server has ever run on this database.')
  return first.id
}

/** SQL: the name of the newest history, which cursors are made in. */
export const newestHistory = '(select id from history order by ordinal desc limit 1)'

/**
 * SQL: whether a position belongs to the history of this database. Each argument is an SQL expression. In the history
 * that a cursor names, the person's numbers end where the next history in which the stream moved began, and the ticks
 * where the next history began. A null history is that of a position kept in this database itself.
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
