import { type Context, requireViewer } from '../../context.ts'
import { withTransaction } from '../../transaction.ts'
import { announceRequest, type FriendRequestRow, lockRequest, resolveRequest } from './store.ts'

/** Cancels a friend request as its sender, or declines it as its recipient; the sender may then send another. */
export async function closeFriendRequest(
  ctx: Context,
  id: string,
  status: 'CANCELLED' | 'DECLINED',
): Promise<FriendRequestRow> {
  const viewer = requireViewer(ctx)
  return withTransaction(ctx, async (tx) => {
    const request = await lockRequest(tx.sql, viewer.userId, id, status)
    if (request.status === status) return request

    const closed = await resolveRequest(tx.sql, id, status)
    announceRequest(tx, closed)
    return closed
  })
}
