import { type Context, requireViewer } from '../../context.ts'
import { invalidInput } from '../../errors.ts'
import { withTransaction } from '../../transaction.ts'
import { manageRefusal, rankRefusal } from '../policy.ts'
import { lockMember } from '../store.ts'
import { removeMember } from './removal.ts'

/** Removes a member, who receives nothing later from the group. */
export async function removeGroupMember(ctx: Context, groupId: string, userId: string): Promise<void> {
  const viewer = requireViewer(ctx)
  if (userId === viewer.userId)
    throw invalidInput({ path: 'input.userId', message: 'is yourself; use leaveGroup' })

  await withTransaction(ctx, async (tx) => {
    const member = { conversationId: groupId, userId }
    const { conversation } = await lockMember(tx.sql, viewer, member, manageRefusal, rankRefusal)
    await removeMember(ctx, tx, conversation, { userId, removedBy: viewer.userId })
  })
}
