import { announceUser } from '../../account/announce.ts'
import { writeTombstone } from '../../account/tombstone.ts'
import type { Context } from '../../context.ts'
import type { Tx } from '../../transaction.ts'
import { endSessions } from '../session/end.ts'

/** Deletes an account, which is locked for its deletion, with its data. */
export async function endAccount(ctx: Context, tx: Tx, userId: string): Promise<void> {
  // Before the contacts are deleted, since they are the observers that get the announcement.
  await announceUser(ctx, tx, userId)
  await ctx.hooks.run('accountDeleted', tx, { userId })
  await writeTombstone(tx, userId)
  await endSessions(ctx, tx, userId, 'all', 'SUSPENDED')
}
