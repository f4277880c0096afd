import { findSuspension } from '../../account/suspension.ts'
import type { Context } from '../../context.ts'
import { withTransaction } from '../../transaction.ts'
import type { Actor } from '../actor.ts'
import { recordAct } from '../audit.ts'
import { lockUser } from './store.ts'

/** Lifts a suspension. Idempotent. */
export async function restoreUser(ctx: Context, actor: Actor, userId: string): Promise<void> {
  await withTransaction(ctx, async (tx) => {
    await lockUser(tx, userId)
    if (!(await findSuspension(tx.sql, userId))) return
    await tx.sql.query(`delete from suspension where user_id = $1`, [userId])
    await recordAct(tx.sql, actor, 'restoreUser', userId)
  })
}
