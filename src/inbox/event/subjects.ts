import { loadFriendRequest, requestFor } from '../../contact/request/store.ts'
import { type Context, requireViewer } from '../../context.ts'
import { directConversationId } from '../../conversation/direct.ts'
import { visibleConversation } from '../../conversation/store.ts'
import { visibleJoinRequest } from '../../group/join-request-store.ts'
import { readMedia } from '../../media/store.ts'
import { peerReceipts, type ReceiptState, receiptsShown } from './receipts.ts'

/** The lists of a `sync` page. */
export type SyncList = 'conversations' | 'friendships' | 'friendRequests' | 'joinRequests' | 'users' | 'me'

/** What is announced of one kind of subject, and how the viewer is told. */
export interface Subject {
  /** What identifies the subject; an event carries it under this name. */
  key: string
  event: string
  /** The schema version that added the event. */
  since: number
  /** Where `sync` lists the subject; null if it does not. */
  sync: SyncList | null
  /** Whether the viewer may learn of a change now; always, if left out. */
  isShown?: (ctx: Context, subjectId: string) => Promise<boolean>
  /** The state that the event carries, if the key alone does not say what changed. */
  carries?: 'pages of messages' | ((ctx: Context, subjectId: string) => Promise<ReceiptState | null>)
  /** The direct conversation that bears the subject's name, and so changes with it. */
  renames?: (viewerId: string, subjectId: string) => string
}

/** One row per kind of subject. A change of a kind that has no row here does not compile. */
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

/** The row of a kind that was read; undefined if a newer version of the server announced it. */
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
