import { requireModerator } from '../../account/moderators.ts'
import { findSuspension } from '../../account/suspension.ts'
import type { Context } from '../../context.ts'
import { withTransaction } from '../../transaction.ts'
import { recordAudit } from '../audit.ts'
import { lockUser } from './store.ts'

/** Lifts a suspension. Idempotent. */
export async function restoreUser(ctx: Context, userId: string): Promise<void> {
  const { userId: actorId } = await requireModerator(ctx)

  await withTransaction(ctx, async (tx) => {
    await lockUser(tx, userId)
    if (!(await findSuspension(tx.sql, userId))) return
    await tx.sql.query(`delete from suspension where user_id = $1`, [userId])
    await recordAudit(tx.sql, { actorId, action: 'restoreUser', subject: userId })
  })
}
