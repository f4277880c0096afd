import type { Bus } from '../platform/bus/bus.ts'
import { presentHistory } from '../platform/db/history.ts'
import type { Sql } from '../platform/db/sql.ts'
import type { Tracing } from '../platform/tracing/tracing.ts'
import type { Change } from '../transaction.ts'

declare module '../platform/tracing/tracing.ts' {
  interface SpanFacts {
    'parlance.recipients'?: number
  }
}

/** A change with its number in the user's stream. */
export interface NumberedChange extends Change {
  streamSeq: number
  /** The history in which the number was given. */
  history: string
}

export const userTopic = (userId: string) => `user:${userId}`

/** What a transaction numbered, and what it delivered by that. */
export interface Announced {
  numbered: NumberedChange[]
  /** Ages of the newest delivered messages in seconds, one per conversation. */
  ages: number[]
  /** Whether it left conversations to the worker. */
  marked: boolean
}

type Row =
  | (Omit<Required<NumberedChange>, 'hint'> & {
      /** Versions and age of the messages that a conversation delivers; null for changes of the parameters. */
      from: number | null
      to: number | null
      ageSeconds: number | null
    })
  | { userId: null }

// What each conversation changed for its members. A small INLINE conversation is delivered here: numbering every member
// costs the sender less than a mark and a second transaction. A worker numbers the changes of many batches at once, which
// pays in large ones. A conversation with a mark is left to the worker, which may be numbering its earlier changes.
const changedConversations = `
  changed as (
    select c.id, c.version, c.revision, c.max_seq, d.version as delivered_version, d.max_seq as delivered_max_seq,
           c.version > d.version as has_messages, c.revision > d.revision as is_revised,
           extract(epoch from clock_timestamp() - c.last_activity_at)::float8 as age_seconds,
           c.delivery_mode = 'INLINE' and d.delivery_mode = 'INLINE' and c.member_count <= $6
             and not exists (select from delivery_mark where conversation_id = k.id) as is_immediate
    from unnest($5::text[]) as k (id)
    cross join lateral (select * from conversation where id = k.id limit 1) c
    cross join lateral (select * from delivery where conversation_id = k.id limit 1) d
  ), for_members as (
    select u.user_id, e.kind, c.id as subject_id, e.place
    from changed c
    cross join lateral (select array_agg(user_id) as ids from membership where conversation_id = c.id) m
    left join lateral (
      select array_agg(distinct user_id) as ids from mention
      where conversation_id = c.id and seq > c.delivered_max_seq and seq <= c.max_seq
    ) n on true
    cross join lateral unnest(m.ids) as u (user_id)
    cross join lateral (
      values ('messages', 1, c.has_messages or not c.is_revised),
             ('conversation', 2, c.is_revised or not c.has_messages or u.user_id = any(n.ids)
                                 or array_position(n.ids, null) is not null)
    ) as e (kind, place, is_wanted)
    where c.is_immediate and e.is_wanted
  ), reached as (
    insert into delivery (conversation_id, version, revision, max_seq)
    select c.id, c.version, c.revision, c.max_seq from changed c cross join present where c.is_immediate order by c.id
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
    select id, version, revision from changed where not is_immediate
    on conflict do nothing
  )`

// One statement, whose plan does not depend on statistics: every row is found by a key. The history comes first, then
// deliveries, then the streams in the order of their ids in JavaScript, after all other locks.
const numbering = `
  with present as materialized (${presentHistory}), ${changedConversations}, wanted as (
    select user_id, kind, subject_id, bool_and(removed) as removed, min(place) as place
    from (
      select * from unnest($1::text[], $2::text[], $3::text[], $4::boolean[])
        with ordinality as w (user_id, kind, subject_id, removed, place)
      union all
      select user_id, kind, subject_id, false, 1000000000 + place from for_members
    ) w
    group by user_id, kind, subject_id
  ), placed as (
    select w.*, row_number() over (partition by user_id order by place desc, subject_id desc)::integer - 1 as back
    from wanted w
  ), moved as (
    insert into user_stream (user_id, seq, history)
    select s.user_id, s.numbers, p.ordinal
    from (select user_id, count(*)::integer as numbers from placed group by user_id) s
    cross join present p cross join (select count(*) from reached) a
    order by s.user_id collate "C"
    on conflict (user_id) do update set seq = user_stream.seq + excluded.seq, history = excluded.history
    returning user_id, seq
  ), numbered as (
    select w.user_id, w.kind, w.subject_id, w.removed, m.seq - w.back as stream_seq
    from placed w join moved m using (user_id)
  ), entered as (
    insert into inbox_entry (user_id, kind, subject_id, stream_seq, removed_stream_seq)
    select user_id, kind, subject_id, stream_seq, case when removed then stream_seq end from numbered
    on conflict (user_id, kind, subject_id) do update
      set stream_seq = excluded.stream_seq,
          removed_stream_seq = coalesce(excluded.removed_stream_seq, inbox_entry.removed_stream_seq)
  )
  select n.user_id as "userId", n.kind, n.subject_id as "subjectId", n.removed, n.stream_seq as "streamSeq",
         p.id as history, c.delivered_version as "from", c.version as "to",
         case when c.max_seq > c.delivered_max_seq then c.age_seconds end as "ageSeconds"
  from numbered n cross join present p left join changed c on c.id = n.subject_id and n.kind = 'messages'
  union all
  select null, null, id, false, null, null, null, null, null from changed where not is_immediate
  order by "streamSeq"`

/**
 * The last statement of a transaction, sent at once: gives each change the next number of its user's stream, and delivers
 * the changes of conversations to their members or marks them for the worker. Several changes of one subject for one user
 * count once. Requires the locks of the conversations; a transaction that holds a stream must wait for no other lock.
 */
export async function announce(
  sql: Sql,
  changes: Change[],
  delivered: { conversationIds: string[]; membersMax: number } = { conversationIds: [], membersMax: 0 },
): Promise<Announced> {
  const last = new Map(changes.map((change) => [keyOf(change), change]))
  const wanted = [...last.values()]
  const rows = await sql.query<Row>(numbering, [
    wanted.map((change) => change.userId),
    wanted.map((change) => change.kind),
    wanted.map((change) => change.subjectId),
    wanted.map((change) => change.removed ?? false),
    delivered.conversationIds,
    delivered.membersMax,
  ])
  const ages = new Map<string, number>()
  const numbered = rows.flatMap((row) => {
    if (row.userId === null) return []
    const { from, to, ageSeconds, ...change } = row
    if (ageSeconds !== null) ages.set(change.subjectId, ageSeconds)
    const hint = from !== null && to !== null ? { from, to } : last.get(keyOf(change))?.hint
    return [hint ? { ...change, hint } : change]
  })
  return { numbered, ages: [...ages.values()], marked: numbered.length < rows.length }
}

const keyOf = ({ userId, kind, subjectId }: Change) => `${userId} ${kind} ${subjectId}`

/** Wakes the readers of the changed streams; call it after the commit. */
export function publishChanges(
  { bus, tracing }: { bus: Bus; tracing: Tracing | null },
  changes: NumberedChange[],
): void {
  const span = tracing?.child('PRODUCER', 'publish', { 'parlance.recipients': changes.length })
  for (const { userId, kind, subjectId, streamSeq, history, removed, hint } of changes) {
    const trace = tracing?.causeOf(subjectId)
    bus.publish(userTopic(userId), {
      streamSeq,
      history,
      kind,
      subjectId,
      removed: removed ?? false,
      from: hint?.from ?? 0,
      to: hint?.to ?? 0,
      ...(trace !== undefined && { trace }),
    })
  }
  span?.end()
}
