import type { Sql } from '../platform/db/sql.ts'
import { defineLoader } from '../platform/loader.ts'
import { type PairKey, pairParams, pairs, pairText } from './store.ts'

/** A block of `peerId` by `userId`, with what the blocked user sees of the blocker since then. */
export interface BlockRow extends PairKey {
  /** Read position in their direct conversation; null if the blocker had read receipts disabled. */
  readSeq: number | null
  deliveredSeq: number
}

export const loadBlock = defineLoader<PairKey, BlockRow>(
  (sql, keys) =>
    sql.query(
      `select k.user_id as "userId", k.peer_id as "peerId", b.read_seq as "readSeq",
              b.delivered_seq as "deliveredSeq"
       from ${pairs} join block b on b.blocker_id = k.user_id and b.blocked_id = k.peer_id`,
      pairParams(keys),
    ),
  pairText,
  pairText,
)

/** Those of the users whom a user blocks. */
export async function blockedAmong(sql: Sql, userId: string, peerIds: string[]): Promise<Set<string>> {
  const rows = await sql.query<{ id: string }>(
    `select blocked_id as id from block where blocker_id = $1 and blocked_id = any($2::text[])`,
    [userId, peerIds],
  )
  return new Set(rows.map(({ id }) => id))
}
