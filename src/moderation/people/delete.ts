import { lockAccountForDeletion } from '../../account/store.ts'
import { endAccount } from '../../auth/account/end.ts'
import type { Context } from '../../context.ts'
import { withTransaction } from '../../transaction.ts'
import type { Actor } from '../actor.ts'
import { recordAct } from '../audit.ts'

/** Deletes an account as its owner could. Messages stay, under the name of a deleted account. */
export async function deleteUser(ctx: Context, actor: Actor, userId: string): Promise<void> {
  await withTransaction(ctx, async (tx) => {
    await lockAccountForDeletion(tx.sql, userId)
    await endAccount(ctx, tx, userId)
    await recordAct(tx.sql, actor, 'deleteUser', userId)
  })
}
