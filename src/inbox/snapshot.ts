import type { Sql } from '../platform/db/sql.ts'
import type { Position } from './position.ts'

/** One subject of a person's stream, at the number of its last change. */
export interface InboxEntry {
  kind: string
  subjectId: string
  streamSeq: number
  removedStreamSeq: number | null
}

/** The changes of one conversation after one version, and up to which they must reach at least. */
export interface Span {
  conversationId: string
  from: number
  to: number
}

/** What changed for a person after a position, as of one moment. */
export interface InboxSnapshot {
  entries: InboxEntry[]
  /** SIGNAL conversations that changed; only once the entries are through. */
  signalIds: string[]
  /** Conversations of theirs whose last changes have no number in the stream yet. */
  undelivered: Span[]
  /** Where the reader stands after all of this. */
  position: Position
  hasMore: boolean
}

// Whatever is older than the oldest running transaction and the oldest undelivered change is in the streams.
export const horizonNow = `
  least(pg_snapshot_xmin(pg_current_snapshot())::text::bigint, (select min(xid) from delivery_mark))::float8`

const headNow = `
  select coalesce((select seq from user_stream where user_id = $1), 0) as "streamSeq", ${horizonNow} as horizon`

/** The end of a person's stream: nothing that is read later lies before it. */
export async function readHead(sql: Sql, userId: string): Promise<Position> {
  const [head] = await sql.query<Position>(headNow, [userId])
  return head ?? { streamSeq: 0, horizon: 0 }
}

const snapshotAfter = `
  select
    coalesce((select seq from user_stream where user_id = $1), 0) as head,
    ${horizonNow} as horizon,
    (select coalesce(json_agg(e order by e."streamSeq"), '[]') from (
       select kind, subject_id as "subjectId", stream_seq as "streamSeq", removed_stream_seq as "removedStreamSeq"
       from inbox_entry where user_id = $1 and stream_seq > $2 order by stream_seq limit $3
     ) e) as entries,
    (select coalesce(json_agg(s.id order by s.id), '[]') from (
       select c.id from membership m join conversation c on c.id = m.conversation_id
       where m.user_id = $1 and c.delivery_mode = 'SIGNAL' and c.changed_xid >= $4 and c.id > $5
       order by c.id limit $3
     ) s) as signals,
    (select coalesce(json_agg(u), '[]') from (
       select d.conversation_id as "conversationId", d.version as "from", c.version as "to"
       from membership m join delivery d on d.conversation_id = m.conversation_id
       join conversation c on c.id = m.conversation_id
       where m.user_id = $1 and (c.version > d.version or c.revision > d.revision)
         and m.conversation_id in (select conversation_id from delivery_mark)
     ) u) as undelivered`

interface SnapshotRow {
  head: number
  horizon: number
  entries: InboxEntry[]
  signals: string[]
  undelivered: Span[]
}

/**
 * Reads a page of what changed after a position. The entries of the stream come first and then the SIGNAL
 * conversations; until the last page the horizon stays the old one, so that nothing between the pages is lost.
 */
export async function readSnapshot(
  sql: Sql,
  userId: string,
  after: Position,
  limit: number,
): Promise<InboxSnapshot> {
  const { signals: resumed } = after
  const afterId = resumed?.afterId ?? ''
  const [row] = await sql.query<SnapshotRow>(snapshotAfter, [
    userId,
    after.streamSeq,
    limit + 1,
    after.horizon,
    afterId,
  ])
  if (!row) throw new Error('The snapshot is one row.')

  const entries = row.entries.slice(0, limit)
  const last = entries.at(-1)
  if (row.entries.length > limit && last)
    return {
      entries,
      signalIds: [],
      undelivered: [],
      position: { ...after, streamSeq: last.streamSeq },
      hasMore: true,
    }

  const signalIds = row.signals.slice(0, limit)
  const horizon = resumed?.horizon ?? row.horizon
  const lastId = signalIds.at(-1)
  const hasMore = row.signals.length > limit
  const signals = hasMore && lastId ? { signals: { afterId: lastId, horizon } } : {}
  return {
    entries,
    signalIds,
    undelivered: row.undelivered,
    position: { streamSeq: row.head, horizon: hasMore ? after.horizon : horizon, ...signals },
    hasMore,
  }
}
