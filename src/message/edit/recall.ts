import { isModerator } from '../../account/moderators.ts'
import { type Context, requireViewer } from '../../context.ts'
import { notFound } from '../../errors.ts'
import { withTransaction } from '../../platform/db/transaction.ts'
import { recallRefusal } from '../policy.ts'
import { lockAnyMessage, lockMessage, type MessageRow } from '../store.ts'
import { takeBack, takeBackAsModerator } from './erase.ts'

/** Takes a message back for everyone; what a moderator takes back by that right alone goes into the audit trail. */
export async function recallMessage(ctx: Context, messageId: string): Promise<MessageRow> {
  const viewer = requireViewer(ctx)
  const moderator = await isModerator(ctx, viewer.userId)

  return withTransaction(ctx, async (tx) => {
    const { message, membership } = moderator
      ? await lockAnyMessage(tx.sql, viewer, messageId)
      : await lockMessage(tx.sql, ctx, messageId)
    if (message.recalledAt) return message

    const refusal = membership ? recallRefusal(message, membership, ctx.config) : notFound('message')
    if (!refusal) return takeBack(ctx, tx, message, viewer.userId)
    if (!moderator) throw refusal
    return takeBackAsModerator(ctx, tx, message)
  })
}
