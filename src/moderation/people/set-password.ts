import { randomInt } from 'node:crypto'
import { endSessions } from '../../auth/session/end.ts'
import type { Context } from '../../context.ts'
import { withTransaction } from '../../transaction.ts'
import type { Actor } from '../actor.ts'
import { recordAct } from '../audit.ts'
import { lockUser } from '../suspension/store.ts'

/** Gives a user a new random password, which is returned, and ends all sessions. */
export async function setPassword(ctx: Context, actor: Actor, userId: string): Promise<string> {
  const password = randomPassword()
  const passwordHash = await ctx.auth.passwords.hash(password)
  await withTransaction(ctx, async (tx) => {
    await lockUser(tx, userId)
    await tx.db.user.update({ where: { id: userId }, data: { passwordHash } })
    await endSessions(ctx, tx, userId, 'all', 'PASSWORD_CHANGED')
    await recordAct(tx.sql, actor, 'setPassword', userId)
  })
  return password
}

// Without characters that look alike, because a password is often read out.
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789'

/** Four groups of four characters: 79 bits. */
const randomPassword = () =>
  Array.from({ length: 4 }, () =>
    Array.from({ length: 4 }, () => alphabet[randomInt(alphabet.length)]).join(''),
  ).join('-')
