import { loadUser } from '../../account/store.ts'
import { loadFriendship } from '../../contact/store.ts'
import type { Context } from '../../context.ts'
import { peerOf } from '../../conversation/direct.ts'
import { loadMembership } from '../../conversation/store.ts'
import { loadGroup } from '../../group/store.ts'
import type { MessageRow } from '../../message/store.ts'

/** What the reader calls the sender: a remark, the sender's name in the group, or the display name. */
export async function senderFor(
  ctx: Context,
  readerId: string,
  { conversationId, senderId }: MessageRow,
): Promise<string> {
  if (!senderId) return ''
  const remark = await remarkFor(ctx, readerId, senderId)
  if (remark) return remark
  const membership = await loadMembership(ctx, { conversationId, userId: senderId })
  return membership?.nickname ?? displayName(ctx, senderId)
}

/** What the reader's list calls a conversation. */
export async function titleFor(ctx: Context, readerId: string, conversationId: string): Promise<string> {
  const peerId = peerOf(conversationId, readerId)
  if (!peerId) return (await loadGroup(ctx, conversationId))?.name ?? ''
  return (await remarkFor(ctx, readerId, peerId)) ?? displayName(ctx, peerId)
}

async function remarkFor(ctx: Context, userId: string, peerId: string): Promise<string | null> {
  return (await loadFriendship(ctx, { userId, peerId }))?.remark ?? null
}

async function displayName(ctx: Context, userId: string): Promise<string> {
  return (await loadUser(ctx, userId))?.displayName ?? ''
}
