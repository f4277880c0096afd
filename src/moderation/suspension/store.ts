import { isModerator } from '../../account/moderators.ts'
import { lockAccount, type UserRow } from '../../account/store.ts'
import { endSessions } from '../../auth/session/end.ts'
import type { Context } from '../../context.ts'
import { invalidInput, notFound, Refusal } from '../../errors.ts'
import { readingIn, type Tx } from '../../transaction.ts'
import type { Actor } from '../actor.ts'
import { recordAct } from '../audit.ts'
import { suspensionRefusal } from '../policy.ts'

export interface NewSuspension {
  until: Date | null
  reason: string
  /** The report that led to it. */
  reportId?: string
}

/** Locks an existing account; first in the order of locks. */
export async function lockUser(tx: Tx, userId: string): Promise<UserRow> {
  return lockAccount(tx.sql, userId).catch((error: unknown) => {
    throw error instanceof Refusal ? notFound('user') : error
  })
}

// `until` is compared with the database's clock, as the end of the suspension is.
const writeSuspension = `
  insert into suspension as x (user_id, until, reason)
  select $1, $2::timestamptz, $3 where $2::timestamptz is null or $2::timestamptz > clock_timestamp()
  on conflict (user_id) do update
    set until = excluded.until, reason = excluded.reason, suspended_at = excluded.suspended_at
  returning user_id`

/** Suspends a user and ends their sessions. Requires the lock of the account, so that a concurrent sign-in is ended too. */
export async function suspend(
  ctx: Context,
  tx: Tx,
  actor: Actor,
  user: UserRow,
  wanted: NewSuspension,
): Promise<void> {
  const refusal = suspensionRefusal(
    actor.userId,
    user,
    await isModerator({ config: ctx.config, ...readingIn(tx) }, user.id),
  )
  if (refusal) throw refusal

  const { until, reason, reportId } = wanted
  const written = await tx.sql.query(writeSuspension, [user.id, until?.toISOString() ?? null, reason])
  if (written.length === 0) throw invalidInput({ path: 'input.until', message: 'must lie in the future' })
  await endSessions(ctx, tx, user.id, 'all', 'SUSPENDED')
  await recordAct(tx.sql, actor, 'suspendUser', user.id, {
    until: until?.toISOString() ?? null,
    reason,
    ...(reportId && { reportId }),
  })
}
