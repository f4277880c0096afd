import type { Sql } from '../../platform/db/sql.ts'
import type { PairKey } from '../store.ts'

const lockPositions = `
  select from membership where conversation_id = $1 and user_id = $2 for no key update`

// An invisible blocker was not seen at this moment.
const insert = `
  insert into block (blocker_id, blocked_id, read_seq, delivered_seq, seen_at)
  select u.id, $2, case when u.read_receipts then coalesce(m.read_seq, 0) end, coalesce(m.delivered_seq, 0),
         case when p.invisible then p.last_seen_at else date_trunc('minute', now()) end
  from "user" u
  left join membership m on m.conversation_id = $3 and m.user_id = u.id
  left join presence p on p.user_id = u.id
  where u.id = $1`

/**
 * Stores a block with the positions at this moment. Requires the lock of the pair. The lock on the membership waits for
 * a read position that is being written; a later one finds the block.
 */
export async function insertBlock(sql: Sql, pair: PairKey, conversationId: string): Promise<void> {
  await sql.query(lockPositions, [conversationId, pair.userId])
  await sql.query(insert, [pair.userId, pair.peerId, conversationId])
}

const remove = `
  delete from block b using "user" u
  left join membership m on m.conversation_id = $3 and m.user_id = u.id
  where u.id = $1 and b.blocker_id = $1 and b.blocked_id = $2
  returning m.user_id is not null and (
    b.delivered_seq <> m.delivered_seq
    or b.read_seq is distinct from case when u.read_receipts then m.read_seq end) as moved`

/** Removes a block. The result tells whether the blocked user now sees other positions. */
export async function deleteBlock(sql: Sql, pair: PairKey, conversationId: string): Promise<boolean> {
  await sql.query(lockPositions, [conversationId, pair.userId])
  const [row] = await sql.query<{ moved: boolean }>(remove, [pair.userId, pair.peerId, conversationId])
  return row?.moved ?? false
}
