import { announceUser } from '../../account/announce.ts'
import { lockAccountForDeletion } from '../../account/store.ts'
import { writeTombstone } from '../../account/tombstone.ts'
import { type Context, requireViewer } from '../../context.ts'
import { refuse } from '../../errors.ts'
import { withTransaction } from '../../transaction.ts'
import { lockVerified } from '../password/credentials.ts'
import { endSessions } from '../session/end.ts'
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
    // Before the contacts are deleted, since they are the observers that get the announcement.
    await announceUser(ctx, tx, userId)
    await ctx.hooks.run('accountDeleted', tx, { userId })
    await writeTombstone(tx, userId)
    await endSessions(ctx, tx, userId, 'all', 'SUSPENDED')
  })
}
