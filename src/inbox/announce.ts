import type { Bus } from '../platform/bus/bus.ts'
import { beginHistory, presentHistory } from '../platform/db/history.ts'
import type { Sql } from '../platform/db/sql.ts'
import type { Change } from '../transaction.ts'

/** A change with its number in the user's stream. */
export interface NumberedChange extends Change {
  streamSeq: number
  /** The history in which the number was given. */
  history: string
}

export const userTopic = (userId: string) => `user:${userId}`

// Locks the streams in order of user id, after all other locks; numbers follow the order of the changes. A stream that
// advances for the first time in this history records its previous number.
const numberChanges = `
  with present as (${presentHistory}
  ), wanted as (
    select * from unnest($1::text[], $2::text[], $3::text[], $4::boolean[])
      with ordinality as w (user_id, kind, subject_id, removed, place)
  ), locked as (
    select user_id, seq, history from user_stream where user_id = any($1::text[]) order by user_id for update
  ), numbered as (
    select w.*, p.ordinal, p.id as history,
           (l.seq + row_number() over (partition by w.user_id order by w.place))::integer as stream_seq
    from wanted w join locked l using (user_id) cross join present p
  ), moved as (
    update user_stream s set seq = n.head, history = n.ordinal
    from (select user_id, ordinal, max(stream_seq) as head from numbered group by user_id, ordinal) n
    where s.user_id = n.user_id
  ), started as (
    insert into stream_start (user_id, history, seq)
    select l.user_id, p.ordinal, l.seq from locked l join present p on l.history <> p.ordinal
  ), entered as (
    insert into inbox_entry (user_id, kind, subject_id, stream_seq, removed_stream_seq)
    select user_id, kind, subject_id, stream_seq, case when removed then stream_seq end from numbered
    on conflict (user_id, kind, subject_id) do update
      set stream_seq = excluded.stream_seq,
          removed_stream_seq = coalesce(excluded.removed_stream_seq, inbox_entry.removed_stream_seq)
  )
  select place::integer as place, stream_seq as "streamSeq", history from numbered order by place`

const lockStreams = 'select from user_stream where user_id = any($1::text[]) order by user_id for update'

/**
 * Gives each change the next number of its user's stream. Several changes of one subject for one user count once, at the
 * last place. Call it last in a transaction: a transaction that holds a stream must wait for no other lock.
 */
export async function announce(sql: Sql, changes: Change[]): Promise<NumberedChange[]> {
  const last = new Map(
    changes.map((change) => [`${change.userId} ${change.kind} ${change.subjectId}`, change]),
  )
  const wanted = [...last.values()]
  if (wanted.length === 0) return []

  const userIds = wanted.map((change) => change.userId)
  const number = () =>
    sql.query<{ place: number; streamSeq: number; history: string }>(numberChanges, [
      userIds,
      wanted.map((change) => change.kind),
      wanted.map((change) => change.subjectId),
      wanted.map((change) => change.removed ?? false),
    ])
  let rows = await number()
  if (rows.length === 0) {
    // First numbers after a start of PostgreSQL. Streams are locked before the new row, as by every other transaction.
    await sql.query(lockStreams, [userIds])
    await beginHistory(sql)
    rows = await number()
  }
  return rows.map(({ place, ...given }) => ({ ...(wanted[place - 1] as Change), ...given }))
}

/** Wakes the readers of the changed streams; call it after the commit. */
export function publishChanges(bus: Bus, changes: NumberedChange[]): void {
  for (const { userId, kind, subjectId, streamSeq, history, removed, hint } of changes)
    bus.publish(userTopic(userId), {
      streamSeq,
      history,
      kind,
      subjectId,
      removed: removed ?? false,
      from: hint?.from ?? 0,
      to: hint?.to ?? 0,
    })
}
