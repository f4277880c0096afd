import { type Context, requireViewer } from '../../context.ts'
import { loadConversation, visibleConversation } from '../../conversation/store.ts'
import { arrayOf } from '../../platform/db/columns.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { gather } from '../../platform/loader.ts'
import type { Span } from '../snapshot.ts'
import type { EventBody } from './body.ts'
import type { RecentChanges } from './recent-changes.ts'
import type { LoadedChanges } from './recent-conversation.ts'
import { subjectOf } from './subjects.ts'

/** Number of changes of one conversation that a catch-up delivers; the client pulls older ones. */
const changesMax = 5_000

/** The events of a changed subject in its current state; none if the viewer may no longer see it. */
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

/** Events, and the version after which the next page of a conversation's changes starts. */
export interface MessagePage {
  bodies: EventBody[]
  next: number | null
  /** Whether the viewer is no member. */
  isHidden?: boolean
}

/** A page of a conversation's changes after a version; at once if this process has them. */
export function messageEvents(
  ctx: Context,
  recent: RecentChanges,
  conversationId: string,
  span: { from: number; to: number },
): MessagePage | Promise<MessagePage> {
  const changes = recent.load(conversationId, span.from, span.to)
  return changes instanceof Promise
    ? changes.then((loaded) => pageFor(ctx, conversationId, loaded))
    : pageFor(ctx, conversationId, changes)
}

function pageFor(
  ctx: Context,
  conversationId: string,
  changes: LoadedChanges | null,
): MessagePage | Promise<MessagePage> {
  if (changes?.conversation.deliveryMode === 'SIGNAL')
    return signalEvents(ctx, conversationId).then((bodies) => ({ bodies, next: null }))
  const viewerId = requireViewer(ctx).userId
  const visibleFromSeq = changes?.visibleFrom.get(viewerId)
  if (!changes || visibleFromSeq === undefined) return { bodies: [], next: null, isHidden: true }
  return {
    bodies: [{ type: 'MessagesChanged', changes, viewerId, visibleFromSeq }],
    next: changes.hasMore ? changes.version : null,
  }
}

// Versions and times grow together, so the search ends at the newest message that is old enough. The result is a version
// that a message still has: the client cannot pull from a version that later changes have replaced.
const lastSeen = `
  select coalesce(
    (select max(version) from message
     where conversation_id = k.id and version > k.version and changed_at < to_timestamp(k.since::float8 / 1000)),
    (select max(version) from message where conversation_id = k.id and version <= k.version), 0) as "from"
  from unnest(${arrayOf(1, 'text')}, ${arrayOf(2, 'integer')}, ${arrayOf(3, 'bigint')})
    with ordinality as k (id, version, since, place)
  order by k.place`

const seenBefore = gather(
  (sql: Sql, spans: readonly { conversationId: string; version: number; since: number }[]) =>
    sql.query<{ from: number }>(lastSeen, [
      spans.map(({ conversationId }) => conversationId),
      spans.map(({ version }) => version),
      spans.map(({ since }) => since),
    ]),
)

/**
 * The changes of a conversation since a time, up to the current version. The current one, because changes that were
 * loaded earlier for other readers may be older than this reader's entry.
 */
export async function missedSpan(ctx: Context, conversationId: string, since: number): Promise<Span | null> {
  ctx.loaders.clear()
  const conversation = await loadConversation(ctx, conversationId)
  if (!conversation) return null
  const version = conversation.version - changesMax
  const { from } = await seenBefore(ctx.sql, { conversationId, version, since })
  return { conversationId, from, to: conversation.version }
}
