import { isModerator, requireModerator } from '../account/moderators.ts'
import { loadUser } from '../account/store.ts'
import { type Context, requireViewer } from '../context.ts'
import { notFound, refuse } from '../errors.ts'
import { text } from '../platform/text.ts'

/** Who acts on the data of other users. */
export interface Actor {
  /** The moderator; null for the operator, who acts by a command. */
  userId: string | null
  /** What the audit trail says besides: the reason, and who ran the command. */
  detail: Record<string, unknown>
}

/** The viewer, whose permission is checked elsewhere. */
export const viewerActing = (ctx: Context): Actor => ({ userId: requireViewer(ctx).userId, detail: {} })

/** The viewer, to act on another user; FORBIDDEN for others than moderators, and on moderators. */
export async function moderatorActing(ctx: Context, onUserId: string, detail: object): Promise<Actor> {
  const { userId } = await requireModerator(ctx)
  if (!(await loadUser(ctx, onUserId))) throw notFound('user')
  if (onUserId === userId || (await isModerator(ctx, onUserId)))
    throw refuse('FORBIDDEN', 'Only the operator may do this to a moderator.')
  return { userId, detail: { ...detail } }
}

/** The reason of an action. */
export const reasonSchema = text({ max: 500, visible: true })
