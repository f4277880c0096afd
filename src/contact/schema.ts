import { UserConnection } from '../account/refs.ts'
import { requireViewer } from '../context.ts'
import { builder } from '../platform/graphql/builder.ts'
import { defineConnection, pageArgs } from '../platform/graphql/connection.ts'
import './block/schema.ts'
import './direct/schema.ts'
import './friend/schema.ts'
import { listBlockedUsers, listFriendRequests, listFriends } from './lists.ts'
import { FriendRequestType, FriendshipType } from './refs.ts'
import './request/schema.ts'
import './search-schema.ts'
import './objects.ts'

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
