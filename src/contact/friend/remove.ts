import { type Context, requireViewer } from '../../context.ts'
import { withTransaction } from '../../transaction.ts'
import { lockPairToRevoke, readPair } from '../store.ts'
import { endFriendship } from './friendship.ts'

/** Ends a friendship for both users; their messages stay. Idempotent. */
export async function removeFriend(ctx: Context, userId: string): Promise<void> {
  const viewer = requireViewer(ctx)
  const pair = { userId: viewer.userId, peerId: userId }
  if (!(await readPair(ctx.sql, pair)).areFriends) return

  await withTransaction(ctx, async (tx) => {
    await lockPairToRevoke(tx.sql, pair)
    await endFriendship(tx, viewer.userId, userId)
    tx.afterCommit(() => ctx.hooks.signal('relationsChanged', { userIds: [viewer.userId, userId] }))
  })
}
