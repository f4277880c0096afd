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

/** How far a conversation is delivered by the transaction that numbers its changes. */
export interface Reached {
  conversationId: string
  version: number
  revision: number
  maxSeq: number
}

// Locks and moves the streams in order of user id, after all other locks: `a` makes each part wait for the one before it.
// Numbers follow the order of the changes. Every row is found by the key of an insert, whatever the statistics. A stream
// that moves for the first time in this history records its previous number.
const numberChanges = `
  with present as (${presentHistory}
  ), wanted as (
    select * from unnest($1::text[], $2::text[], $3::text[], $4::boolean[])
      with ordinality as w (user_id, kind, subject_id, removed, place)
  ), reached as (
    insert into delivery (conversation_id, version, revision, max_seq)
    select * from unnest($5::text[], $6::integer[], $7::integer[], $8::integer[])
      as r (conversation_id, version, revision, max_seq) order by r.conversation_id
    on conflict (conversation_id) do update
      set version = excluded.version, revision = excluded.revision, max_seq = excluded.max_seq,
          delivered_at = clock_timestamp()
    returning conversation_id, version
  ), marked as (
    insert into outbox_mark (topic, conversation_id, version)
    select t.name, r.conversation_id, r.version from reached r cross join outbox_topic t where t.after_delivery
    on conflict do nothing
  ), stream as (
    select w.user_id, p.ordinal, count(*)::integer as numbers from wanted w cross join present p
    group by w.user_id, p.ordinal
  ), started as (
    insert into stream_start (user_id, history, seq)
    select s.user_id, n.ordinal, s.seq
    from stream n cross join (select count(*) from reached) a
    cross join lateral (select * from user_stream where user_id = n.user_id limit 1) s
    where s.history <> n.ordinal order by s.user_id
    on conflict do nothing
    returning user_id
  ), moved as (
    insert into user_stream (user_id, seq, history)
    select n.user_id, n.numbers, n.ordinal from stream n cross join (select count(*) from started) a order by n.user_id
    on conflict (user_id) do update set seq = user_stream.seq + excluded.seq, history = excluded.history
    returning user_id, seq
  ), numbered as (
    select w.*, p.id as history,
           (m.seq + 1 - row_number() over (partition by w.user_id order by w.place desc))::integer as stream_seq
    from wanted w join moved m using (user_id) cross join present p
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
 * Gives each change the next number of its user's stream, and notes how far conversations are delivered by that. Several
 * changes of one subject for one user count once. Call it last in a transaction: a transaction that holds a stream must
 * wait for no other lock.
 */
export async function announce(
  sql: Sql,
  changes: Change[],
  reached: Reached[] = [],
): Promise<NumberedChange[]> {
  const last = new Map(
    changes.map((change) => [`${change.userId} ${change.kind} ${change.subjectId}`, change]),
  )
  const wanted = [...last.values()]
  if (wanted.length + reached.length === 0) return []

  const userIds = wanted.map((change) => change.userId)
  const number = () =>
    sql.query<{ place: number; streamSeq: number; history: string }>(numberChanges, [
      userIds,
      wanted.map((change) => change.kind),
      wanted.map((change) => change.subjectId),
      wanted.map((change) => change.removed ?? false),
      reached.map((each) => each.conversationId),
      reached.map((each) => each.version),
      reached.map((each) => each.revision),
      reached.map((each) => each.maxSeq),
    ])
  let rows = await number()
  if (rows.length < wanted.length) {
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
