import type { Context } from '../../context.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { defineLoader, lookUpExisting } from '../../platform/loader.ts'
import { type MessagePosition, type MessageRow, readMessageAt } from '../store.ts'

const loadPins = defineLoader<string, { conversationId: string; seqs: number[] }>(
  (sql, conversationIds) =>
    sql.query(
      `select conversation_id as "conversationId", array_agg(seq order by revision desc) as seqs
       from pin where conversation_id = any($1) group by conversation_id`,
      [conversationIds],
    ),
  (row) => row.conversationId,
)

/** The pinned messages that the viewer may read, newest pin first. */
export async function readPinned(ctx: Context, conversationId: string): Promise<MessageRow[]> {
  const seqs = (await loadPins(ctx, conversationId))?.seqs ?? []
  return lookUpExisting(seqs, (seq) => readMessageAt(ctx, { conversationId, seq }))
}

export interface PinCounts {
  pinned: boolean
  pinCount: number
}

/** Whether the message is pinned, and the number of pins. Requires the conversation's lock. */
export async function countPins(sql: Sql, { conversationId, seq }: MessagePosition): Promise<PinCounts> {
  const [facts] = await sql.query<PinCounts>(
    `select coalesce(bool_or(seq = $2), false) as pinned, count(*)::integer as "pinCount"
     from pin where conversation_id = $1`,
    [conversationId, seq],
  )
  return facts as PinCounts
}
