import { loadFriendRequest, requestFor } from '../../contact/request/store.ts'
import { type Context, requireViewer } from '../../context.ts'
import { directConversationId } from '../../conversation/direct.ts'
import { visibleConversation } from '../../conversation/store.ts'
import { visibleJoinRequest } from '../../group/join-request-store.ts'
import { readMedia } from '../../media/store.ts'
import { peerReceipts, type ReceiptState, receiptsShown } from './receipts.ts'

/** The lists of a `sync` page. */
export type SyncList = 'conversations' | 'friendships' | 'friendRequests' | 'joinRequests' | 'users' | 'me'

/** How a change of one kind of subject is delivered. */
export interface Subject {
  /** Name of the subject's id in the event. */
  key: string
  event: string
  /** The schema version that added the event. */
  since: number
  /** The list of `sync` that contains the subject; null if none. */
  sync: SyncList | null
  /** Whether the viewer may see the change now; always, if left out. */
  isShown?: (ctx: Context, subjectId: string) => Promise<boolean>
  /** The state in the event, for events that carry more than the key. */
  carries?: 'pages of messages' | ((ctx: Context, subjectId: string) => Promise<ReceiptState | null>)
  /** The direct conversation that shows the subject's name and therefore changes with it. */
  renames?: (viewerId: string, subjectId: string) => string
}

/** One row per kind of subject. A change of a kind without a row does not compile. */
export const subjects = {
  conversation: {
    key: 'conversationId',
    event: 'ConversationChanged',
    since: 1,
    sync: 'conversations',
    isShown: isMember,
  },
  messages: {
    key: 'conversationId',
    event: 'MessagesChanged',
    since: 1,
    sync: 'conversations',
    isShown: isMember,
    carries: 'pages of messages',
  },
  receipts: {
    key: 'conversationId',
    event: 'ReceiptsChanged',
    since: 1,
    sync: 'conversations',
    isShown: receiptsShown,
    carries: peerReceipts,
  },
  delivered: {
    key: 'conversationId',
    event: 'ReceiptsChanged',
    since: 1,
    sync: 'conversations',
    isShown: isMember,
    carries: peerReceipts,
  },
  friendship: {
    key: 'userId',
    event: 'FriendshipChanged',
    since: 1,
    sync: 'friendships',
  },
  request: {
    key: 'requestId',
    event: 'FriendRequestChanged',
    since: 1,
    sync: 'friendRequests',
    isShown: isFriendRequestShown,
  },
  joinRequest: {
    key: 'joinRequestId',
    event: 'JoinRequestChanged',
    since: 2,
    sync: 'joinRequests',
    isShown: isJoinRequestShown,
  },
  user: {
    key: 'userId',
    event: 'UserChanged',
    since: 1,
    sync: 'users',
    renames: directConversationId,
  },
  me: {
    key: 'userId',
    event: 'MeChanged',
    since: 1,
    sync: 'me',
  },
  media: {
    key: 'mediaId',
    event: 'MediaChanged',
    since: 2,
    sync: null,
    isShown: isMediaShown,
  },
} as const satisfies Record<string, Subject>

export type Subjects = typeof subjects

declare module '../../transaction.ts' {
  interface SubjectKinds extends Subjects {}
}

/** The row of a stored kind; undefined if a newer version of the server wrote it. */
export const subjectOf = (kind: string): Subject | undefined => (subjects as Record<string, Subject>)[kind]

async function isMember(ctx: Context, conversationId: string): Promise<boolean> {
  return (await visibleConversation(ctx, requireViewer(ctx), conversationId)) !== null
}

async function isFriendRequestShown(ctx: Context, requestId: string): Promise<boolean> {
  return requestFor(await loadFriendRequest(ctx, requestId), requireViewer(ctx).userId) !== null
}

async function isJoinRequestShown(ctx: Context, joinRequestId: string): Promise<boolean> {
  return (await visibleJoinRequest(ctx, joinRequestId)) !== null
}

async function isMediaShown(ctx: Context, mediaId: string): Promise<boolean> {
  return (await readMedia(ctx, mediaId)) !== null
}
