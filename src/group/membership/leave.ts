import { type Context, requireViewer } from '../../context.ts'
import { refuse } from '../../errors.ts'
import { withTransaction } from '../../platform/db/transaction.ts'
import { lockGroup } from '../store.ts'
import { removeAllMembers, removeMember } from './removal.ts'

/** The viewer goes. An owner must hand the group over first, unless nobody else is left: then it ends. */
export async function leaveGroup(ctx: Context, groupId: string): Promise<void> {
  const viewer = requireViewer(ctx)
  await withTransaction(ctx, async (tx) => {
    const { conversation, membership } = await lockGroup(tx.sql, viewer, groupId)
    if (membership.role !== 'OWNER')
      return removeMember(ctx, tx, conversation, { userId: viewer.userId, removedBy: null })
    if (conversation.memberCount > 1)
      throw refuse(
        'CONFLICT',
        'The owner hands the group over with transferGroup, or dissolves it, before leaving.',
      )
    await removeAllMembers(ctx, tx, conversation, viewer.userId)
  })
}
