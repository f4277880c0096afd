import { UserConnection, UserType } from '../account/refs.ts'
import { loadUser } from '../account/store.ts'
import { type Context, requireViewer } from '../context.ts'
import { DirectConversationType } from '../conversation/refs.ts'
import { notFound } from '../errors.ts'
import { builder } from '../platform/graphql/builder.ts'
import { defineConnection, pageArgs } from '../platform/graphql/connection.ts'
import { blockUser } from './block/block.ts'
import { acceptFriendRequest } from './request/accept.ts'
import { cancelFriendRequest } from './request/cancel.ts'
import { declineFriendRequest } from './request/decline.ts'
import './direct/schema.ts'
import { openDirectConversation } from './direct/open.ts'
import { removeFriend } from './friend/remove.ts'
import { listBlockedUsers, listFriendRequests, listFriends } from './lists.ts'
import { FriendRequestType, FriendshipType } from './refs.ts'
import { requestFriend } from './request/send.ts'
import './search-schema.ts'
import { setFriendRemark } from './friend/set-remark.ts'
import './objects.ts'
import { unblockUser } from './block/unblock.ts'

const FriendRequestDirection = builder.enumType('FriendRequestDirection', {
  description: 'Which side of a friend request I am on.',
  values: {
    INCOMING: { description: 'Others ask me.' },
    OUTGOING: { description: 'I ask others.' },
  } as const,
})

const FriendshipConnection = defineConnection('Friendship', () => FriendshipType, 'friendships')
const FriendRequestConnection = defineConnection('FriendRequest', () => FriendRequestType, 'friend requests')

builder.queryFields((t) => ({
  friends: t.field({
    type: FriendshipConnection,
    description: 'My friends, in the order of the remark or else the display name.',
    args: pageArgs,
    resolve: (_root, args, ctx) => listFriends(ctx, requireViewer(ctx), args),
  }),
  friendRequests: t.field({
    type: FriendRequestConnection,
    description: 'Friend requests to or from me, whatever became of them, the newest first.',
    args: {
      direction: t.arg({
        type: FriendRequestDirection,
        required: true,
        defaultValue: 'INCOMING',
        description: 'Those to me, or those from me.',
      }),
      ...pageArgs,
    },
    resolve: (_root, args, ctx) => listFriendRequests(ctx, requireViewer(ctx), args),
  }),
  blockedUsers: t.field({
    type: UserConnection,
    description: 'Whom I block, the latest first.',
    args: pageArgs,
    resolve: (_root, args, ctx) => listBlockedUsers(ctx, requireViewer(ctx), args),
  }),
}))

/** The user that a verb was about, as they are after it. */
async function reloadedUser(
  ctx: Context,
  verb: (ctx: Context, userId: string) => Promise<void>,
  userId: string,
) {
  await verb(ctx, userId)
  const user = await loadUser(ctx, userId)
  if (!user) throw notFound('user')
  return user
}

const userId = { required: true, description: 'The id of the other user.' } as const
const requestId = { required: true, description: 'The id of the friend request.' } as const

builder.mutationFields((t) => ({
  requestFriend: t.field({
    type: FriendRequestType,
    description:
      'Asks a user to be friends. While a request of mine is pending, the same one is returned; when theirs to me is pending, we are friends at once and that one comes back ACCEPTED. NOT_FOUND for an unknown or deleted user, CONFLICT when we are friends already, BLOCKED when I have blocked them, INVALID_INPUT for myself or too long a note, RATE_LIMITED after too many, sooner for a new account.',
    args: {
      userId: t.arg.id(userId),
      note: t.arg.string({ description: 'Words to go with it, at most 200 code points.' }),
    },
    resolve: (_root, args, ctx) => requestFriend(ctx, args.userId, args.note),
  }),
  acceptFriendRequest: t.field({
    type: FriendRequestType,
    description:
      'Agrees to be friends, which opens our conversation. Repeating it changes nothing. FORBIDDEN for its sender, CONFLICT when it was declined or cancelled, NOT_FOUND.',
    args: { id: t.arg.id(requestId) },
    resolve: (_root, { id }, ctx) => acceptFriendRequest(ctx, id),
  }),
  declineFriendRequest: t.field({
    type: FriendRequestType,
    description:
      'Does not agree; the sender sees it and may ask again. Repeating it changes nothing. FORBIDDEN for its sender, CONFLICT when it was accepted or cancelled, NOT_FOUND.',
    args: { id: t.arg.id(requestId) },
    resolve: (_root, { id }, ctx) => declineFriendRequest(ctx, id),
  }),
  cancelFriendRequest: t.field({
    type: FriendRequestType,
    description:
      'Takes a request of mine back. Repeating it changes nothing. FORBIDDEN for its recipient, CONFLICT when it was accepted or declined, NOT_FOUND.',
    args: { id: t.arg.id(requestId) },
    resolve: (_root, { id }, ctx) => cancelFriendRequest(ctx, id),
  }),
  removeFriend: t.field({
    type: UserType,
    description:
      'Ends a friendship for both; the conversation stays readable. Changes nothing when there is none. NOT_FOUND for an unknown user.',
    args: { userId: t.arg.id(userId) },
    resolve: (_root, args, ctx) => reloadedUser(ctx, removeFriend, args.userId),
  }),
  setFriendRemark: t.field({
    type: FriendshipType,
    description:
      'Gives a friend a name that only I see, also as the title of our conversation. NOT_FRIENDS when they are no friend, INVALID_INPUT when it is too long.',
    args: {
      userId: t.arg.id(userId),
      remark: t.arg.string({ description: 'At most 64 code points; null or empty takes it away.' }),
    },
    resolve: (_root, args, ctx) => setFriendRemark(ctx, args.userId, args.remark),
  }),
  blockUser: t.field({
    type: UserType,
    description:
      'Stops messages, friend requests and group invitations by this user, ends our friendship and hides each from the searches of the other. They are not told. What was written stays readable. Repeating it changes nothing. NOT_FOUND for an unknown or deleted user, INVALID_INPUT for myself.',
    args: { userId: t.arg.id(userId) },
    resolve: (_root, args, ctx) => reloadedUser(ctx, blockUser, args.userId),
  }),
  unblockUser: t.field({
    type: UserType,
    description:
      'Lifts a block; it does not bring the friendship back. Changes nothing when there is none. NOT_FOUND for an unknown user.',
    args: { userId: t.arg.id(userId) },
    resolve: (_root, args, ctx) => reloadedUser(ctx, unblockUser, args.userId),
  }),
  openDirectConversation: t.field({
    type: DirectConversationType,
    description:
      'Our conversation: the one there is, or a new one with a user I may write to. Otherwise NOT_FRIENDS; BLOCKED when I have blocked them, NOT_FOUND for an unknown user, INVALID_INPUT for myself, RATE_LIMITED after too many who are no friends.',
    args: { userId: t.arg.id(userId) },
    resolve: (_root, args, ctx) => openDirectConversation(ctx, args.userId),
  }),
}))
