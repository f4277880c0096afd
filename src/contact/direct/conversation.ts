import { loadUser, type UserRow } from '../../account/store.ts'
import { type Context, requireViewer } from '../../context.ts'
import { peerOf } from '../../conversation/direct.ts'
import { type ConversationRow, loadMembership, type MembershipRow } from '../../conversation/store.ts'
import { notFound } from '../../errors.ts'
import { loadFriendship } from '../store.ts'

export function requirePeerId(ctx: Context, conversation: ConversationRow): string {
  const peerId = peerOf(conversation.id, requireViewer(ctx).userId)
  if (!peerId) throw notFound('conversation')
  return peerId
}

export async function loadPeer(ctx: Context, conversation: ConversationRow): Promise<UserRow> {
  const peer = await loadUser(ctx, requirePeerId(ctx, conversation))
  if (!peer) throw notFound('user')
  return peer
}

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
  return loadMembership(ctx, { conversationId: conversation.id, userId: requirePeerId(ctx, conversation) })
}
