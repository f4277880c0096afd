import { type Context, requireViewer, type Viewer } from '../context.ts'
import { refuse } from '../errors.ts'
import { loadUser } from './store.ts'

/** Moderators are configured by handle: a handle never changes and is never given to another account. */
export async function isModerator(
  ctx: Pick<Context, 'config' | 'sql' | 'loaders'>,
  userId: string,
): Promise<boolean> {
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
