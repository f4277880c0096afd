import { lockAccountForDeletion } from '../../account/store.ts'
import { type Context, requireViewer } from '../../context.ts'
import { refuse } from '../../errors.ts'
import { withTransaction } from '../../transaction.ts'
import { lockVerified } from '../password/credentials.ts'
import { endAccount } from './end.ts'
import { type Proof, verifyOwner } from './verify-owner.ts'

/** Deletes the viewer's account permanently. Its messages stay readable, under the name of a deleted account. */
export async function deleteAccount(ctx: Context, proof: Proof): Promise<void> {
  const { userId } = requireViewer(ctx)
  const verified = await verifyOwner(ctx, proof)

  await withTransaction(ctx, async (tx) => {
    await lockAccountForDeletion(tx.sql, userId)
    await lockVerified(
      tx.sql,
      verified,
      refuse('CONFLICT', 'The password has just been changed on another device.'),
    )
    await endAccount(ctx, tx, userId)
  })
}
