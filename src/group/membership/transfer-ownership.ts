import { type Context, requireViewer } from '../../context.ts'
import { bumpSettingsVersion } from '../../conversation/store.ts'
import { invalidInput } from '../../errors.ts'
import { withTransaction } from '../../transaction.ts'
import { ownerRefusal } from '../policy.ts'
import { lockMember } from '../store.ts'
import { transferOwnership } from './ownership.ts'

/** Makes another member the owner; the viewer becomes an admin. */
export async function transferGroup(ctx: Context, groupId: string, userId: string): Promise<void> {
  const viewer = requireViewer(ctx)
  if (userId === viewer.userId) throw invalidInput({ path: 'input.userId', message: 'is yourself' })

  await withTransaction(ctx, async (tx) => {
    await lockMember(tx.sql, viewer, { conversationId: groupId, userId }, ownerRefusal)

    await transferOwnership(tx, groupId, viewer.userId, userId)
    await bumpSettingsVersion(tx, groupId)
  })
}
