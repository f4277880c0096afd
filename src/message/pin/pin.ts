import { type Context, requireViewer } from '../../context.ts'
import { bumpSettingsVersion } from '../../conversation/store.ts'
import { appendSystemMessage } from '../../conversation/system-message.ts'
import { withTransaction } from '../../transaction.ts'
import { loadSendPermission, pinRefusal } from '../send/permission.ts'
import { lockMessage, type MessageRow } from '../store.ts'
import { pinCountRefusal, pinTargetRefusal } from './policy.ts'
import { countPins } from './store.ts'

const insert = `
  insert into pin (conversation_id, seq, pinned_by_id, revision) values ($1, $2, $3, $4)`

/** Pins a message for everyone in the conversation, and appends a system message. */
export async function pinMessage(ctx: Context, messageId: string): Promise<MessageRow> {
  const { userId } = requireViewer(ctx)

  return withTransaction(ctx, async (tx) => {
    const { message } = await lockMessage(tx.sql, ctx, messageId, async (sql, found) => {
      const facts = await loadSendPermission(sql, found.message.conversationId, userId)
      const refusal = pinRefusal(facts, ctx.config) ?? pinTargetRefusal(found.message)
      if (refusal) throw refusal
    })
    const { conversationId, seq } = message
    const { pinned, pinCount } = await countPins(tx.sql, message)
    if (pinned) return message
    const tooMany = pinCountRefusal(pinCount, ctx.config)
    if (tooMany) throw tooMany

    await appendSystemMessage(tx, conversationId, {
      event: 'MESSAGE_PINNED',
      actorId: userId,
      quoteSeq: seq,
    })
    const revision = await bumpSettingsVersion(tx, conversationId)
    await tx.sql.query(insert, [conversationId, seq, userId, revision])
    return message
  })
}
