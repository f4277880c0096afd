import type { Context } from '../../context.ts'
import { check } from '../../platform/validation.ts'
import { withTransaction } from '../../transaction.ts'
import { type Actor, reasonSchema } from '../actor.ts'
import { lockUser, suspend } from './store.ts'

/** Suspends a user until a time, or until restored. A repeated call replaces time and reason. */
export async function suspendUser(
  ctx: Context,
  actor: Actor,
  { userId, until, reason }: { userId: string; until?: Date | null; reason: string },
): Promise<void> {
  const wanted = { until: until ?? null, reason: check(reasonSchema, reason, 'input.reason') }

  await withTransaction(ctx, async (tx) => {
    const user = await lockUser(tx, userId)
    await suspend(ctx, tx, actor, user, wanted)
  })
}
