import { type Context, requireViewer } from '../../context.ts'
import { refuse } from '../../errors.ts'
import { withTransaction } from '../../transaction.ts'
import { declineRequest, type JoinRequestRow } from '../join-request-store.ts'
import { lockJoinRequest } from './lock-request.ts'

/** Declines a join request; the user may send another. Idempotent. */
export async function declineJoinRequest(ctx: Context, id: string): Promise<JoinRequestRow> {
  const viewer = requireViewer(ctx)
  return withTransaction(ctx, async (tx) => {
    const { request } = await lockJoinRequest(tx.sql, viewer, id)
    if (request.status === 'APPROVED') throw refuse('CONFLICT', 'The join request was approved.')
    return request.status === 'DECLINED' ? request : declineRequest(tx, id)
  })
}
