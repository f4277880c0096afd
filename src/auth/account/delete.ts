import { announceUser } from '../../account/others.ts'
import { lockAccountToEnd } from '../../account/store.ts'
import { leaveTombstone } from '../../account/tombstone.ts'
import { type Context, requireViewer } from '../../context.ts'
import { refuse } from '../../errors.ts'
import { withTransaction } from '../../platform/db/transaction.ts'
import { lockProved } from '../password/credentials.ts'
import { endSessions } from '../session/end.ts'
import { type Proof, proveOwner } from './prove-owner.ts'

/** Ends the account for good. What it wrote stays readable, under a name that says that its author is gone. */
export async function deleteAccount(ctx: Context, proof: Proof): Promise<void> {
  const { userId } = requireViewer(ctx)
  const proved = await proveOwner(ctx, proof)

  await withTransaction(ctx, async (tx) => {
    await lockAccountToEnd(tx.sql, userId)
    await lockProved(tx.sql, proved, refuse('CONFLICT', 'The password has just been changed elsewhere.'))
    // Before anybody is forgotten: they are to hear of it.
    await announceUser(ctx, tx, userId)
    await ctx.hooks.run('accountDeleted', tx, { userId })
    await leaveTombstone(tx, userId)
    await endSessions(ctx, tx, userId, 'all', 'SUSPENDED')
  })
}
