import { arrayOf } from '../platform/db/columns.ts'
import { isOfThisHistory, newestHistory } from '../platform/db/history.ts'
import type { Sql } from '../platform/db/sql.ts'
import { gather } from '../platform/loader.ts'
import { isCurrent } from './entries.ts'
import { atTick, type Cursor, latestTick, type Position } from './position.ts'

/** One subject of a user's stream, with the number of its last change. */
export interface InboxEntry {
  kind: string
  subjectId: string
  streamSeq: number
  removedStreamSeq: number | null
}

/** The changes of one conversation between two versions. */
export interface Span {
  conversationId: string
  from: number
  to: number
}

/** A conversation that the delivery clock numbers. */
export interface ChangedByClock {
  id: string
  /** Whether its messages are part of the events; otherwise it is a SIGNAL conversation. */
  isBroadcast: boolean
}

/** Everything that changed for a user after a position, in one database snapshot. */
export interface InboxSnapshot {
  entries: InboxEntry[]
  /** Conversations of the delivery clock that changed; empty until the last page of entries. */
  byClock: ChangedByClock[]
  /** Conversations with changes that have no number in the stream yet. */
  undelivered: Span[]
  /** The position after this page, and its history. */
  position: Position
  history: string
  hasMore: boolean
}

// Longer than a request, and so its transactions, may take.
const transactionMax = "interval '10 seconds'"

// The start of the oldest transaction that the snapshot does not contain. One that has ended since is in no list of
// sessions, so its start is unknown. The newest one is not in the list of the snapshot, so that both lists are read.
// The function spares the joins of the view pg_stat_activity, whose names are not needed.
const oldestRunning = `
  select min(coalesce(s.xact_start, statement_timestamp() - ${transactionMax}))
  from (select backend_xid, xact_start from pg_stat_get_activity(null) where backend_xid is not null) s
  full join pg_snapshot_xip(pg_current_snapshot()) as running (xid) on s.backend_xid = running.xid::xid`

/**
 * SQL: the time before which every change is in its readers' streams: before every running transaction and every
 * undelivered change. A tenth of a second covers a transaction that begins during this query.
 */
export const sinceNow = `
  (extract(epoch from least(
     statement_timestamp(), (select min(marked_at) from delivery_mark), (${oldestRunning})
   ) - interval '100 milliseconds') * 1000)::bigint`

/** SQL: the delivery clock. */
export const tickNow = '(select tick from delivery_clock)'

const headOf = (userId: string) => `
  coalesce((select seq from user_stream where user_id = ${userId}), 0) as "streamSeq", ${tickNow} as tick,
  ${sinceNow} as since, ${newestHistory} as history`

/** The start of a stream, which is valid in every history. */
export const streamStart: Cursor = {
  history: null,
  position: { streamSeq: 0, tick: 0, since: 0 },
  owesUnread: false,
}

/** The end of a user's stream. Whatever changes later comes after it. */
export interface Head extends Position {
  history: string
}

export async function readHead(sql: Sql, userId: string): Promise<Head> {
  const [head] = await sql.query<Head>(`select ${headOf('$1')}`, [userId])
  if (!head) throw new Error('The query for the head returned no row.')
  return head
}

const headsAndValidity = `
  select ${headOf('k.user_id')}, ${isOfThisHistory('k.user_id', 'k.history', 'k.stream_seq', 'k.tick')} as valid
  from unnest(${arrayOf(1, 'text')}, ${arrayOf(2, 'text')}, ${arrayOf(3, 'integer')}, ${arrayOf(4, 'bigint')})
    with ordinality as k (user_id, history, stream_seq, tick, place)
  order by k.place`

type GivenCursor = Pick<Cursor, 'history' | 'position'> & { userId: string }

const headsOf = gather((sql: Sql, cursors: readonly GivenCursor[]) =>
  sql.query<Head & { valid: boolean }>(headsAndValidity, [
    cursors.map(({ userId }) => userId),
    cursors.map(({ history }) => history),
    cursors.map(({ position }) => position.streamSeq),
    cursors.map(({ position }) => latestTick(position)),
  ]),
)

/** The head of a user's stream, and whether a cursor belongs to the history of this database. */
export async function checkCursor(
  sql: Sql,
  userId: string,
  cursor: Pick<Cursor, 'history' | 'position'>,
): Promise<{ head: Head; valid: boolean }> {
  const head = await headsOf(sql, { userId, ...cursor })
  return { head, valid: head.valid }
}

