import { type Context, requireViewer } from '../context.ts'
import { withTransaction } from '../transaction.ts'
import { removeAllMembers } from './membership/removal.ts'
import { ownerRefusal } from './policy.ts'
import { lockGroup } from './store.ts'

/** Removes all members of a group and makes it unreachable. */
export async function dissolveGroup(ctx: Context, groupId: string): Promise<void> {
  const viewer = requireViewer(ctx)
  await withTransaction(ctx, async (tx) => {
    const { conversation } = await lockGroup(tx.sql, viewer, groupId, ownerRefusal)

    await removeAllMembers(ctx, tx, conversation, viewer.userId)
  })
}
