import { loadUser } from '../../account/store.ts'
import { loadFriendship } from '../../contact/store.ts'
import type { Context } from '../../context.ts'
import { peerOf } from '../../conversation/direct.ts'
import { loadMembership } from '../../conversation/store.ts'
import { loadGroup } from '../../group/store.ts'
import type { MessageRow } from '../../message/store.ts'

/** The sender's name for the reader: the remark, the nickname in the group, or the display name. */
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

/** The conversation's title in the reader's list. */
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
