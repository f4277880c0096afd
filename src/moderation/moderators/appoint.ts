import type { Context } from '../../context.ts'
import { withTransaction } from '../../transaction.ts'
import type { Actor } from '../actor.ts'
import { recordAct } from '../audit.ts'
import { lockUser } from '../suspension/store.ts'

/** Makes a user a moderator; false if the user was one already by this way. */
export function grantModerator(ctx: Context, actor: Actor, userId: string): Promise<boolean> {
  return change(ctx, actor, userId, 'grantModerator')
}

/** Ends the rights of a moderator who was appointed by a command; false if there was none. */
export function revokeModerator(ctx: Context, actor: Actor, userId: string): Promise<boolean> {
  return change(ctx, actor, userId, 'revokeModerator')
}

const statements = {
  grantModerator: 'insert into moderator (user_id) values ($1) on conflict do nothing returning user_id',
  revokeModerator: 'delete from moderator where user_id = $1 returning user_id',
} as const

async function change(
  ctx: Context,
  actor: Actor,
  userId: string,
  action: keyof typeof statements,
): Promise<boolean> {
  return withTransaction(ctx, async (tx) => {
    await lockUser(tx, userId)
    const changed = await tx.sql.query(statements[action], [userId])
    if (changed.length === 0) return false
    tx.announce({ userId, kind: 'me', subjectId: userId })
    await recordAct(tx.sql, actor, action, userId)
    return true
  })
}
