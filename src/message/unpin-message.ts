import { type Context, requireViewer } from '../context.ts'
import { reviseConversation } from '../conversation/store.ts'
import { withTransaction } from '../platform/db/transaction.ts'
import { holdUpRefusal, sendFacts } from './send-facts.ts'
import { lockMessage, type MessageRow } from './store.ts'

const remove = `delete from pin where conversation_id = $1 and seq = $2 returning seq`

/** Takes a message down again; the history keeps that it was pinned. */
export async function unpinMessage(ctx: Context, messageId: string): Promise<MessageRow> {
  const { userId } = requireViewer(ctx)

  return withTransaction(ctx, async (tx) => {
    const { message } = await lockMessage(tx.sql, ctx, messageId)
    const { conversationId, seq } = message
    const sender = { conversationId, senderId: userId }
    const facts = await sendFacts(tx.sql, [sender])
    const refusal = holdUpRefusal(facts(sender), ctx.config)
    if (refusal) throw refusal

    const removed = await tx.sql.query(remove, [conversationId, seq])
    if (removed.length === 0) return message
    await reviseConversation(tx.sql, conversationId)
    tx.afterCommit(ctx.wakeDelivery)
    return message
  })
}
