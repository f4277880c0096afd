import { type Context, requireViewer } from '../context.ts'
import { withTransaction } from '../platform/db/transaction.ts'
import { recallRefusal } from './policy.ts'
import { lockMessage, type MessageRow, rewriteMessage } from './store.ts'

/** Takes a message back for everyone: its number stays, its content and mentions go. */
export async function recallMessage(ctx: Context, messageId: string): Promise<MessageRow> {
  const viewer = requireViewer(ctx)
  const recalled = await withTransaction(ctx, async (tx) => {
    const { message, membership } = await lockMessage(tx.sql, ctx, messageId)
    if (message.recalledAt) return message

    const refusal = recallRefusal(message, membership, ctx.config)
    if (refusal) throw refusal

    tx.afterCommit(ctx.wakeDelivery)
    return rewriteMessage(tx.sql, message, {
      kind: message.kind,
      content: {},
      recalledById: viewer.userId,
      mentions: [],
    })
  })
  ctx.inbox.outdated(recalled.conversationId, recalled.version)
  return recalled
}
