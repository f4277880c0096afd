import { type Context, requireViewer } from '../../context.ts'
import { refuse } from '../../errors.ts'
import { withTransaction } from '../../transaction.ts'
import { lockGroup } from '../store.ts'
import { removeAllMembers, removeMember } from './removal.ts'

/** Removes the viewer. An owner transfers the group first; the last member ends it. */
export async function leaveGroup(ctx: Context, groupId: string): Promise<void> {
  const viewer = requireViewer(ctx)
  await withTransaction(ctx, async (tx) => {
    const { conversation, membership } = await lockGroup(tx.sql, viewer, groupId)
    if (membership.role !== 'OWNER')
      return removeMember(ctx, tx, conversation, { userId: viewer.userId, removedBy: null })
    if (conversation.memberCount > 1)
      throw refuse('CONFLICT', 'The owner cannot leave: call transferGroup or dissolveGroup first.')
    await removeAllMembers(ctx, tx, conversation, viewer.userId)
  })
}
