import { type Context, requireViewer } from '../../context.ts'
import { bumpSettingsVersion } from '../../conversation/store.ts'
import { withTransaction } from '../../transaction.ts'
import { loadSendPermission, pinRefusal } from '../send/permission.ts'
import { lockMessage, type MessageRow } from '../store.ts'

const remove = `delete from pin where conversation_id = $1 and seq = $2 returning seq`

/** Unpins a message; the system message of the pin stays. */
export async function unpinMessage(ctx: Context, messageId: string): Promise<MessageRow> {
  const { userId } = requireViewer(ctx)

  return withTransaction(ctx, async (tx) => {
    const { message } = await lockMessage(tx.sql, ctx, messageId, async (sql, found) => {
      const facts = await loadSendPermission(sql, found.message.conversationId, userId)
      const refusal = pinRefusal(facts, ctx.config)
      if (refusal) throw refusal
    })
    const { conversationId, seq } = message

    const removed = await tx.sql.query(remove, [conversationId, seq])
    if (removed.length === 0) return message
    await bumpSettingsVersion(tx, conversationId)
    return message
  })
}
