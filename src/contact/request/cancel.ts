import { type Context, requireViewer } from '../../context.ts'
import { withTransaction } from '../../transaction.ts'
import { announceRequest, type FriendRequestRow, lockRequest, resolveRequest } from './store.ts'

/** Cancels a friend request of the viewer. */
export async function cancelFriendRequest(ctx: Context, id: string): Promise<FriendRequestRow> {
  const viewer = requireViewer(ctx)
  return withTransaction(ctx, async (tx) => {
    const request = await lockRequest(tx.sql, viewer.userId, id, 'CANCELLED')
    if (request.status === 'CANCELLED') return request

    const cancelled = await resolveRequest(tx.sql, id, 'CANCELLED')
    announceRequest(tx, cancelled)
    return cancelled
  })
}
