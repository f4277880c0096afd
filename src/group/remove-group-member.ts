import { type Context, requireViewer } from '../context.ts'
import { type ConversationRow, findMembership, requireConversation } from '../conversation/store.ts'
import { invalidInput, notFound } from '../errors.ts'
import { withTransaction } from '../platform/db/transaction.ts'
import { takeOut } from './leaving.ts'
import { manageRefusal, rankRefusal } from './policy.ts'
import { lockGroup } from './store.ts'

/** Takes somebody out of a group: from here on nothing of it reaches them. */
export async function removeGroupMember(
  ctx: Context,
  groupId: string,
  userId: string,
): Promise<ConversationRow> {
  const viewer = requireViewer(ctx)
  if (userId === viewer.userId) throw invalidInput({ path: 'userId', message: 'is yourself; use leaveGroup' })

  await withTransaction(ctx, async (tx) => {
    const { conversation, membership } = await lockGroup(tx.sql, viewer, groupId)
    const notManager = manageRefusal(membership.role)
    if (notManager) throw notManager
    const subject = await findMembership(tx.sql, { conversationId: groupId, userId })
    if (!subject) throw notFound('member')
    const refusal = rankRefusal(membership.role, subject.role)
    if (refusal) throw refusal

    await takeOut(ctx, tx, conversation, { userId, removedBy: viewer.userId })
  })
  return requireConversation(ctx, viewer, groupId)
}
