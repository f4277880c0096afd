import { type Context, requireViewer } from '../../context.ts'
import { withTransaction } from '../../transaction.ts'
import { announceRequest, type FriendRequestRow, lockRequest, resolveRequest } from './store.ts'

/** Declines a friend request; the sender may send another. */
export async function declineFriendRequest(ctx: Context, id: string): Promise<FriendRequestRow> {
  const viewer = requireViewer(ctx)
  return withTransaction(ctx, async (tx) => {
    const request = await lockRequest(tx.sql, viewer.userId, id, 'DECLINED')
    if (request.status === 'DECLINED') return request

    const declined = await resolveRequest(tx.sql, id, 'DECLINED')
    announceRequest(tx, declined)
    return declined
  })
}
