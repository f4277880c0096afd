import { type Context, requireViewer, type Viewer } from '../context.ts'
import { refuse } from '../errors.ts'
import { loadUser } from './store.ts'

/** Moderators are named by their handles, which never change and are never given to anybody else. */
export async function isModerator(
  ctx: Pick<Context, 'config' | 'sql' | 'loaders'>,
  userId: string,
): Promise<boolean> {
  const { adminHandles } = ctx.config
  if (adminHandles.length === 0) return false
  const user = await loadUser(ctx, userId)
  return user !== null && adminHandles.includes(user.handle)
}

/** The viewer, who is a moderator; FORBIDDEN for everybody else. */
export async function requireModerator(ctx: Context): Promise<Viewer> {
  const viewer = requireViewer(ctx)
  if (!(await isModerator(ctx, viewer.userId)))
    throw refuse('FORBIDDEN', 'Only moderators of this server may do this.')
  return viewer
}
