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
  description: 'Direction of friend requests.',
  values: {
    INCOMING: { description: 'Requests to the viewer.' },
    OUTGOING: { description: 'Requests from the viewer.' },
  } as const,
})

const FriendshipConnection = defineConnection('Friendship', () => FriendshipType, 'friendships', {
  counted: 'always',
})
const FriendRequestConnection = defineConnection('FriendRequest', () => FriendRequestType, 'friend requests')

builder.queryFields((t) => ({
  friends: t.field({
    type: FriendshipConnection,
    description: "The viewer's friends, sorted by remark or else display name.",
    args: pageArgs,
    resolve: (_root, args, ctx) => listFriends(ctx, requireViewer(ctx), args),
  }),
  friendRequests: t.field({
    type: FriendRequestConnection,
    description: 'Friend requests to or from the viewer in any status, newest first.',
    args: {
      direction: t.arg({
        type: FriendRequestDirection,
        required: true,
        defaultValue: 'INCOMING',
        description: 'Requests to or from the viewer.',
      }),
      ...pageArgs,
    },
    resolve: (_root, args, ctx) => listFriendRequests(ctx, requireViewer(ctx), args),
  }),
  blockedUsers: t.field({
    type: UserConnection,
    description: 'Users that the viewer blocks, last blocked first.',
    args: pageArgs,
    resolve: (_root, args, ctx) => listBlockedUsers(ctx, requireViewer(ctx), args),
  }),
}))

/** Runs an operation on a user and returns the user as it is afterwards. */
async function reloadedUser(
  ctx: Context,
  operation: (ctx: Context, userId: string) => Promise<void>,
  userId: string,
) {
  await operation(ctx, userId)
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
      "Sends a friend request. If one from the viewer is pending, it is returned; if one from the other user is pending, the two become friends and it is returned as ACCEPTED. NOT_FOUND for an unknown or deleted user, CONFLICT if they are already friends, BLOCKED if the viewer blocks the user, INVALID_INPUT for the viewer's own id or too long a note, RATE_LIMITED above the limits, which are lower for new accounts.",
    args: {
      userId: t.arg.id(userId),
      note: t.arg.string({ description: 'Note for the recipient, at most 200 code points.' }),
    },
    resolve: (_root, args, ctx) => requestFriend(ctx, args.userId, args.note),
  }),
  acceptFriendRequest: t.field({
    type: FriendRequestType,
    description:
      'Accepts a friend request and opens the direct conversation. Idempotent. FORBIDDEN for the sender, CONFLICT if it was declined or cancelled, NOT_FOUND.',
    args: { id: t.arg.id(requestId) },
    resolve: (_root, { id }, ctx) => acceptFriendRequest(ctx, id),
  }),
  declineFriendRequest: t.field({
    type: FriendRequestType,
    description:
      'Declines a friend request; the sender sees it and may send another. Idempotent. FORBIDDEN for the sender, CONFLICT if it was accepted or cancelled, NOT_FOUND.',
    args: { id: t.arg.id(requestId) },
    resolve: (_root, { id }, ctx) => declineFriendRequest(ctx, id),
  }),
  cancelFriendRequest: t.field({
    type: FriendRequestType,
    description:
      'Cancels a friend request of the viewer. Idempotent. FORBIDDEN for the recipient, CONFLICT if it was accepted or declined, NOT_FOUND.',
    args: { id: t.arg.id(requestId) },
    resolve: (_root, { id }, ctx) => cancelFriendRequest(ctx, id),
  }),
  removeFriend: t.field({
    type: UserType,
    description:
      'Ends a friendship for both users; the conversation stays readable. Idempotent. NOT_FOUND for an unknown user.',
    args: { userId: t.arg.id(userId) },
    resolve: (_root, args, ctx) => reloadedUser(ctx, removeFriend, args.userId),
  }),
  setFriendRemark: t.field({
    type: FriendshipType,
    description:
      "Sets the viewer's private name for a friend, which is also the title of their direct conversation. NOT_FRIENDS if they are not friends, INVALID_INPUT if it is too long.",
    args: {
      userId: t.arg.id(userId),
      remark: t.arg.string({ description: 'At most 64 code points; null or empty removes it.' }),
    },
    resolve: (_root, args, ctx) => setFriendRemark(ctx, args.userId, args.remark),
  }),
  blockUser: t.field({
    type: UserType,
    description:
      "Blocks a user: ends the friendship and prevents messages, friend requests and group additions by the user. The user is not notified, and existing messages stay readable. Idempotent. NOT_FOUND for an unknown or deleted user, INVALID_INPUT for the viewer's own id.",
    args: { userId: t.arg.id(userId) },
    resolve: (_root, args, ctx) => reloadedUser(ctx, blockUser, args.userId),
  }),
  unblockUser: t.field({
    type: UserType,
    description:
      'Removes a block; the friendship is not restored. Idempotent. NOT_FOUND for an unknown user.',
    args: { userId: t.arg.id(userId) },
    resolve: (_root, args, ctx) => reloadedUser(ctx, unblockUser, args.userId),
  }),
  openDirectConversation: t.field({
    type: DirectConversationType,
    description:
      "Returns the direct conversation with a user, and creates it if the viewer may write to them. NOT_FRIENDS if the viewer may not, BLOCKED if the viewer blocks the user, NOT_FOUND for an unknown user, INVALID_INPUT for the viewer's own id, RATE_LIMITED after too many conversations with non-friends.",
    args: { userId: t.arg.id(userId) },
    resolve: (_root, args, ctx) => openDirectConversation(ctx, args.userId),
  }),
}))
