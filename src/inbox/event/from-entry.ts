import { loadFriendRequest, requestFor } from '../../contact/request/store.ts'
import { type Context, requireViewer } from '../../context.ts'
import { directConversationId, peerOf } from '../../conversation/direct.ts'
import { receiptsBetween, shownDeliveredSeq, shownReadSeq } from '../../conversation/receipt/visibility.ts'
import { loadConversation, loadMembership, visibleConversation } from '../../conversation/store.ts'
import { visibleJoinRequest } from '../../group/join-request-store.ts'
import { readMedia } from '../../media/store.ts'
import type { Span } from '../snapshot.ts'
import type { EventBody } from './body.ts'
import type { RecentChanges } from './recent-changes.ts'

/** How far back the changes of one conversation are told one by one; beyond that the client pulls. */
const changesMax = 5_000

/** What is told of a subject, as it is now; nothing of what is no longer this person's. */
export async function subjectEvents(ctx: Context, kind: string, subjectId: string): Promise<EventBody[]> {
  switch (kind) {
    case 'conversation':
      return (await visibleConversation(ctx, requireViewer(ctx), subjectId))
        ? [{ type: 'ConversationChanged', conversationId: subjectId }]
        : []
    case 'receipts':
      return (await receiptsShown(ctx, subjectId)) ? receiptEvents(ctx, subjectId) : []
    case 'delivered':
      return receiptEvents(ctx, subjectId)
    case 'request':
      return requestFor(await loadFriendRequest(ctx, subjectId), requireViewer(ctx).userId)
        ? [{ type: 'FriendRequestChanged', requestId: subjectId }]
        : []
    case 'joinRequest':
      return (await visibleJoinRequest(ctx, subjectId))
        ? [{ type: 'JoinRequestChanged', joinRequestId: subjectId }]
        : []
    case 'friendship':
      return [{ type: 'FriendshipChanged', userId: subjectId }]
    case 'user':
      return userEvents(ctx, subjectId)
    case 'media':
      return (await readMedia(ctx, subjectId)) ? [{ type: 'MediaChanged', mediaId: subjectId }] : []
    case 'me':
      return [{ type: 'MeChanged' }]
    default:
      return []
  }
}

/** A direct conversation bears the peer's name, so it changes with the peer. */
async function userEvents(ctx: Context, userId: string): Promise<EventBody[]> {
  const viewer = requireViewer(ctx)
  const conversationId = directConversationId(viewer.userId, userId)
  const conversation = await visibleConversation(ctx, viewer, conversationId)
  return [
    { type: 'UserChanged', userId },
    ...(conversation ? [{ type: 'ConversationChanged', conversationId } as const] : []),
  ]
}

async function receiptEvents(ctx: Context, conversationId: string): Promise<EventBody[]> {
  const userId = peerOf(conversationId, requireViewer(ctx).userId)
  const peer = userId ? await loadMembership(ctx, { conversationId, userId }) : null
  if (!userId || !peer) return []
  const readSeq = await shownReadSeq(ctx, peer)
  const deliveredSeq = await shownDeliveredSeq(ctx, peer)
  return [{ type: 'ReceiptsChanged', conversationId, userId, readSeq, deliveredSeq, share: null }]
}

/** Whether the viewer may hear that the peer has read: that there is news of it would tell as much. */
export async function receiptsShown(ctx: Context, conversationId: string): Promise<boolean> {
  const { userId } = requireViewer(ctx)
  const peerId = peerOf(conversationId, userId)
  return peerId !== null && (await receiptsBetween(ctx, userId, peerId))
}

export async function signalEvents(ctx: Context, conversationId: string): Promise<EventBody[]> {
  ctx.loaders.clear()
  const visible = await visibleConversation(ctx, requireViewer(ctx), conversationId)
  if (!visible) return []
  const { version, revision, maxSeq, messageCount } = visible
  return [{ type: 'ConversationSignal', state: { conversationId, version, revision, maxSeq, messageCount } }]
}

/** A page of a conversation's changes after a version, and the version to go on from when there are more. */
export async function messageEvents(
  ctx: Context,
  recent: RecentChanges,
  conversationId: string,
  span: { from: number; to: number },
): Promise<{ bodies: EventBody[]; next: number | null }> {
  const changes = await recent.load(conversationId, span.from, span.to)
  const visibleFromSeq = changes?.visibleFrom.get(requireViewer(ctx).userId)
  if (!changes || visibleFromSeq === undefined) return { bodies: [], next: null }
  if (changes.conversation.deliveryMode === 'SIGNAL')
    return { bodies: await signalEvents(ctx, conversationId), next: null }
  return {
    bodies: [{ type: 'MessagesChanged', changes, visibleFromSeq }],
    next: changes.hasMore ? changes.version : null,
  }
}

// From the message before: what was changed again since left versions that no message has any more, and a reader who
// does not have those must not be told to ask for them.
const firstMissed = `
  select (select max(version) from message where conversation_id = $1 and version < missed.version) as "from"
  from (
    select min(version) as version from message
    where conversation_id = $1 and version > $2 and changed_xid >= $3
  ) missed
  where missed.version is not null`

/**
 * The changes that a reader at this horizon may have missed; null when there are none. It reaches to the version of
 * now: what was loaded a moment ago for others may not hold what this reader's entry stands for.
 */
export async function spanMissed(
  ctx: Context,
  conversationId: string,
  horizon: number,
): Promise<Span | null> {
  ctx.loaders.clear()
  const conversation = await loadConversation(ctx, conversationId)
  if (!conversation) return null
  const [row] = await ctx.sql.query<{ from: number | null }>(firstMissed, [
    conversationId,
    conversation.version - changesMax,
    horizon,
  ])
  return row ? { conversationId, from: row.from ?? 0, to: conversation.version } : null
}
