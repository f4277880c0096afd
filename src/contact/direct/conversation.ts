import { namedUser, type UserRow } from '../../account/store.ts'
import { type Context, requireViewer } from '../../context.ts'
import { peerOf } from '../../conversation/direct.ts'
import { type ConversationRow, loadMembership, type MembershipRow } from '../../conversation/store.ts'
import { loadFriendship } from '../store.ts'

export function peerIdOf(ctx: Context, { id }: ConversationRow): string {
  const peerId = peerOf(id, requireViewer(ctx).userId)
  if (!peerId) throw new Error(`The viewer is not in the direct conversation ${id}.`)
  return peerId
}

export const loadPeer = (ctx: Context, conversation: ConversationRow): Promise<UserRow> =>
  namedUser(ctx, peerIdOf(ctx, conversation))

/** The viewer's remark for the peer, or else the peer's display name. */
export async function directTitle(ctx: Context, conversation: ConversationRow): Promise<string> {
  const { userId } = requireViewer(ctx)
  const peer = await loadPeer(ctx, conversation)
  const friendship = await loadFriendship(ctx, { userId, peerId: peer.id })
  return friendship?.remark ?? peer.displayName
}

export function loadPeerMembership(
  ctx: Context,
  conversation: ConversationRow,
): Promise<MembershipRow | null> {
  return loadMembership(ctx, { conversationId: conversation.id, userId: peerIdOf(ctx, conversation) })
}
