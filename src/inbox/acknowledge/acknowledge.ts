import { z } from 'zod'
import { blockedAmong } from '../../contact/blocks.ts'
import { type Context, requireViewer } from '../../context.ts'
import { invalidInput } from '../../errors.ts'
import { arrayOf } from '../../platform/db/columns.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { gather } from '../../platform/loader.ts'
import { check, checkAll } from '../../platform/validation.ts'
import { type Tx, withTransaction } from '../../transaction.ts'
import { isCurrent } from '../entries.ts'
import { decodeCursor, latestTick, otherHistory, type Position, Reached } from '../position.ts'
import { checkCursor } from '../snapshot.ts'

const streamIdSchema = z.string().regex(/^[\x20-\x7e]{1,64}$/, 'must be 1 to 64 printable ASCII characters')

/** The reader of a session: a named one, such as a browser tab, or the session itself. */
function streamOf(streamId: string | null | undefined, path: string): string {
  return streamId === null || streamId === undefined ? '' : check(streamIdSchema, streamId, path)
}

function readCursor(userId: string, cursor: string) {
  const given = decodeCursor(userId, cursor)
  if ('reason' in given) throw invalidInput({ path: 'input.cursor', message: given.reason })
  return given
}

interface StoredPosition extends Omit<Position, 'broadcasts' | 'signals'> {
  broadcastTick: number
  broadcasts: Record<string, [seq: number, version: number]>
}

const positionsOf = gather(async (sql: Sql, readers: readonly { sessionId: string; stream: string }[]) => {
  const rows = await sql.query<StoredPosition & { place: number }>(
    `select a.stream_seq as "streamSeq", a.tick, (extract(epoch from a.since) * 1000)::bigint as since,
            a.broadcast_tick as "broadcastTick", a.broadcasts, k.place
     from unnest(${arrayOf(1, 'text')}, ${arrayOf(2, 'text')}) with ordinality as k (session_id, stream_id, place)
     join acknowledgement a on a.session_id = k.session_id and a.stream_id = k.stream_id`,
    [readers.map(({ sessionId }) => sessionId), readers.map(({ stream }) => stream)],
  )
  const found = new Map(rows.map((row) => [row.place, positionOf(row)]))
  return readers.map((_reader, index) => found.get(index + 1) ?? null)
})

function positionOf({ streamSeq, tick, since, broadcastTick, broadcasts }: StoredPosition): Position {
  const reached = Object.entries(broadcasts).map(([id, [seq, version]]) => new Reached(id, seq, version))
  return {
    ...{ streamSeq, tick, since },
    ...(broadcastTick > tick && { broadcasts: { tick: broadcastTick, reached } }),
  }
}

/** The position that a reader has acknowledged; null if none. */
export async function acknowledged(
  sql: Sql,
  sessionId: string,
  streamId: string | null | undefined,
): Promise<Position | null> {
  return positionsOf(sql, { sessionId, stream: streamOf(streamId, 'streamId') })
}

// Only forward: acknowledgements may arrive out of order. Deliveries of one tick have no order.
const advance = `
  insert into acknowledgement (session_id, stream_id, stream_seq, tick, since, broadcast_tick, broadcasts)
  values ($1, $2, $3, $4, to_timestamp($5::float8 / 1000), $6, $7)
  on conflict (session_id, stream_id) do update
    set stream_seq = excluded.stream_seq, tick = excluded.tick, since = excluded.since,
        broadcast_tick = excluded.broadcast_tick, broadcasts = excluded.broadcasts, acknowledged_at = now()
    where (acknowledgement.stream_seq, acknowledgement.tick, acknowledgement.since, acknowledgement.broadcast_tick)
        < (excluded.stream_seq, excluded.tick, excluded.since, excluded.broadcast_tick)
      or (acknowledgement.stream_seq, acknowledgement.tick, acknowledgement.since, acknowledgement.broadcast_tick)
        = (excluded.stream_seq, excluded.tick, excluded.since, excluded.broadcast_tick)
      and acknowledgement.broadcasts <> excluded.broadcasts
  returning xmax = 0 as added`

// A session has few readers at a time; a new one replaces the one that acknowledged longest ago.
const streamsPerSession = 32
const dropOldest = `
  delete from acknowledgement where session_id = $1 and stream_id in (
    select stream_id from acknowledgement where session_id = $1 and stream_id <> $2
    order by acknowledged_at desc, stream_id offset ${streamsPerSession - 1})`

