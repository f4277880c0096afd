import { viewerLimitKeys } from '../../auth/limit-viewer.ts'
import { type Context, requireViewer } from '../../context.ts'
import { check } from '../../platform/validation.ts'
import { withTransaction } from '../../transaction.ts'
import { loadSendPermission, reactRefusal } from '../send/permission.ts'
import { lockMessage, type MessageRow, touchMessage } from '../store.ts'
import { emojiSchema } from './emoji.ts'
import { reactionTargetRefusal } from './policy.ts'
import { countReactions } from './store.ts'

const insert = `
  insert into reaction (conversation_id, seq, emoji, user_id, version) values ($1, $2, $3, $4, $5)`

/** Adds a reaction; idempotent. */
export async function addReaction(ctx: Context, messageId: string, emoji: string): Promise<MessageRow> {
  const { userId } = requireViewer(ctx)
  const wanted = check(emojiSchema, emoji, 'input.emoji')
  // All members are notified of a reaction, as of a message.
  const tooFast = ctx.messages.limits.paceRefusal(viewerLimitKeys(ctx))
  if (tooFast) throw tooFast

  return withTransaction(ctx, async (tx) => {
    let mine = false
    const { message } = await lockMessage(tx.sql, ctx, messageId, async (sql, found) => {
      const facts = await loadSendPermission(sql, found.message.conversationId, userId)
      const present = await countReactions(sql, found.message, userId, wanted)
      mine = present.mine
      const refusal =
        reactRefusal(facts, ctx.config) ?? reactionTargetRefusal(found.message, present, ctx.config)
      if (refusal && !mine) throw refusal
    })
    if (mine) return message

    const { conversationId, seq } = message
    const touched = await touchMessage(tx, message)
    await tx.sql.query(insert, [conversationId, seq, wanted, userId, touched.version])
    return touched
  })
}
