import { type Context, requireViewer } from '../../context.ts'
import { requireConversation } from '../../conversation/store.ts'
import { mayType, typingAudience } from './audience.ts'

/** Tells the others in a conversation that the viewer types, or has stopped; false where that is not told. */
export async function sendTyping(ctx: Context, conversationId: string, typing: boolean): Promise<boolean> {
  const viewer = requireViewer(ctx)
  const { throttle } = ctx.presence.typing
  if (throttle.holdsBack(viewer.userId, conversationId, typing)) return true

  const { deliveryMode } = await requireConversation(ctx, viewer, conversationId)
  if (deliveryMode === 'SIGNAL' || !(await mayType(ctx, conversationId, viewer.userId))) return false
  const { userId } = viewer
  const others = await typingAudience(ctx.sql, conversationId, userId)
  // Only once, however many calls have waited for the database at the same moment.
  if (throttle.holdsBack(userId, conversationId, typing)) return true
  throttle.told(userId, conversationId, typing)
  ctx.presence.typing.tell(others, { conversationId, userId, typing })
  return true
}