/** Stores the position of a reader. */
async function storePosition(
  sql: Sql,
  values: [sessionId: string, streamId: string, ...position: unknown[]],
): Promise<void> {
  const [row] = await sql.query<{ added: boolean }>(advance, values)
  if (row?.added) await sql.query(dropOldest, values.slice(0, 2))
}

// An entry with a later number is not delivered yet; a later acknowledgement covers it.
const newlyDelivered = `
  with a as materialized (
    select coalesce((select stream_seq from acknowledgement where session_id = $2 and stream_id = $3), 0) as seq
  ), e as materialized (
    select e.subject_id from a cross join lateral (
      select subject_id from inbox_entry
      where user_id = $1 and kind = 'messages' and ${isCurrent('$1')} and stream_page between a.seq / 256 and $4::integer / 256
        and seq > a.seq and seq <= $4
      union all
      select messages_of from user_stream where user_id = $1 and messages_seq > a.seq and messages_seq <= $4
    ) e
  )
  select c.id as "conversationId", d.max_seq as "deliveredSeq"
  from e
  cross join lateral (select id from conversation where id = e.subject_id and kind = 'DIRECT' limit 1) c
  cross join lateral (select max_seq from delivery where conversation_id = c.id limit 1) d
  cross join lateral (
    select from membership where conversation_id = c.id and user_id = $1 and delivered_seq < d.max_seq limit 1
  ) m`

const advanceDeliveredSeq = `
  with locked as (
    select conversation_id from membership where user_id = $1 and conversation_id = any($2::text[])
    order by conversation_id for no key update
  )
  update membership m set delivered_seq = r.delivered_seq
  from locked
  join unnest($2::text[], $3::integer[]) as r (conversation_id, delivered_seq) using (conversation_id)
  join membership p on p.conversation_id = r.conversation_id and p.user_id <> $1
  where m.conversation_id = r.conversation_id and m.user_id = $1 and m.delivered_seq < r.delivered_seq
  returning m.conversation_id as "conversationId", p.user_id as "peerId",
    m.delivered_seq > m.read_seq
      or (select not bool_and(u.read_receipts) from "user" u where u.id in ($1, p.user_id)) as shows`

interface NewlyDelivered {
  conversationId: string
  deliveredSeq: number
}

/** Advances the delivered positions, and announces them to the peers of direct conversations that may see them. */
async function advanceDelivered(tx: Tx, userId: string, reached: NewlyDelivered[]): Promise<void> {
  const advanced = await tx.sql.query<{ conversationId: string; peerId: string; shows: boolean }>(
    advanceDeliveredSeq,
    [userId, reached.map((each) => each.conversationId), reached.map((each) => each.deliveredSeq)],
  )
  const peerIds = advanced.filter(({ shows }) => shows).map(({ peerId }) => peerId)
  // In a statement of its own, which sees a block that was committed while this one waited for the memberships.
  const blocked = peerIds.length > 0 ? await blockedAmong(tx.sql, userId, peerIds) : null
  for (const { conversationId, peerId, shows } of advanced)
    if (shows && !blocked?.has(peerId))
      tx.announce({ userId: peerId, kind: 'delivered', subjectId: conversationId })
}

/** Stores that this reader has everything up to a cursor, so that its next stream starts there. */
export async function acknowledge(
  ctx: Context,
  cursor: string,
  streamId: string | null | undefined,
): Promise<void> {
  const viewer = requireViewer(ctx)
  const { userId, sessionId } = viewer
  const [stream, given] = checkAll(
    () => streamOf(streamId, 'input.streamId'),
    () => readCursor(userId, cursor),
  )
  const { valid } = await checkCursor(ctx.sql, userId, given)
  if (!valid) throw invalidInput({ path: 'input.cursor', message: otherHistory })
  const { position } = given
  const reached = (position.broadcasts?.reached ?? []).map(({ conversationId, seq, version }) => [
    conversationId,
    [seq, version],
  ])
  const values: Parameters<typeof storePosition>[1] = [
    sessionId,
    stream,
    position.streamSeq,
    position.tick,
    position.since,
    latestTick(position),
    JSON.stringify(Object.fromEntries(reached)),
  ]

  const delivered = await ctx.sql.query<NewlyDelivered>(newlyDelivered, [
    userId,
    sessionId,
    stream,
    position.streamSeq,
  ])
  if (delivered.length === 0) await storePosition(ctx.sql, values)
  else
    await withTransaction(ctx, async (tx) => {
      await advanceDelivered(tx, userId, delivered)
      await storePosition(tx.sql, values)
    })
  ctx.inbox.acknowledged(viewer, stream, position)
}
