import { normaliseHandle } from '../../account/handle.ts'
import type { Context } from '../../context.ts'
import { refuse } from '../../errors.ts'
import { limitOrigin } from './limits.ts'
import { resetTask } from './send.ts'

// One statement whether the account exists or not, and the mail is sent by a job: neither answer nor timing shows it.
const enqueue = `
  select graphile_worker.add_job($1, json_build_object('userId', u.id), job_key := $1 || ' ' || u.id, max_attempts := 5)
  from "user" u
  where u.handle = $2 and u.deleted_at is null and u.password_hash <> '' and u.email_verified_at is not null`

/** Mails a code for a new password, if the account has a verified e-mail address. */
export async function requestPasswordReset(ctx: Context, given: string): Promise<void> {
  const handle = normaliseHandle(given)
  await limitOrigin(ctx)
  if (!ctx.push.mailer) throw refuse('FORBIDDEN', 'This server sends no mail; ask its operator.')
  const { passwordResetsPerAccountPerDay: points } = ctx.config.limits
  await ctx.rateLimits.consume([{ name: 'password-resets-per-account', points, seconds: 86_400 }, handle])
  await ctx.sql.query(enqueue, [resetTask, handle])
}
