import { type Context, requireViewer } from '../../context.ts'
import { withTransaction } from '../../transaction.ts'
import { startFriendship } from '../friend/friendship.ts'
import { announceRequest, type FriendRequestRow, lockRequest, resolveRequest } from './store.ts'

/** Accepts a friend request: the two users become friends and their conversation opens. */
export async function acceptFriendRequest(ctx: Context, id: string): Promise<FriendRequestRow> {
  const viewer = requireViewer(ctx)
  return withTransaction(ctx, async (tx) => {
    const request = await lockRequest(tx.sql, viewer.userId, id, 'ACCEPTED')
    if (request.status === 'ACCEPTED') return request

    const accepted = await resolveRequest(tx.sql, id, 'ACCEPTED')
    await startFriendship(ctx, tx, request.fromId, request.toId)
    announceRequest(tx, accepted)
    return accepted
  })
}
