import { namedUser, type UserRow } from '../../account/store.ts'
import { type Context, requireViewer } from '../../context.ts'
import { peerOf } from '../../conversation/direct.ts'
import { type ConversationRow, loadMembership, type MembershipRow } from '../../conversation/store.ts'
import { afterLookup, type Lookup } from '../../platform/loader.ts'
import { loadFriendship } from '../store.ts'

export function peerIdOf(ctx: Context, { id }: ConversationRow): string {
  const peerId = peerOf(id, requireViewer(ctx).userId)
  if (!peerId) throw new Error(`The viewer is not in the direct conversation ${id}.`)
  return peerId
}

export const loadPeer = (ctx: Context, conversation: ConversationRow): Lookup<UserRow> =>
  namedUser(ctx, peerIdOf(ctx, conversation))

/** The viewer's remark for the peer, or else the peer's display name. */
export function directTitle(ctx: Context, conversation: ConversationRow): Lookup<string> {
  const { userId } = requireViewer(ctx)
  return afterLookup(loadPeer(ctx, conversation), (peer) =>
    afterLookup(
      loadFriendship(ctx, { userId, peerId: peer.id }),
      (friendship) => friendship?.remark ?? peer.displayName,
    ),
  )
}

export function loadPeerMembership(
  ctx: Context,
  conversation: ConversationRow,
): Lookup<MembershipRow | null> {
  return loadMembership(ctx, { conversationId: conversation.id, userId: peerIdOf(ctx, conversation) })
}
