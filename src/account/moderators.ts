import { type Context, requireViewer, type Viewer } from '../context.ts'
import { refuse } from '../errors.ts'
import { defineLoader } from '../platform/loader.ts'
import { loadUser } from './store.ts'

const loadAppointed = defineLoader<string, { userId: string }>(
  (sql, ids) => sql.query(`select user_id as "userId" from moderator where user_id = any($1)`, [ids]),
  ({ userId }) => userId,
)

/**
 * Moderators are named by handle in the settings, since a handle never changes and is never given to another account, or
 * appointed by a command.
 */
export async function isModerator(
  ctx: Pick<Context, 'config' | 'sql' | 'loaders'>,
  userId: string,
): Promise<boolean> {
  if (await loadAppointed(ctx, userId)) return true
  const { adminHandles } = ctx.config
  if (adminHandles.length === 0) return false
  const user = await loadUser(ctx, userId)
  return user !== null && adminHandles.includes(user.handle)
}

/** The viewer; FORBIDDEN unless the viewer is a moderator. */
export async function requireModerator(ctx: Context): Promise<Viewer> {
  const viewer = requireViewer(ctx)
  if (!(await isModerator(ctx, viewer.userId)))
    throw refuse('FORBIDDEN', 'Only moderators of this server may do this.')
  return viewer
}
