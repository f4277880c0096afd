import { type Context, requireViewer, type Viewer } from '../context.ts'
import { requireConversation } from '../conversation/store.ts'
import { sendFacts, sendRefusal } from '../message/send-facts.ts'
import { typingAudience } from './typing-audience.ts'

/** Tells the others in a conversation that the viewer types, or has stopped; false where that is not told. */
export async function sendTyping(ctx: Context, conversationId: string, typing: boolean): Promise<boolean> {
  const viewer = requireViewer(ctx)
  const { throttle } = ctx.typing
  if (throttle.holdsBack(viewer.userId, conversationId, typing)) return true

  const { deliveryMode } = await requireConversation(ctx, viewer, conversationId)
  if (deliveryMode === 'SIGNAL' || !(await maySend(ctx, viewer, conversationId))) return false
  const { userId } = viewer
  const others = await typingAudience(ctx.sql, conversationId, userId)
  // Only once, however many calls have waited for the database at the same moment.
  if (throttle.holdsBack(userId, conversationId, typing)) return true
  throttle.told(userId, conversationId, typing)
  ctx.typing.tell(others, { conversationId, userId, typing })
  return true
}

async function maySend(ctx: Context, { userId }: Viewer, conversationId: string): Promise<boolean> {
  const pair = { conversationId, senderId: userId }
  const factsFor = await sendFacts(ctx.sql, [pair])
  return sendRefusal(factsFor(pair), ctx.config) === null
}
