import { loadUser } from '../../account/store.ts'
import { type Context, requireViewer } from '../../context.ts'
import { refuse } from '../../errors.ts'
import { check } from '../../platform/validation.ts'
import { withTransaction } from '../../transaction.ts'
import { endSessions } from '../session/end.ts'
import { lockVerified, verifyPassword } from './credentials.ts'
import { passwordFor } from './rules.ts'

export interface ChangePasswordInput {
  current: string
  next: string
}

/** Changes the password and ends the sessions of all other devices. */
export async function changePassword(ctx: Context, input: ChangePasswordInput): Promise<void> {
  const { userId, sessionId } = requireViewer(ctx)
  const user = await loadUser(ctx, userId)
  const next = check(passwordFor(user?.handle ?? ''), input.next, 'input.next')
  const verified = await verifyPassword(ctx, input.current)
  const passwordHash = await ctx.auth.passwords.hash(next)

  await withTransaction(ctx, async (tx) => {
    await lockVerified(
      tx.sql,
      verified,
      refuse('CONFLICT', 'The password has just been changed on another device.'),
    )
    await tx.db.user.update({ where: { id: userId }, data: { passwordHash } })
    await endSessions(ctx, tx, userId, { except: sessionId }, 'PASSWORD_CHANGED')
  })
}
