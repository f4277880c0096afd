import { loadUser } from '../../account/store.ts'
import { type Context, requireViewer } from '../../context.ts'
import { receiptsBetween } from '../../conversation/receipt/visibility.ts'
import type { MembershipRow } from '../../conversation/store.ts'
import { loadBlock } from '../blocks.ts'

export interface PeerPositions {
  /** null if the viewer or the peer has read receipts disabled. */
  readSeq: number | null
  /** At least readSeq: what was read was delivered. */
  deliveredSeq: number
}

/**
 * The peer's positions in a direct conversation, as the viewer sees them. If the peer blocks the viewer, they stay as
 * they were at the block: movement would show that the peer reads, and so that the viewer is blocked.
 */
export async function peerPositions(ctx: Context, peer: MembershipRow): Promise<PeerPositions> {
  const viewer = requireViewer(ctx)
  const block = await loadBlock(ctx, { userId: peer.userId, peerId: viewer.userId })
  if (block) {
    const own = await loadUser(ctx, viewer.userId)
    return positions(own?.readReceipts ? block.readSeq : null, block.deliveredSeq)
  }
  const shown = await receiptsBetween(ctx, viewer.userId, peer.userId)
  return positions(shown ? peer.readSeq : null, peer.deliveredSeq)
}

const positions = (readSeq: number | null, deliveredSeq: number): PeerPositions => ({
  readSeq,
  deliveredSeq: Math.max(deliveredSeq, readSeq ?? 0),
})
