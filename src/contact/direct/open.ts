import { type Context, requireViewer } from '../../context.ts'
import { directConversationId, ensureDirectConversation } from '../../conversation/direct.ts'
import { type ConversationRow, requireConversation, visibleConversation } from '../../conversation/store.ts'
import { invalidInput } from '../../errors.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { withTransaction } from '../../transaction.ts'
import { limitStrangers } from '../limits.ts'
import { directSendRefusal } from '../policy.ts'
import { loadFriendship, lockPair, type PairKey, readPair } from '../store.ts'

/** The existing conversation with a user, or a new one if the viewer may write to them. */
export async function openDirectConversation(ctx: Context, userId: string): Promise<ConversationRow> {
  const viewer = requireViewer(ctx)
  if (userId === viewer.userId) throw invalidInput({ path: 'input.userId', message: 'must be another user' })

  const conversationId = directConversationId(viewer.userId, userId)
  const existing = await visibleConversation(ctx, viewer, conversationId)
  if (existing) return existing

  const pair = { userId: viewer.userId, peerId: userId }
  await limitOpening(ctx, pair)
  await assertMayWrite(ctx, ctx.sql, pair)
  await withTransaction(ctx, async (tx) => {
    await lockPair(tx.sql, pair)
    await assertMayWrite(ctx, tx.sql, pair)
    const { created } = await ensureDirectConversation(tx.sql, viewer.userId, userId)
    if (!created) return
    for (const memberId of [viewer.userId, userId])
      tx.announce({ userId: memberId, kind: 'conversation', subjectId: conversationId })
  })
  return requireConversation(ctx, viewer, conversationId)
}

async function assertMayWrite({ config }: Context, sql: Sql, pair: PairKey): Promise<void> {
  const refusal = directSendRefusal(await readPair(sql, pair), config)
  if (refusal) throw refusal
}

async function limitOpening(ctx: Context, pair: PairKey): Promise<void> {
  // With DIRECT_MESSAGES_FROM=friends, a non-friend is refused anyway.
  if (ctx.config.directMessagesFrom === 'friends' || (await loadFriendship(ctx, pair))) return
  await limitStrangers(ctx, [pair.peerId], 'CONVERSATION')
}
