import { beginHistory, presentHistory } from '../platform/db/history.ts'
import type { Sql } from '../platform/db/sql.ts'

// In the order of the ids in JavaScript, as by every other transaction.
const lockStreams = `
  select from user_stream where user_id = any($1::text[]) order by user_id collate "C" for update`

const start = `
  with present as (${presentHistory}
  ), started as (
    insert into stream_start (user_id, history, seq)
    select s.user_id, p.ordinal, s.seq from user_stream s cross join present p
    where s.user_id = any($1::text[]) and s.history <> p.ordinal
    on conflict do nothing
  )
  update user_stream s set history = p.ordinal from present p
  where s.user_id = any($1::text[]) and s.history <> p.ordinal`

/** Begins a history after a start of PostgreSQL, and records the last number that each stream had before it. */
export async function startStreams(sql: Sql, userIds: string[]): Promise<void> {
  // Streams are locked before the new row of the history, as by every other transaction.
  await sql.query(lockStreams, [userIds])
  await beginHistory(sql)
  await sql.query(start, [userIds])
}
