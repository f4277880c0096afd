import { z } from 'zod'
import { type Context, requireViewer } from '../context.ts'
import { invalidInput } from '../errors.ts'
import type { Sql } from '../platform/db/sql.ts'
import { check } from '../platform/validation.ts'
import { decodeCursor, type Position } from './position.ts'

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
    `select stream_seq as "streamSeq", horizon::float8 as horizon from acknowledgement
     where session_id = $1 and stream_id = $2`,
    [sessionId, streamOf(streamId)],
  )
  return row ?? null
}

// Only forward: of two acknowledgements that overtake each other the later position stays.
const advance = `
  insert into acknowledgement (session_id, stream_id, stream_seq, horizon) values ($1, $2, $3, $4)
  on conflict (session_id, stream_id) do update
    set stream_seq = excluded.stream_seq, horizon = excluded.horizon, acknowledged_at = now()
    where (acknowledgement.stream_seq, acknowledgement.horizon) < (excluded.stream_seq, excluded.horizon)`

/** Notes that this reader has everything up to a cursor, so that it goes on from there. */
export async function acknowledge(
  ctx: Context,
  cursor: string,
  streamId: string | null | undefined,
): Promise<boolean> {
  const viewer = requireViewer(ctx)
  const position = decodeCursor({ userId: viewer.userId, epoch: ctx.inbox.epoch }, cursor)
  if ('reason' in position) throw invalidInput({ path: 'cursor', message: position.reason })
  await ctx.sql.query(advance, [viewer.sessionId, streamOf(streamId), position.streamSeq, position.horizon])
  return true
}
