import { type Context, requireViewer } from '../../context.ts'
import { withTransaction } from '../../transaction.ts'
import { lockPairToRevoke, readPair } from '../store.ts'
import { endFriendship } from './friendship.ts'

/**
 * Ends a friendship for both users; their messages stay. Idempotent. Returns the id of the viewer's side, null if there
 * was none.
 */
export async function removeFriend(ctx: Context, userId: string): Promise<string | null> {
  const viewer = requireViewer(ctx)
  const pair = { userId: viewer.userId, peerId: userId }
  if (!(await readPair(ctx.sql, pair)).areFriends) return null

  return withTransaction(ctx, async (tx) => {
    await lockPairToRevoke(tx.sql, pair)
    tx.afterCommit(() => ctx.hooks.signal('relationsChanged', { userIds: [viewer.userId, userId] }))
    return endFriendship(tx, viewer.userId, userId)
  })
}
