import { lockAccount, type UserRow } from '../../account/store.ts'
import { type Context, requireViewer } from '../../context.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { withTransaction } from '../../transaction.ts'

const update = `update "user" set read_receipts = $2 where id = $1`

const directConversations = `
  select c.id, p.user_id as "peerId"
  from membership m
  join conversation c on c.id = m.conversation_id and c.kind = 'DIRECT'
  join membership p on p.conversation_id = c.id and p.user_id <> m.user_id
  where m.user_id = $1
    and not exists (select from block b where b.blocker_id = m.user_id and b.blocked_id = p.user_id)`

/**
 * Turns read receipts between the viewer and others on or off, in both directions. Users whom the viewer blocks see no
 * change.
 */
export async function setReadReceipts(ctx: Context, enabled: boolean): Promise<UserRow> {
  const { userId } = requireViewer(ctx)

  return withTransaction(ctx, async (tx) => {
    const user = await lockAccount(tx.sql, userId)
    if (user.readReceipts === enabled) return user

    await tx.sql.query(update, [userId, enabled])
    tx.announce({ userId, kind: 'me', subjectId: userId })
    // Both members now see a different position of each other.
    for (const { id, peerId } of await directConversationsOf(tx.sql, userId))
      tx.announce(
        { userId, kind: 'conversation', subjectId: id },
        { userId: peerId, kind: 'conversation', subjectId: id },
      )
    await ctx.hooks.run('readReceiptsChanged', tx, { userId })
    return { ...user, readReceipts: enabled }
  })
}

const directConversationsOf = (sql: Sql, userId: string) =>
  sql.query<{ id: string; peerId: string }>(directConversations, [userId])
