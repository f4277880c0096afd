import { requireModerator } from '../../account/moderators.ts'
import { endSessions } from '../../auth/session/end.ts'
import type { Context } from '../../context.ts'
import { check } from '../../platform/validation.ts'
import { withTransaction } from '../../transaction.ts'
import { type Actor, moderatorActing, reasonSchema } from '../actor.ts'
import { recordAct } from '../audit.ts'
import { lockUser } from '../suspension/store.ts'

/** Ends all sessions of a user, who may sign in again. */
export async function endUserSessions(ctx: Context, actor: Actor, userId: string): Promise<void> {
  await withTransaction(ctx, async (tx) => {
    await lockUser(tx, userId)
    await endSessions(ctx, tx, userId, 'all', 'REVOKED')
    await recordAct(tx.sql, actor, 'endUserSessions', userId)
  })
}

/** The same by a moderator, who gives a reason. */
export async function endSessionsAsModerator(
  ctx: Context,
  { userId, reason: given }: { userId: string; reason: string },
): Promise<void> {
  await requireModerator(ctx)
  const reason = check(reasonSchema, given, 'input.reason')
  await endUserSessions(ctx, await moderatorActing(ctx, userId, { reason }), userId)
}
