import { type Context, requireViewer } from '../../context.ts'
import { requireConversation } from '../../conversation/store.ts'
import { mayType, typingRecipients } from './audience.ts'

/** Publishes that the viewer types or stopped typing. Returns false where typing is not shown. */
export async function sendTyping(ctx: Context, conversationId: string, typing: boolean): Promise<boolean> {
  const viewer = requireViewer(ctx)
  const { throttle } = ctx.presence.typing
  if (throttle.suppresses(viewer.userId, conversationId, typing)) return true

  const { deliveryMode } = await requireConversation(ctx, viewer, conversationId)
  if (deliveryMode === 'SIGNAL' || !(await mayType(ctx, conversationId, viewer.userId))) return false
  const { userId } = viewer
  const recipients = await typingRecipients(ctx.sql, conversationId, userId)
  // Checked again: calls that waited for the database together publish once.
  if (throttle.suppresses(userId, conversationId, typing)) return true
  throttle.note(userId, conversationId, typing)
  ctx.presence.typing.publish(recipients, { conversationId, userId, typing })
  return true
}
