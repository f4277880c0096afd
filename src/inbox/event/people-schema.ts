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
  description: 'A friend request to or from me was made, accepted, declined or cancelled.',
  interfaces,
  fields: (t) => ({
    friendRequest: t.field({
      type: FriendRequestType,
      description: 'The request as it is now.',
      resolve: async ({ body }, _args, ctx) =>
        required(requestFor(await loadFriendRequest(ctx, body.requestId), requireViewer(ctx).userId)),
    }),
  }),
})

const friendshipChanged = eventRef('FriendshipChanged').implement({
  description: 'A friendship of mine began, ended or got another remark.',
  interfaces,
  fields: (t) => ({
    userId: t.id({ description: 'The friend, or the one who was.', resolve: ({ body }) => body.userId }),
    friendship: t.field({
      type: FriendshipType,
      nullable: true,
      description: 'The friendship as it is now; null when it has ended.',
      resolve: ({ body }, _args, ctx) =>
        loadFriendship(ctx, { userId: requireViewer(ctx).userId, peerId: body.userId }),
    }),
  }),
})

const joinRequestChanged = eventRef('JoinRequestChanged').implement({
  description:
    'A request of mine to be let into a group, or one to a group that I am an owner or admin of, was made or settled.',
  interfaces,
  fields: (t) => ({
    joinRequest: t.field({
      type: GroupJoinRequestType,
      description: 'The request as it is now.',
      resolve: async ({ body }, _args, ctx) => required(await visibleJoinRequest(ctx, body.joinRequestId)),
    }),
  }),
})

const meChanged = eventRef('MeChanged').implement({
  description:
    'My settings, profile, blocks or sessions changed on whichever device, or my total unread did (at most once a second).',
  interfaces,
  fields: (t) => ({
    me: t.field({
      type: MeType,
      description: 'My private side as it is now.',
      resolve: async (_event, _args, ctx) => required(await loadUser(ctx, requireViewer(ctx).userId)),
    }),
  }),
})

const userChanged = eventRef('UserChanged').implement({
  description: "A friend's or peer's profile changed.",
  interfaces,
  fields: (t) => ({
    user: t.field({
      type: UserType,
      description: 'The person as they are now.',
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
