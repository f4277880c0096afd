import { type Context, requireViewer } from '../../context.ts'
import { findMembership, type MembershipRow } from '../../conversation/store.ts'
import { notFound, refuse } from '../../errors.ts'
import { withTransaction } from '../../transaction.ts'
import { addMembers } from '../membership/addition.ts'
import { sizeRefusal } from '../policy.ts'
import { lockJoinRequest } from './lock-request.ts'

/** Approves a join request and adds the user. Idempotent. */
export async function approveJoinRequest(ctx: Context, id: string): Promise<MembershipRow> {
  const viewer = requireViewer(ctx)
  return withTransaction(ctx, async (tx) => {
    const { conversation, request } = await lockJoinRequest(tx.sql, viewer, id)
    const key = { conversationId: conversation.id, userId: request.userId }
    if (request.status === 'PENDING') {
      const full = sizeRefusal(conversation.memberCount + 1, ctx.config)
      if (full) throw full
      await addMembers(ctx, tx, conversation, {
        userIds: [request.userId],
        actorId: viewer.userId,
        event: 'MEMBER_JOINED',
        change: { via: 'APPROVAL' },
      })
    }
    if (request.status === 'DECLINED') throw refuse('CONFLICT', 'The join request was declined.')
    const member = await findMembership(tx.sql, key)
    if (!member) throw notFound('member')
    return member
  })
}
