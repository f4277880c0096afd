import { type Context, requireViewer } from '../../context.ts'
import { withTransaction } from '../../transaction.ts'
import { endSessions } from './end.ts'

/** Ends the viewer's current session. */
export async function logout(ctx: Context): Promise<void> {
  const { userId, sessionId } = requireViewer(ctx)
  await withTransaction(ctx, (tx) => endSessions(ctx, tx, userId, { id: sessionId }, 'SIGNED_OUT'))
}
