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
