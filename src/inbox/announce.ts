import type { Bus } from '../platform/bus/bus.ts'
import { presentHistory } from '../platform/db/history.ts'
import type { Sql } from '../platform/db/sql.ts'
import type { Change } from '../transaction.ts'
import { startStreams } from './start-streams.ts'

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

// Moves the streams in the order of the parameters, which is that of the user ids, after all other locks. Every row is
// found by the key of an insert, whatever the statistics. A stream of another history is locked but does not move.
const numbering = (first: string, after: string) => `
  with present as (${presentHistory}
  ), ${first}wanted as (
    select * from unnest($1::text[], $2::text[], $3::text[], $4::boolean[], $5::integer[])
      as w (user_id, kind, subject_id, removed, back)
  ), moved as (
    insert into user_stream (user_id, seq, history)
    select s.user_id, s.numbers, p.ordinal
    from unnest($6::text[], $7::integer[]) with ordinality as s (user_id, numbers, place) cross join present p ${after}
    order by s.place
    on conflict (user_id) do update set seq = user_stream.seq + excluded.seq
      where user_stream.history = excluded.history
    returning user_id, seq
  ), entered as (
    insert into inbox_entry (user_id, kind, subject_id, stream_seq, removed_stream_seq)
    select w.user_id, w.kind, w.subject_id, m.seq - w.back, case when w.removed then m.seq - w.back end
    from wanted w join moved m using (user_id)
    on conflict (user_id, kind, subject_id) do update
      set stream_seq = excluded.stream_seq,
          removed_stream_seq = coalesce(excluded.removed_stream_seq, inbox_entry.removed_stream_seq)
  )
  select m.user_id as "userId", m.seq, p.id as history from moved m cross join present p`

const numberChanges = numbering('', '')

// Deliveries are locked before streams: `a` makes the streams wait for them.
const numberAndReach = numbering(
  `reached as (
    insert into delivery (conversation_id, version, revision, max_seq)
    select r.conversation_id, r.version, r.revision, r.max_seq
    from unnest($8::text[], $9::integer[], $10::integer[], $11::integer[])
      as r (conversation_id, version, revision, max_seq) order by r.conversation_id
    on conflict (conversation_id) do update
      set version = excluded.version, revision = excluded.revision, max_seq = excluded.max_seq,
          delivered_at = clock_timestamp()
    returning conversation_id, version
  ), marked as (
    insert into outbox_mark (topic, conversation_id, version)
    select t.name, r.conversation_id, r.version from reached r cross join outbox_topic t where t.after_delivery
    on conflict do nothing
  ), `,
  'cross join (select count(*) from reached) a',
)

/** How far a conversation is delivered by the transaction that numbers its changes. */
export interface Reached {
  conversationId: string
  version: number
  revision: number
  maxSeq: number
}

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

  const numbered = await number(sql, wanted, reached)
  if (numbered.length === wanted.length) return numbered
  // The first numbers of these streams in this history.
  const done = new Set(numbered.map(({ userId }) => userId))
  const others = wanted.filter(({ userId }) => !done.has(userId))
  await startStreams(sql, sortedUsers(others))
  return [...numbered, ...(await number(sql, others, []))]
}

/** Without changes of streams that did not move. */
async function number(sql: Sql, changes: Change[], reached: Reached[]): Promise<NumberedChange[]> {
  const counts = new Map<string, number>()
  const places = changes.map(({ userId }) => {
    const place = (counts.get(userId) ?? 0) + 1
    counts.set(userId, place)
    return place
  })
  const back = changes.map(({ userId }, index) => (counts.get(userId) ?? 0) - (places[index] ?? 0))
  const userIds = sortedUsers(changes)
  const params: unknown[] = [
    changes.map((change) => change.userId),
    changes.map((change) => change.kind),
    changes.map((change) => change.subjectId),
    changes.map((change) => change.removed ?? false),
    back,
    userIds,
    userIds.map((userId) => counts.get(userId)),
  ]
  if (reached.length > 0)
    params.push(
      reached.map((each) => each.conversationId),
      reached.map((each) => each.version),
      reached.map((each) => each.revision),
      reached.map((each) => each.maxSeq),
    )
  const statement = reached.length > 0 ? numberAndReach : numberChanges
  const rows = await sql.query<{ userId: string; seq: number; history: string }>(statement, params)
  const streams = new Map(rows.map((row) => [row.userId, row]))
  return changes.flatMap((change, index) => {
    const stream = streams.get(change.userId)
    if (!stream) return []
    return [{ ...change, streamSeq: stream.seq - (back[index] ?? 0), history: stream.history }]
  })
}

/** In the order in which every transaction locks streams. */
const sortedUsers = (changes: Change[]) => [...new Set(changes.map(({ userId }) => userId))].sort()

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
