import { type Context, requireViewer } from '../../context.ts'
import { notFound } from '../../errors.ts'
import { check } from '../../platform/validation.ts'
import { withTransaction } from '../../transaction.ts'
import { lockMessage, type MessageRow, readMessage, touchMessage } from '../store.ts'
import { emojiSchema } from './emoji.ts'
import { countReactions } from './store.ts'

const remove = `
  delete from reaction where conversation_id = $1 and seq = $2 and emoji = $3 and user_id = $4 returning version`

/** Removes a reaction of the viewer; allowed also for users who may no longer react. */
export async function removeReaction(ctx: Context, messageId: string, emoji: string): Promise<MessageRow> {
  const { userId } = requireViewer(ctx)
  const wanted = check(emojiSchema, emoji, 'input.emoji')
  const seen = await readMessage(ctx, messageId)
  if (!seen) throw notFound('message')
  if (!(await countReactions(ctx.sql, seen, userId, wanted)).mine) return seen

  return withTransaction(ctx, async (tx) => {
    const { message } = await lockMessage(tx.sql, ctx, messageId)
    const { conversationId, seq } = message
    const removed = await tx.sql.query(remove, [conversationId, seq, wanted, userId])
    if (removed.length === 0) return message

    return touchMessage(tx, message)
  })
}
