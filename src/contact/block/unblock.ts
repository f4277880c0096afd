import { type Context, requireViewer } from '../../context.ts'
import { directConversationId } from '../../conversation/direct.ts'
import { withTransaction } from '../../transaction.ts'
import { lockPair, readPair } from '../store.ts'
import { deleteBlock } from './store.ts'

/** Removes a block. The friendship that it ended is not restored. Idempotent. */
export async function unblockUser(ctx: Context, userId: string): Promise<void> {
  const viewer = requireViewer(ctx)
  const pair = { userId: viewer.userId, peerId: userId }
  if (!(await readPair(ctx.sql, pair)).blockedByMe) return

  await withTransaction(ctx, async (tx) => {
    await lockPair(tx.sql, pair)
    if (!(await readPair(tx.sql, pair)).blockedByMe) return

    const conversationId = directConversationId(viewer.userId, userId)
    if (await deleteBlock(tx.sql, pair, conversationId))
      tx.announce({ userId, kind: 'conversation', subjectId: conversationId })
    tx.announce(
      { userId: viewer.userId, kind: 'me', subjectId: viewer.userId },
      { userId: viewer.userId, kind: 'user', subjectId: userId },
    )
    tx.afterCommit(() => ctx.hooks.signal('relationsChanged', { userIds: [viewer.userId, userId] }))
  })
}
