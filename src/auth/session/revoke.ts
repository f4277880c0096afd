import { type Context, requireViewer } from '../../context.ts'
import { notFound } from '../../errors.ts'
import { withTransaction } from '../../transaction.ts'
import { endSessions } from './end.ts'
import { loadSession } from './store.ts'

/** Ends one of the viewer's sessions. */
export async function revokeSession(ctx: Context, id: string): Promise<void> {
  const { userId } = requireViewer(ctx)
  const session = await loadSession(ctx, id)
  if (session?.userId !== userId) throw notFound('session')

  await withTransaction(ctx, (tx) => endSessions(ctx, tx, userId, { id }, 'REVOKED'))
}
