import { MeType, UserType } from '../../account/refs.ts'
import { loadUser } from '../../account/store.ts'
import { FriendRequestType, FriendshipType } from '../../contact/refs.ts'
import { loadFriendRequest, requestFor } from '../../contact/request/store.ts'
import { loadFriendship } from '../../contact/store.ts'
import { requireViewer } from '../../context.ts'
import { visibleJoinRequest } from '../../group/join-request-store.ts'
import { GroupJoinRequestType } from '../../group/refs.ts'
import { eventRef, interfaces, required } from './refs.ts'

const friendRequestChanged = eventRef('FriendRequestChanged').implement({
  description: 'A friend request to or from the viewer was sent, accepted, declined or cancelled.',
  interfaces,
  fields: (t) => ({
    friendRequest: t.field({
      type: FriendRequestType,
      description: 'Current state of the request.',
      resolve: async ({ body }, _args, ctx) =>
        required(requestFor(await loadFriendRequest(ctx, body.requestId), requireViewer(ctx).userId)),
    }),
  }),
})

const friendshipChanged = eventRef('FriendshipChanged').implement({
  description: 'A friendship of the viewer began, ended, or got another remark.',
  interfaces,
  fields: (t) => ({
    userId: t.id({ description: 'The friend or former friend.', resolve: ({ body }) => body.userId }),
    friendship: t.field({
      type: FriendshipType,
      nullable: true,
      description: 'Current state of the friendship; null if it ended.',
      resolve: ({ body }, _args, ctx) =>
        loadFriendship(ctx, { userId: requireViewer(ctx).userId, peerId: body.userId }),
    }),
  }),
})

const joinRequestChanged = eventRef('JoinRequestChanged').implement({
  description:
    'A request to join a group was sent, approved, declined or withdrawn. Delivered to the user who asked, and to the owner and admins of the group.',
  interfaces,
  fields: (t) => ({
    joinRequest: t.field({
      type: GroupJoinRequestType,
      description: 'Current state of the request.',
      resolve: async ({ body }, _args, ctx) => required(await visibleJoinRequest(ctx, body.joinRequestId)),
    }),
  }),
})

const meChanged = eventRef('MeChanged').implement({
  description:
    "The viewer's settings, profile, blocks or sessions changed on any device, or the total unread count did. The count is delivered at most once a second, and only if me.unreadCount is selected.",
  interfaces,
  fields: (t) => ({
    me: t.field({
      type: MeType,
      description: "Current state of the viewer's account.",
      resolve: async (_event, _args, ctx) => required(await loadUser(ctx, requireViewer(ctx).userId)),
    }),
  }),
})

const userChanged = eventRef('UserChanged').implement({
  description: 'The profile of a friend or of a peer of a direct conversation changed.',
  interfaces,
  fields: (t) => ({
    user: t.field({
      type: UserType,
      description: 'Current state of the user.',
      resolve: async ({ body }, _args, ctx) => required(await loadUser(ctx, body.userId)),
    }),
  }),
})

export const peopleEvents = {
  FriendRequestChanged: friendRequestChanged,
  FriendshipChanged: friendshipChanged,
  JoinRequestChanged: joinRequestChanged,
  MeChanged: meChanged,
  UserChanged: userChanged,
}
