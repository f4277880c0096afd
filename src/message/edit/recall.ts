import { isModerator } from '../../account/moderators.ts'
import { type Context, requireViewer } from '../../context.ts'
import { withTransaction } from '../../transaction.ts'
import { lockAnyMessage, lockMessage, type MessageRow, type ReadableMessage } from '../store.ts'
import { eraseAsModerator, eraseMessage } from './erase.ts'
import { recallRefusal } from './policy.ts'

/** Recalls a message for everyone. The audit trail records a recall that only a moderator may do. */
export async function recallMessage(ctx: Context, messageId: string): Promise<MessageRow> {
  const viewer = requireViewer(ctx)
  const moderator = await isModerator(ctx, viewer.userId)

  return withTransaction(ctx, async (tx) => {
    const own = ({ message, membership }: ReadableMessage) =>
      message.recalledAt ? null : recallRefusal(message, membership, ctx.config)
    if (moderator) {
      const { message, membership } = await lockAnyMessage(tx.sql, viewer, messageId)
      if (message.recalledAt) return message
      if (!membership || own({ message, membership })) return eraseAsModerator(ctx, tx, message)
      return eraseMessage(ctx, tx, message, viewer.userId)
    }
    const { message } = await lockMessage(tx.sql, ctx, messageId, (_sql, found) => {
      const refusal = own(found)
      if (refusal) throw refusal
    })
    return message.recalledAt ? message : eraseMessage(ctx, tx, message, viewer.userId)
  })
}
