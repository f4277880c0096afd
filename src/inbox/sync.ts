import { type Context, requireViewer } from '../context.ts'
import { directConversationId } from '../conversation/direct.ts'
import { visibleConversation } from '../conversation/store.ts'
import { refuse } from '../errors.ts'
import { pageSize } from '../platform/graphql/page.ts'
import { receiptsShown } from './event/from-entry.ts'
import { decodeCursor, encodeCursor, type Position } from './position.ts'
import { type InboxEntry, type InboxSnapshot, readHead, readSnapshot } from './snapshot.ts'

/** What changed for the viewer after a position, by what it is; each resolved as it is now. */
export interface SyncPage {
  removedConversationIds: string[]
  conversationIds: string[]
  friendIds: string[]
  friendRequestIds: string[]
  joinRequestIds: string[]
  userIds: string[]
  meChanged: boolean
  cursor: string
  hasMore: boolean
}

const beginning: Position = { streamSeq: 0, horizon: 0 }

/** A page of everything of the viewer's that changed after a cursor; without one, everything there is. */
export async function sync(
  ctx: Context,
  args: { after?: string | null; first?: number | null },
): Promise<SyncPage> {
  const viewer = requireViewer(ctx)
  const owner = { userId: viewer.userId, epoch: ctx.inbox.epoch }
  const limit = pageSize(ctx.config.limits, args.first)
  const after = args.after ? decodeCursor(owner, args.after) : beginning
  if ('reason' in after)
    throw refuse('CONFLICT', `${after.reason} Sync again without a cursor.`, { resync: true })

  const snapshot = await readSnapshot(ctx.sql, viewer.userId, after, limit)
  const subjects = (kind: string) =>
    snapshot.entries.filter((entry) => entry.kind === kind).map((entry) => entry.subjectId)
  return {
    removedConversationIds: removedAfter(snapshot.entries, args.after ? after.streamSeq : null),
    conversationIds: await mine(ctx, [
      ...changedConversations(snapshot, viewer.userId),
      ...(await withReceipts(ctx, subjects('receipts'))),
    ]),
    friendIds: subjects('friendship'),
    friendRequestIds: subjects('request'),
    joinRequestIds: subjects('joinRequest'),
    userIds: subjects('user'),
    meChanged: subjects('me').length > 0,
    cursor: encodeCursor(owner, snapshot.position),
    hasMore: snapshot.hasMore,
  }
}

function changedConversations(snapshot: InboxSnapshot, viewerId: string): string[] {
  const of = (kinds: string[]) => snapshot.entries.filter((entry) => kinds.includes(entry.kind))
  return [
    ...of(['conversation', 'messages', 'delivered']).map((entry) => entry.subjectId),
    // A direct conversation bears the peer's name.
    ...of(['user']).map((entry) => directConversationId(viewerId, entry.subjectId)),
    ...snapshot.signalIds,
    ...snapshot.undelivered.map((each) => each.conversationId),
  ]
}

/** Who begins with nothing has nothing to remove. */
function removedAfter(entries: InboxEntry[], streamSeq: number | null): string[] {
  if (streamSeq === null) return []
  return entries
    .filter((entry) => entry.kind === 'conversation' && (entry.removedStreamSeq ?? 0) > streamSeq)
    .map((entry) => entry.subjectId)
}

/** Those in which the viewer may hear that the peer has read. */
async function withReceipts(ctx: Context, conversationIds: string[]): Promise<string[]> {
  const shown = await Promise.all(conversationIds.map((id) => receiptsShown(ctx, id)))
  return conversationIds.filter((_id, index) => shown[index])
}

async function mine(ctx: Context, changed: string[]): Promise<string[]> {
  const viewer = requireViewer(ctx)
  const conversationIds = [...new Set(changed)]
  const visible = await Promise.all(conversationIds.map((id) => visibleConversation(ctx, viewer, id)))
  return conversationIds.filter((_id, index) => visible[index])
}

/** Where the viewer's stream ends now. */
export async function syncCursor(ctx: Context): Promise<string> {
  const { userId } = requireViewer(ctx)
  return encodeCursor({ userId, epoch: ctx.inbox.epoch }, await readHead(ctx.sql, userId))
}
