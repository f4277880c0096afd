import type { Services } from '../../context.ts'
import { loadSendPermission, sendRefusal } from '../../message/send/permission.ts'
import type { Sql } from '../../platform/db/sql.ts'

/** Whether it is told at all that somebody types in a conversation: where they may send. */
export async function mayType(
  { sql, config }: Pick<Services, 'sql' | 'config'>,
  conversationId: string,
  userId: string,
): Promise<boolean> {
  return sendRefusal(await loadSendPermission(sql, conversationId, userId), config) === null
}

// Nobody hears of somebody they block, or who blocks them; and who is invisible is not seen typing.
const audienceOf = `
  select p.user_id as "userId" from membership p
  where p.conversation_id = $1 and p.user_id <> $2
    and not exists (
      select from block b where (b.blocker_id, b.blocked_id) in ((p.user_id, $2), ($2, p.user_id)))
    and not exists (select from presence x where x.user_id = $2 and x.invisible)`

/** Who hears that somebody types in a conversation of theirs. */
export async function typingAudience(sql: Sql, conversationId: string, userId: string): Promise<string[]> {
  const rows = await sql.query<{ userId: string }>(audienceOf, [conversationId, userId])
  return rows.map((row) => row.userId)
}
