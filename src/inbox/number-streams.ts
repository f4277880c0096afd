import { presentHistory } from '../platform/db/history.ts'
import type { Sql } from '../platform/db/sql.ts'
import type { Change } from '../transaction.ts'
import type { Deliverable } from './deliverable.ts'

/** A number in a user's stream. */
export interface StreamNumber {
  streamSeq: number
  /** The history in which the number was given. */
  history: string
}

// One statement. The history comes first, then deliveries, then the streams in the order of their ids in JavaScript, after
// all other locks. The entry of a user's latest messages is part of the row of the stream: in a conversation where many
// write, a message costs one row per reader. What it displaces there is written as an entry.
const numbering = `
  with present as materialized (${presentHistory}), reached as (
    insert into delivery (conversation_id, version, revision, max_seq)
    select k.* from unnest($8::text[], $9::integer[], $10::integer[], $11::integer[])
      as k (conversation_id, version, revision, max_seq) cross join present
    order by k.conversation_id
    on conflict (conversation_id) do update
      set version = excluded.version, revision = excluded.revision, max_seq = excluded.max_seq,
          delivered_at = clock_timestamp()
    returning conversation_id, version
  ), marked_for_topics as (
    insert into outbox_mark (topic, conversation_id, version)
    select t.name, r.conversation_id, r.version from reached r cross join outbox_topic t where t.after_delivery
    on conflict do nothing
  ), marked as (
    insert into delivery_mark (conversation_id, version, revision)
    select * from unnest($12::text[], $13::integer[], $14::integer[])
    on conflict do nothing
  ), moved as (
    insert into user_stream as u (user_id, seq, history, messages_of, messages_seq)
    select s.user_id, s.numbers, p.ordinal, s.messages_of, s.messages_place
    from unnest($1::text[], $2::integer[], $15::text[], $16::integer[])
      as s (user_id, numbers, messages_of, messages_place)
    cross join present p cross join (select count(*) from reached) a
    order by s.user_id collate "C"
    on conflict (user_id) do update
      set seq = u.seq + excluded.seq, history = excluded.history,
          messages_of = coalesce(excluded.messages_of, u.messages_of),
          messages_seq = coalesce(u.seq + excluded.messages_seq, u.messages_seq),
          displaced_of = case when excluded.messages_of <> u.messages_of then u.messages_of end,
          displaced_seq = case when excluded.messages_of <> u.messages_of then u.messages_seq end
    returning user_id, seq, displaced_of, displaced_seq
  ), entered as (
    insert into inbox_entry (user_id, kind, subject_id, seq, removed_seq)
    select user_id, kind, subject_id, max(seq), max(removed_seq) from (
      select e.user_id, e.kind, e.subject_id, m.seq - e.back as seq,
             case when e.removed then m.seq - e.back end as removed_seq
      from unnest($3::text[], $4::text[], $5::text[], $6::boolean[], $7::integer[])
        as e (user_id, kind, subject_id, removed, back)
      join moved m on m.user_id = e.user_id
      union all
      select user_id, 'messages', displaced_of, displaced_seq, null from moved where displaced_of is not null
    ) e
    group by user_id, kind, subject_id
    on conflict (user_id, kind, subject_id) do update
      set seq = excluded.seq, removed_seq = coalesce(excluded.removed_seq, inbox_entry.removed_seq)
  )
  select m.user_id as "userId", m.seq, p.id as history from moved m cross join present p`

interface Moved {
  userId: string
  seq: number
  history: string
}

/** The changes of one user in a transaction. */
interface UserChanges {
  count: number
  latestMessages: { conversationId: string; place: number } | null
}

/**
 * Gives each change the next number of its user's stream, and records what was delivered and what is left to the worker.
 * Returns the numbers in the order of the changes, of which each names another subject of its user.
 */
export async function numberStreams(
  sql: Sql,
  changes: readonly Change[],
  delivered: readonly Deliverable[],
  marked: readonly Deliverable[],
): Promise<(StreamNumber | undefined)[]> {
  const users = new Map<string, UserChanges>()
  const places = changes.map(({ userId, kind, subjectId }) => {
    const user = users.get(userId) ?? { count: 0, latestMessages: null }
    const place = user.count + 1
    user.count = place
    if (kind === 'messages') user.latestMessages = { conversationId: subjectId, place }
    users.set(userId, user)
    return place
  })
  const backs = changes.map(({ userId }, index) => (users.get(userId)?.count ?? 0) - (places[index] ?? 0))
  const entries = changes.flatMap((change, index) =>
    change.kind === 'messages' && users.get(change.userId)?.latestMessages?.place === places[index]
      ? []
      : [{ ...change, back: backs[index] }],
  )
  const perUser = [...users.values()]
  const moved = await sql.query<Moved>(numbering, [
    [...users.keys()],
    perUser.map((user) => user.count),
    entries.map((entry) => entry.userId),
    entries.map((entry) => entry.kind),
    entries.map((entry) => entry.subjectId),
    entries.map((entry) => entry.removed ?? false),
    entries.map((entry) => entry.back),
    delivered.map((each) => each.id),
    delivered.map((each) => each.version),
    delivered.map((each) => each.revision),
    delivered.map((each) => each.maxSeq),
    marked.map((each) => each.id),
    marked.map((each) => each.version),
    marked.map((each) => each.revision),
    perUser.map((user) => user.latestMessages?.conversationId ?? null),
    perUser.map((user) => user.latestMessages?.place ?? null),
  ])
  const heads = new Map(moved.map((head) => [head.userId, head]))
  return changes.map(({ userId }, index) => {
    const head = heads.get(userId)
    return head && { streamSeq: head.seq - (backs[index] ?? 0), history: head.history }
  })
}
