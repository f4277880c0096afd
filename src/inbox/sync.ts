import { type Context, requireViewer } from '../context.ts'
import { refuse } from '../errors.ts'
import { pageSize } from '../platform/graphql/page.ts'
import { type Subject, type SyncList, subjectOf, subjects } from './event/subjects.ts'
import { decodeCursor, encodeCursor, otherHistory } from './position.ts'
import { type InboxEntry, type InboxSnapshot, readHead, readSnapshot, streamStart } from './snapshot.ts'

/** Ids of what changed for the viewer after a position; the current state is read when they are resolved. */
export interface SyncPage {
  removedConversationIds: string[]
  ids: Record<SyncList, string[]>
  cursor: string
  hasMore: boolean
}

/** A page of everything that changed for the viewer after a cursor; without one, everything. */
export async function sync(
  ctx: Context,
  args: { after?: string | null; first?: number | null },
): Promise<SyncPage> {
  const viewer = requireViewer(ctx)
  const limit = pageSize(ctx.config.limits, args.first)
  const after = args.after ? decodeCursor(viewer.userId, args.after) : streamStart
  if ('reason' in after) throw resyncRefusal(after.reason)
  const snapshot = await readSnapshot(ctx.sql, viewer.userId, after, limit)
  if (!snapshot) throw resyncRefusal(otherHistory)

  const { history, position } = snapshot
  const ids = await idsByList(ctx, snapshot)
  const removedConversationIds = removedAfter(snapshot.entries, args.after ? after.position.streamSeq : null)
  const owesUnread = after.owesUnread || removedConversationIds.length > 0 || ids.conversations.length > 0
  return {
    ...{ removedConversationIds, ids },
    cursor: encodeCursor({ userId: viewer.userId, history }, position, owesUnread),
    hasMore: snapshot.hasMore,
  }
}

const resyncRefusal = (reason: string) =>
  refuse('CONFLICT', `${reason} Sync again without a cursor.`, { resync: true })

/** Ids of the subjects that the viewer may see, by list. */
async function idsByList(ctx: Context, snapshot: InboxSnapshot): Promise<SyncPage['ids']> {
  const changed = [
    ...snapshot.entries.flatMap((entry) => listed(entry, requireViewer(ctx).userId)),
    ...[
      ...snapshot.byClock.map(({ id }) => id),
      ...snapshot.undelivered.map((late) => late.conversationId),
    ].map((id) => inList(subjects.conversation, id)),
  ]
  const shown = await Promise.all(
    changed.map(async ({ isShown, id }) => isShown === undefined || isShown(ctx, id)),
  )
  const idsOf = (wanted: SyncList) => [
    ...new Set(changed.flatMap(({ list, id }, index) => (list === wanted && shown[index] ? [id] : []))),
  ]
  return {
    conversations: idsOf('conversations'),
    friendships: idsOf('friendships'),
    friendRequests: idsOf('friendRequests'),
    joinRequests: idsOf('joinRequests'),
    users: idsOf('users'),
    me: idsOf('me'),
  }
}

const inList = ({ sync, isShown }: Subject, id: string) => ({ list: sync, id, isShown })

function listed({ kind, subjectId }: InboxEntry, viewerId: string) {
  const subject = subjectOf(kind)
  if (!subject?.sync) return []
  const renamed = subject.renames?.(viewerId, subjectId)
  return [inList(subject, subjectId), ...(renamed ? [inList(subjects.conversation, renamed)] : [])]
}

/** Without a cursor the client holds nothing to remove. */
function removedAfter(entries: InboxEntry[], streamSeq: number | null): string[] {
  if (streamSeq === null) return []
  return entries
    .filter((entry) => entry.kind === 'conversation' && (entry.removedStreamSeq ?? 0) > streamSeq)
    .map((entry) => entry.subjectId)
}

/** The current end of the viewer's stream. */
export async function syncCursor(ctx: Context): Promise<string> {
  const { userId } = requireViewer(ctx)
  const { history, ...head } = await readHead(ctx.sql, userId)
  return encodeCursor({ userId, history }, head)
}
