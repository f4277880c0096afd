import type { Bus } from '../platform/bus/bus.ts'
import { presentHistory } from '../platform/db/history.ts'
import type { Sql } from '../platform/db/sql.ts'
import type { Tracing } from '../platform/tracing/tracing.ts'
import type { Change } from '../transaction.ts'
import { changesForMembers, type Deliverable } from './deliverable.ts'

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

// One statement. The history comes first, then deliveries, then the streams in the order of their ids in JavaScript, after
// all other locks.
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
    insert into user_stream (user_id, seq, history)
    select s.user_id, s.numbers, p.ordinal
    from unnest($1::text[], $2::integer[]) as s (user_id, numbers)
    cross join present p cross join (select count(*) from reached) a
    order by s.user_id collate "C"
    on conflict (user_id) do update set seq = user_stream.seq + excluded.seq, history = excluded.history
    returning user_id, seq
  ), entered as (
    insert into inbox_entry (user_id, kind, subject_id, stream_seq, removed_stream_seq)
    select e.user_id, e.kind, e.subject_id, m.seq - e.back, case when e.removed then m.seq - e.back end
    from unnest($3::text[], $4::text[], $5::text[], $6::boolean[], $7::integer[])
      as e (user_id, kind, subject_id, removed, back)
    join moved m on m.user_id = e.user_id
    on conflict (user_id, kind, subject_id) do update
      set stream_seq = excluded.stream_seq,
          removed_stream_seq = coalesce(excluded.removed_stream_seq, inbox_entry.removed_stream_seq)
  )
  select m.user_id as "userId", m.seq, p.id as history from moved m cross join present p`

interface Moved {
  userId: string
  seq: number
  history: string
}

/**
 * The last statement of a transaction, sent at once: gives each change the next number of its user's stream, and delivers
 * conversations to their members or marks them for the worker. Several changes of one subject for one user count once.
 * Requires the locks of the conversations; a transaction that holds a stream must wait for no other lock.
 */
export async function announce(
  sql: Sql,
  changes: readonly Change[],
  deliverables: readonly Deliverable[] = [],
): Promise<Announced> {
  const immediate = deliverables.filter(({ memberIds }) => memberIds !== null)
  const marked = deliverables.filter(({ memberIds }) => memberIds === null)
  const wanted = distinct(changes, changesForMembers(immediate))
  const totals = new Map<string, number>()
  const places = wanted.map(({ userId }) => {
    const place = totals.get(userId) ?? 0
    totals.set(userId, place + 1)
    return place
  })
  const backs = wanted.map(({ userId }, index) => (totals.get(userId) ?? 0) - 1 - (places[index] ?? 0))
  const moved = await sql.query<Moved>(numbering, [
    [...totals.keys()],
    [...totals.values()],
    wanted.map((change) => change.userId),
    wanted.map((change) => change.kind),
    wanted.map((change) => change.subjectId),
    wanted.map((change) => change.removed ?? false),
    backs,
    immediate.map((each) => each.id),
    immediate.map((each) => each.version),
    immediate.map((each) => each.revision),
    immediate.map((each) => each.maxSeq),
    marked.map((each) => each.id),
    marked.map((each) => each.version),
    marked.map((each) => each.revision),
  ])
  const heads = new Map(moved.map((head) => [head.userId, head]))
  const spans = new Map(deliverables.map((each) => [each.id, each]))
  const numbered = wanted.map((change, index): NumberedChange => {
    const head = heads.get(change.userId)
    if (!head) throw new Error(`The stream of ${change.userId} did not move.`)
    const { seq, history } = head
    const span = change.kind === 'messages' ? spans.get(change.subjectId) : undefined
    const hint = span ? { hint: { from: span.deliveredVersion, to: span.version } } : {}
    return { ...change, ...hint, streamSeq: seq - (backs[index] ?? 0), history }
  })
  const withMessages = immediate.filter((each) => each.maxSeq > each.deliveredMaxSeq)
  return { numbered, ages: withMessages.map(({ ageSeconds }) => ageSeconds), marked: marked.length > 0 }
}

/** Each subject of a user once. It is removed only if no change says that it exists; the last hint counts. */
function distinct(changes: readonly Change[], forMembers: readonly Change[]): Change[] {
  const wanted = new Map(changes.map((change) => [keyOf(change), change]))
  for (const change of forMembers) {
    const key = keyOf(change)
    const announced = wanted.get(key)
    wanted.set(key, announced ? { ...announced, removed: false } : change)
  }
  return [...wanted.values()]
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
