import { type Context, requireViewer } from '../context.ts'
import { invalidInput, refuse, unauthenticated } from '../errors.ts'
import { authenticate } from './authenticate.ts'
import { loadSession, type SessionRow } from './session/store.ts'

/** Extends a WebSocket until a new access token of the same session expires. */
export async function renewSession(ctx: Context, accessToken: string): Promise<SessionRow> {
  const { sessionId } = requireViewer(ctx)
  if (!ctx.socket)
    throw invalidInput({ path: 'input.accessToken', message: 'is accepted on a WebSocket only' })

  const { viewer, expiresAt } = await authenticate(ctx, accessToken)
  if (viewer.sessionId !== sessionId)
    throw refuse('BAD_CREDENTIALS', 'This access token belongs to another session.')

  const session = await loadSession(ctx, sessionId)
  if (!session) throw unauthenticated('ENDED', 'This session has ended; sign in again.')
  ctx.socket.signIn(viewer, expiresAt)
  return session
}
