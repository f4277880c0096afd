import { type Context, requireViewer } from '../../context.ts'
import { bumpSettingsVersion } from '../../conversation/store.ts'
import { releaseMediaOfMessage } from '../../media/release.ts'
import type { Tx } from '../../transaction.ts'
import { mentionsIn } from '../content/read.ts'
import { type MessageRow, rewriteMessage } from '../store.ts'
import { announceMentions } from './mentions.ts'
import { moderatorRecallRefusal } from './policy.ts'
import { announceUnread } from './unread.ts'

const dropTraces = `
  with reactions as (
    delete from reaction where conversation_id = $1 and seq = $2
  ), revisions as (
    delete from message_revision where conversation_id = $1 and seq = $2
  )
  delete from pin where conversation_id = $1 and seq = $2 returning seq`

/**
 * Erases a message for everyone: content, mentions, reactions, earlier texts, media and pin are removed; its number stays.
 * Requires the conversation's lock.
 */
export async function eraseMessage(
  ctx: Context,
  tx: Tx,
  message: MessageRow,
  recalledById: string,
): Promise<MessageRow> {
  const { kind, conversationId, seq } = message
  const unpinned = await tx.sql.query(dropTraces, [conversationId, seq])
  if (unpinned.length > 0) await bumpSettingsVersion(tx, conversationId)
  await announceMentions(tx, message, mentionsIn(message), [])
  await announceUnread(tx, message)
  const recalled = await rewriteMessage(tx, message, { kind, content: {}, recalledById, mentions: [] })
  await releaseMediaOfMessage(tx.sql, message)
  const { version } = recalled
  await ctx.hooks.run('messageErased', tx, { messageId: message.id, conversationId, version })
  return recalled
}

/** Erases a message of any user and age as a moderator, and records it in the audit trail. */
export async function eraseAsModerator(ctx: Context, tx: Tx, message: MessageRow): Promise<MessageRow> {
  const { userId } = requireViewer(ctx)
  const refusal = moderatorRecallRefusal(message)
  if (refusal) throw refusal
  const { id, conversationId, seq, senderId } = message
  await ctx.hooks.run('moderatorRecalled', tx, {
    moderatorId: userId,
    messageId: id,
    conversationId,
    seq,
    senderId,
  })
  return eraseMessage(ctx, tx, message, userId)
}
