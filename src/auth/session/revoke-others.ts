import { type Context, requireViewer } from '../../context.ts'
import { withTransaction } from '../../transaction.ts'
import { endSessions } from './end.ts'

/** Ends all sessions of the viewer except the current one. */
export async function revokeOtherSessions(ctx: Context): Promise<void> {
  const { userId, sessionId } = requireViewer(ctx)
  await withTransaction(ctx, (tx) => endSessions(ctx, tx, userId, { except: sessionId }, 'REVOKED'))
}
