import { z } from 'zod'
import { type Context, requireViewer } from '../../context.ts'
import { invalidInput } from '../../errors.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { check } from '../../platform/validation.ts'
import { type Tx, withTransaction } from '../../transaction.ts'
import { decodeCursor, otherHistory, type Position } from '../position.ts'
import { checkCursor } from '../snapshot.ts'

const streamIdSchema = z.string().regex(/^[\x20-\x7e]{1,64}$/, 'must be 1 to 64 printable ASCII characters')

/** The reader of a session that is meant: one that was named, such as a browser tab, or the session itself. */
function streamOf(streamId: string | null | undefined): string {
  return streamId === null || streamId === undefined ? '' : check(streamIdSchema, streamId, 'streamId')
}

/** Where a reader said it has come to; null when it never said. */
export async function acknowledged(
  sql: Sql,
  sessionId: string,
  streamId: string | null | undefined,
): Promise<Position | null> {
  const [row] = await sql.query<Position>(
    `select stream_seq as "streamSeq", tick, (extract(epoch from since) * 1000)::bigint as since from acknowledgement
     where session_id = $1 and stream_id = $2`,
    [sessionId, streamOf(streamId)],
  )
  return row ?? null
}

// Only forward: of two acknowledgements that overtake each other the later position stays.
const advance = `
  insert into acknowledgement (session_id, stream_id, stream_seq, tick, since)
  values ($1, $2, $3, $4, to_timestamp($5::float8 / 1000))
  on conflict (session_id, stream_id) do update
    set stream_seq = excluded.stream_seq, tick = excluded.tick, since = excluded.since, acknowledged_at = now()
    where (acknowledgement.stream_seq, acknowledgement.tick, acknowledgement.since)
        < (excluded.stream_seq, excluded.tick, excluded.since)
  returning xmax = 0 as added`

// A session has few readers at a time; the ones that acknowledged longest ago make room for new ones.
const streamsPerSession = 32
const dropOldest = `
  delete from acknowledgement where session_id = $1 and stream_id in (
    select stream_id from acknowledgement where session_id = $1 and stream_id <> $2
    order by acknowledged_at desc, stream_id offset ${streamsPerSession - 1})`

/** Keeps the position of a reader. */
async function keep(
  sql: Sql,
  note: [sessionId: string, streamId: string, ...position: unknown[]],
): Promise<void> {
  const [row] = await sql.query<{ added: boolean }>(advance, note)
  if (row?.added) await sql.query(dropOldest, note.slice(0, 2))
}

// An entry that has moved on says nothing yet: what moved it comes with a later acknowledgement.
const reached = `
  select d.conversation_id as "conversationId", d.max_seq as "deliveredSeq"
  from inbox_entry e
  join conversation c on c.id = e.subject_id and c.kind = 'DIRECT'
  join delivery d on d.conversation_id = c.id
  join membership m on m.conversation_id = c.id and m.user_id = e.user_id and m.delivered_seq < d.max_seq
  where e.user_id = $1 and e.kind = 'messages' and e.stream_seq <= $4
    and e.stream_seq > coalesce(
      (select stream_seq from acknowledgement where session_id = $2 and stream_id = $3), 0)`

const deliver = `
  with held as (
    select conversation_id from membership where user_id = $1 and conversation_id = any($2::text[])
    order by conversation_id for no key update
  )
  update membership m set delivered_seq = r.delivered_seq
  from held
  join unnest($2::text[], $3::integer[]) as r (conversation_id, delivered_seq) using (conversation_id)
  join membership p on p.conversation_id = r.conversation_id and p.user_id <> $1
  where m.conversation_id = r.conversation_id and m.user_id = $1 and m.delivered_seq < r.delivered_seq
  returning m.conversation_id as "conversationId", p.user_id as "peerId",
    m.delivered_seq > m.read_seq
      or (select not bool_and(u.read_receipts) from "user" u where u.id in ($1, p.user_id)) as shows`

interface Reached {
  conversationId: string
  deliveredSeq: number
}

/** What this device has now was delivered; the peers of direct conversations are told, where it shows. */
async function deliverTo(tx: Tx, userId: string, due: Reached[]): Promise<void> {
  const delivered = await tx.sql.query<{ conversationId: string; peerId: string; shows: boolean }>(deliver, [
    userId,
    due.map((each) => each.conversationId),
    due.map((each) => each.deliveredSeq),
  ])
  for (const { conversationId, peerId, shows } of delivered)
    if (shows) tx.announce({ userId: peerId, kind: 'delivered', subjectId: conversationId })
}

/** Notes that this reader has everything up to a cursor, so that it goes on from there. */
export async function acknowledge(
  ctx: Context,
  cursor: string,
  streamId: string | null | undefined,
): Promise<boolean> {
  const viewer = requireViewer(ctx)
  const { userId, sessionId } = viewer
  const stream = streamOf(streamId)
  const given = decodeCursor(userId, cursor)
  if ('reason' in given) throw invalidInput({ path: 'cursor', message: given.reason })
  const { valid } = await checkCursor(ctx.sql, userId, given)
  if (!valid) throw invalidInput({ path: 'cursor', message: otherHistory })
  const { position } = given
  const note: Parameters<typeof keep>[1] = [
    sessionId,
    stream,
    position.streamSeq,
    position.tick,
    position.since,
  ]

  const due = await ctx.sql.query<Reached>(reached, [userId, sessionId, stream, position.streamSeq])
  if (due.length === 0) await keep(ctx.sql, note)
  else
    await withTransaction(ctx, async (tx) => {
      await deliverTo(tx, userId, due)
      await keep(tx.sql, note)
    })
  ctx.inbox.acknowledged(viewer, stream, position)
  return true
}
