import { requireModerator } from '../../account/moderators.ts'
import type { Context } from '../../context.ts'
import { text } from '../../platform/text.ts'
import { check } from '../../platform/validation.ts'
import { withTransaction } from '../../transaction.ts'
import { lockUser, suspend } from './store.ts'

const reasonSchema = text({ max: 500, visible: true })

/** Suspends a user until a time, or until restored. A repeated call replaces time and reason. */
export async function suspendUser(
  ctx: Context,
  { userId, until, reason }: { userId: string; until?: Date | null; reason: string },
): Promise<void> {
  await requireModerator(ctx)
  const wanted = { until: until ?? null, reason: check(reasonSchema, reason, 'input.reason') }

  await withTransaction(ctx, async (tx) => {
    const user = await lockUser(tx, userId)
    await suspend(ctx, tx, user, wanted)
  })
}
