import { type Context, requireViewer } from '../../context.ts'
import { withTransaction } from '../../transaction.ts'
import { endSessions } from './end.ts'

/** Ends all sessions of the viewer but the one that asks. */
export async function revokeOtherSessions(ctx: Context): Promise<void> {
  const { userId, sessionId } = requireViewer(ctx)
  await withTransaction(ctx, (tx) => endSessions(ctx, tx, userId, { except: sessionId }, 'REVOKED'))
}
