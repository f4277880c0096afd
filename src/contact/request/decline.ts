import { type Context, requireViewer } from '../../context.ts'
import { withTransaction } from '../../transaction.ts'
import { announceRequest, type FriendRequestRow, lockRequest, resolveRequest } from './store.ts'

/** The recipient does not agree; the sender may ask again. */
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
