import { type Context, requireViewer } from '../context.ts'
import { withTransaction } from '../platform/db/transaction.ts'
import { takeAllOut } from './membership/removal.ts'
import { ownerRefusal } from './policy.ts'
import { lockGroup } from './store.ts'

/** Ends a group for everybody. */
export async function dissolveGroup(ctx: Context, groupId: string): Promise<void> {
  const viewer = requireViewer(ctx)
  await withTransaction(ctx, async (tx) => {
    const { conversation, membership } = await lockGroup(tx.sql, viewer, groupId)
    const refusal = ownerRefusal(membership.role)
    if (refusal) throw refusal

    await takeAllOut(ctx, tx, conversation, viewer.userId)
  })
}
