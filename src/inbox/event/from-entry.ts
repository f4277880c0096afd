import { type Context, requireViewer } from '../../context.ts'
import { loadConversation, visibleConversation } from '../../conversation/store.ts'
import type { Span } from '../snapshot.ts'
import type { EventBody } from './body.ts'
import type { RecentChanges } from './recent-changes.ts'
import { subjectOf } from './subjects.ts'

/** How far back the changes of one conversation are told one by one; beyond that the client pulls. */
const changesMax = 5_000

/** What the viewer is told of a subject, as it is now; nothing if it is no longer theirs. */
export async function subjectEvents(ctx: Context, kind: string, subjectId: string): Promise<EventBody[]> {
  const subject = subjectOf(kind)
  if (!subject || subject.carries === 'pages of messages') return []
  if (subject.isShown && !(await subject.isShown(ctx, subjectId))) return []
  const state = subject.carries ? await subject.carries(ctx, subjectId) : { [subject.key]: subjectId }
  if (!state) return []
  const renamed = subject.renames?.(requireViewer(ctx).userId, subjectId)
  return [
    { type: subject.event, ...state } as EventBody,
    ...(renamed ? await subjectEvents(ctx, 'conversation', renamed) : []),
  ]
}

export async function signalEvents(ctx: Context, conversationId: string): Promise<EventBody[]> {
  ctx.loaders.clear()
  const visible = await visibleConversation(ctx, requireViewer(ctx), conversationId)
  if (!visible) return []
  const { version, settingsVersion: revision, maxSeq, messageCount } = visible
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
  const viewerId = requireViewer(ctx).userId
  const visibleFromSeq = changes?.visibleFrom.get(viewerId)
  if (!changes || visibleFromSeq === undefined) return { bodies: [], next: null }
  if (changes.conversation.deliveryMode === 'SIGNAL')
    return { bodies: await signalEvents(ctx, conversationId), next: null }
  return {
    bodies: [{ type: 'MessagesChanged', changes, viewerId, visibleFromSeq }],
    next: changes.hasMore ? changes.version : null,
  }
}

// Versions and times grow together, so the search ends at the newest message that is old enough. The result is a version
// that some message has: a reader lacks those that were left by later changes, and must not be asked for them.
const lastSeen = `
  select coalesce(
    (select max(version) from message
     where conversation_id = $1 and version > $2 and changed_at < to_timestamp($3::float8 / 1000)),
    (select max(version) from message where conversation_id = $1 and version <= $2), 0) as "from"`

/**
 * The changes of a conversation that a reader may have missed who has everything from before a time. It reaches to the
 * version of now: what was loaded a moment ago for others may not hold what this reader's entry stands for.
 */
export async function missedSpan(ctx: Context, conversationId: string, since: number): Promise<Span | null> {
  ctx.loaders.clear()
  const conversation = await loadConversation(ctx, conversationId)
  if (!conversation) return null
  const [row] = await ctx.sql.query<{ from: number }>(lastSeen, [
    conversationId,
    conversation.version - changesMax,
    since,
  ])
  return { conversationId, from: row?.from ?? 0, to: conversation.version }
}
