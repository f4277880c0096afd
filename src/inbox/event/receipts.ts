import { peerPositions } from '../../contact/direct/receipts.ts'
import { type Context, requireViewer } from '../../context.ts'
import { peerOf } from '../../conversation/direct.ts'
import { loadMembership } from '../../conversation/store.ts'

/** Read and delivered position of a user in one conversation; 0 if hidden. */
export interface ReceiptState {
  conversationId: string
  userId: string
  readSeq: number
  deliveredSeq: number
  /** The same object for all viewers of this state, for shared execution; null if it is for one viewer. */
  share: object | null
}

/** The peer's positions in a direct conversation. */
export async function peerReceipts(ctx: Context, conversationId: string): Promise<ReceiptState | null> {
  const userId = peerOf(conversationId, requireViewer(ctx).userId)
  const peer = userId ? await loadMembership(ctx, { conversationId, userId }) : null
  if (!userId || !peer) return null
  const { readSeq, deliveredSeq } = await peerPositions(ctx, peer)
  return { conversationId, userId, readSeq: readSeq ?? 0, deliveredSeq, share: null }
}

/** Whether the viewer may see that the peer has read. Even an event without a position would reveal it. */
export async function receiptsShown(ctx: Context, conversationId: string): Promise<boolean> {
  const userId = peerOf(conversationId, requireViewer(ctx).userId)
  const peer = userId ? await loadMembership(ctx, { conversationId, userId }) : null
  return peer !== null && (await peerPositions(ctx, peer)).readSeq !== null
}