// Conversations of the clock are found by an index, undelivered ones from the marks: neither reads all memberships.
const snapshotsAfter = `
  select ${headOf('k.user_id')},
    ${isOfThisHistory('k.user_id', 'k.history', 'k.stream_seq', 'k.latest_tick')} as valid,
    (select coalesce(json_agg(e order by e."streamSeq"), '[]') from (
       (select kind, subject_id as "subjectId", seq as "streamSeq", removed_seq as "removedStreamSeq"
        from inbox_entry where user_id = k.user_id and ${isCurrent('k.user_id')}
          and stream_page >= k.stream_seq / 256 and seq > k.stream_seq
        order by stream_page, seq limit k.count)
       union all
       select 'messages', messages_of, messages_seq, null from user_stream
       where user_id = k.user_id and messages_seq > k.stream_seq
       order by "streamSeq" limit k.count
     ) e) as entries,
    (select coalesce(json_agg(s order by s.id), '[]') from (
       select s.id, s."isBroadcast" from membership m cross join lateral (
         select c.id, c.delivery_mode = 'BROADCAST' as "isBroadcast"
         from conversation c join delivery d on d.conversation_id = c.id
         where c.id = m.conversation_id and c.delivery_mode <> 'INLINE' and d.tick > k.tick limit 1
       ) s
       where m.user_id = k.user_id and m.by_clock and m.conversation_id > k.after_id
       order by m.conversation_id limit k.count
     ) s) as "byClock",
    (select coalesce(json_agg(u), '[]') from (
       select d.conversation_id as "conversationId", d.version as "from", c.version as "to"
       from (select distinct conversation_id from delivery_mark) marked
       join membership m on m.conversation_id = marked.conversation_id and m.user_id = k.user_id
       join delivery d on d.conversation_id = marked.conversation_id
       join conversation c on c.id = marked.conversation_id
       where c.version > d.version or c.revision > d.revision
     ) u) as undelivered
  from unnest(${arrayOf(1, 'text')}, ${arrayOf(2, 'integer')}, ${arrayOf(3, 'integer')}, ${arrayOf(4, 'bigint')},
      ${arrayOf(5, 'text')}, ${arrayOf(6, 'text')}, ${arrayOf(7, 'bigint')})
    with ordinality as k (user_id, stream_seq, count, tick, after_id, history, latest_tick, place)
  order by k.place`

interface SnapshotRow extends Pick<Head, 'streamSeq' | 'tick' | 'since' | 'history'> {
  valid: boolean
  entries: InboxEntry[]
  byClock: ChangedByClock[]
  undelivered: Span[]
}

interface Place extends GivenCursor {
  count: number
}

const snapshotRows = gather((sql: Sql, places: readonly Place[]) =>
  sql.query<SnapshotRow>(snapshotsAfter, [
    places.map(({ userId }) => userId),
    places.map(({ position }) => position.streamSeq),
    places.map(({ count }) => count),
    places.map(({ position }) => position.tick),
    places.map(({ position }) => position.signals?.afterId ?? ''),
    places.map(({ history }) => history),
    places.map(({ position }) => latestTick(position)),
  ]),
)

/**
 * Reads a page of the changes after a cursor; null if the cursor is not of this database's history. Entries of the stream
 * come first, then conversations of the clock. The tick stays the old one until the last page, so that nothing between the
 * pages is lost.
 */
export async function readSnapshot(
  sql: Sql,
  userId: string,
  { history, position: after }: Pick<Cursor, 'history' | 'position'>,
  limit: number,
): Promise<InboxSnapshot | null> {
  const row = await snapshotRows(sql, { userId, history, position: after, count: limit + 1 })
  if (!row.valid) return null

  const entries = row.entries.slice(0, limit)
  const last = entries.at(-1)
  if (row.entries.length > limit && last)
    return {
      entries,
      byClock: [],
      undelivered: [],
      history: row.history,
      position: { ...after, streamSeq: last.streamSeq },
      hasMore: true,
    }

  const byClock = row.byClock.slice(0, limit)
  const { tick, since } = after.signals ?? row
  const lastId = byClock.at(-1)?.id
  const hasMore = row.byClock.length > limit
  const reached =
    hasMore && lastId
      ? { ...after, signals: { afterId: lastId, tick, since } }
      : atTick(after, { tick, since })
  return {
    entries,
    byClock,
    undelivered: row.undelivered,
    history: row.history,
    position: { ...reached, streamSeq: row.streamSeq },
    hasMore,
  }
}
