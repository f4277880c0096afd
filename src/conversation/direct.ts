import type { Sql } from '../platform/db/sql.ts'
import { lockConversationRow } from './lock.ts'

/** The id of the direct conversation of two users, in either order. */
export function directConversationId(one: string, other: string): string {
  const [lower, higher] = one < other ? [one, other] : [other, one]
  return `single_${lower}_${higher}`
}

/** The other user of a direct conversation; null if it is none, or not the viewer's. */
export function peerOf(conversationId: string, viewerId: string): string | null {
  const [prefix, lower, higher] = conversationId.split('_')
  if (prefix !== 'single' || !lower || !higher) return null
  if (lower === viewerId) return higher
  return higher === viewerId ? lower : null
}

/** Creates the direct conversation of two users if it does not exist, and locks it. Both see it from its first message on. */
export async function ensureDirectConversation(sql: Sql, one: string, other: string) {
  const id = directConversationId(one, other)
  const inserted = await sql.query(
    `insert into conversation (id, kind, member_count) values ($1, 'DIRECT', 2) on conflict do nothing returning id`,
    [id],
  )
  const created = inserted.length > 0
  if (created) {
    await sql.query(`insert into membership (conversation_id, user_id) select $1, unnest($2::text[])`, [
      id,
      [one, other],
    ])
    await sql.query(`insert into delivery (conversation_id) values ($1)`, [id])
  } else {
    await lockConversationRow(sql, id)
  }
  return { id, created }
}
