import type { Services } from '../../context.ts'
import { loadSendPermission, sendRefusal } from '../../message/send/permission.ts'
import type { Sql } from '../../platform/db/sql.ts'

/** Whether the user's typing is published: only if they may send in the conversation. */
export async function mayType(
  { sql, config }: Pick<Services, 'sql' | 'config'>,
  conversationId: string,
  userId: string,
): Promise<boolean> {
  return sendRefusal(await loadSendPermission(sql, conversationId, userId), config) === null
}

// Not to users with a block in either direction, and never of an invisible user.
const recipientsOf = `
  select p.user_id as "userId" from membership p
  where p.conversation_id = $1 and p.user_id <> $2
    and not exists (
      select from block b where (b.blocker_id, b.blocked_id) in ((p.user_id, $2), ($2, p.user_id)))
    and not exists (select from presence x where x.user_id = $2 and x.invisible)`

/** The members who may see the user typing in a conversation. */
export async function typingRecipients(sql: Sql, conversationId: string, userId: string): Promise<string[]> {
  const rows = await sql.query<{ userId: string }>(recipientsOf, [conversationId, userId])
  return rows.map((row) => row.userId)
}
