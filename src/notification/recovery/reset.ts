import { normaliseHandle } from '../../account/handle.ts'
import { lockAccount } from '../../account/store.ts'
import { passwordFor } from '../../auth/password/rules.ts'
import { endSessions } from '../../auth/session/end.ts'
import type { Context } from '../../context.ts'
import { refuse } from '../../errors.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { check } from '../../platform/validation.ts'
import { withTransaction } from '../../transaction.ts'
import { hashOf, triesMax } from './code.ts'
import { limitOrigin } from './limits.ts'

export interface Reset {
  handle: string
  code: string
  password: string
}

/** Sets a new password by the mailed code, and ends all sessions. */
export async function resetPassword(ctx: Context, { handle, code, password }: Reset): Promise<void> {
  const next = check(passwordFor(handle), password, 'input.password')
  await limitOrigin(ctx)
  const refusal = refuse('BAD_CREDENTIALS', 'The code is incorrect, was used or has expired.')
  const taken = await takeTry(ctx.sql, normaliseHandle(handle))
  if (!taken || hashOf(ctx, taken.userId, code.trim()) !== taken.codeHash) throw refusal
  const { userId, codeHash } = taken
  const passwordHash = await ctx.auth.passwords.hash(next)

  await withTransaction(ctx, async (tx) => {
    await lockAccount(tx.sql, userId)
    if (!(await deleteCode(tx.sql, userId, codeHash))) throw refusal
    await tx.db.user.update({ where: { id: userId }, data: { passwordHash } })
    await endSessions(ctx, tx, userId, 'all', 'PASSWORD_CHANGED')
  })
}

// Counted before the comparison, so that parallel guesses cannot pass the limit.
const countTry = `
  update password_reset r set tries = tries + 1 from "user" u
  where u.handle = $1 and u.deleted_at is null and r.user_id = u.id
    and r.tries < ${triesMax} and r.expires_at > clock_timestamp()
  returning r.user_id as "userId", r.code_hash as "codeHash"`

async function takeTry(sql: Sql, handle: string): Promise<{ userId: string; codeHash: string } | null> {
  const [row] = await sql.query<{ userId: string; codeHash: string }>(countTry, [handle])
  return row ?? null
}

/** False if the code was used or replaced meanwhile. */
async function deleteCode(sql: Sql, userId: string, codeHash: string): Promise<boolean> {
  const deleted = await sql.query(
    'delete from password_reset where user_id = $1 and code_hash = $2 returning user_id',
    [userId, codeHash],
  )
  return deleted.length > 0
}
