import { type Context, requireViewer } from '../context.ts'
import { type ConversationRow, findMembership, requireConversation } from '../conversation/store.ts'
import { invalidInput, notFound } from '../errors.ts'
import { withTransaction } from '../platform/db/transaction.ts'
import { passOwnership } from './ownership.ts'
import { ownerRefusal } from './policy.ts'
import { lockGroup, reviseGroup } from './store.ts'

/** Hands the group to another member; who owned it stays as an admin. */
export async function transferGroup(ctx: Context, groupId: string, userId: string): Promise<ConversationRow> {
  const viewer = requireViewer(ctx)
  if (userId === viewer.userId) throw invalidInput({ path: 'userId', message: 'is yourself' })

  await withTransaction(ctx, async (tx) => {
    const { membership } = await lockGroup(tx.sql, viewer, groupId)
    const refusal = ownerRefusal(membership.role)
    if (refusal) throw refusal
    const heir = await findMembership(tx.sql, { conversationId: groupId, userId })
    if (!heir) throw notFound('member')

    await passOwnership(tx, groupId, viewer.userId, userId)
    await reviseGroup(ctx, tx, groupId)
  })
  return requireConversation(ctx, viewer, groupId)
}
