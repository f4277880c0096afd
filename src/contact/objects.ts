import { MeType, UserType } from '../account/refs.ts'
import { namedUser } from '../account/store.ts'
import { requireViewer } from '../context.ts'
import { directConversationId } from '../conversation/direct.ts'
import { DirectConversationType } from '../conversation/refs.ts'
import { visibleConversation } from '../conversation/store.ts'
import { builder } from '../platform/graphql/builder.ts'
import { defineRowNode, NodeInterface } from '../platform/graphql/node.ts'
import { loadBlock } from './blocks.ts'
import { loadBlockCount, loadPendingRequestCount } from './counts.ts'
import { FriendRequestType, FriendshipType } from './refs.ts'
import { loadFriendRequest, loadPendingRequest, requestFor } from './request/store.ts'
import { loadFriendship, loadFriendshipById } from './store.ts'

const FriendRequestStatus = builder.enumType('FriendRequestStatus', {
  description: 'Status of a friend request.',
  values: {
    PENDING: { description: 'Waiting for the recipient.' },
    ACCEPTED: { description: 'Accepted: the two users are friends.' },
    DECLINED: { description: 'Declined by the recipient. The sender may send another request.' },
    CANCELLED: { description: 'Cancelled by the sender, or one of the two accounts was deleted.' },
  } as const,
})

FriendshipType.implement({
  description: "The viewer's side of a friendship.",
  interfaces: [NodeInterface],
  fields: (t) => ({
    id: t.exposeID('id', { description: "Id of the viewer's side; the friend's side has another id." }),
    user: t.field({
      type: UserType,
      description: 'The friend.',
      resolve: (friendship, _args, ctx) => namedUser(ctx, friendship.friendId),
    }),
    remark: t.exposeString('remark', {
      nullable: true,
      description: "The viewer's private name for this friend; null if there is none.",
    }),
    conversation: t.field({
      type: DirectConversationType,
      nullable: true,
      description: 'The direct conversation with the friend; null if the friendship has ended meanwhile.',
      resolve: ({ userId, friendId }, _args, ctx) =>
        visibleConversation(ctx, requireViewer(ctx), directConversationId(userId, friendId)),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the friendship began.' }),
  }),
})

defineRowNode('friendship', {
  type: FriendshipType.name,
  read: async (ctx, id) => {
    const friendship = await loadFriendshipById(ctx, id)
    return friendship?.userId === requireViewer(ctx).userId ? friendship : null
  },
})

FriendRequestType.implement({
  description: 'A request from one user to become friends with another.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Request id, for accepting, declining or cancelling it.' }),
    from: t.field({
      type: UserType,
      description: 'The sender, who may cancel it.',
      resolve: (request, _args, ctx) => namedUser(ctx, request.fromId),
    }),
    to: t.field({
      type: UserType,
      description: 'The recipient, who may accept or decline it.',
      resolve: (request, _args, ctx) => namedUser(ctx, request.toId),
    }),
    note: t.exposeString('note', {
      nullable: true,
      description: "The sender's note; null if there is none.",
    }),
    status: t.expose('status', { type: FriendRequestStatus, description: 'Current status.' }),
    friendship: t.field({
      type: FriendshipType,
      nullable: true,
      description:
        "The viewer's side of the friendship; null unless the request was accepted and the friendship exists.",
      resolve: ({ status, fromId, toId }, _args, ctx) => {
        const { userId } = requireViewer(ctx)
        return status === 'ACCEPTED'
          ? loadFriendship(ctx, { userId, peerId: userId === fromId ? toId : fromId })
          : null
      },
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the request was sent.' }),
  }),
})

defineRowNode('friend_request', {
  type: FriendRequestType.name,
  read: async (ctx, id) => requestFor(await loadFriendRequest(ctx, id), requireViewer(ctx).userId),
})

builder.objectFields(UserType, (t) => ({
  friendship: t.field({
    type: FriendshipType,
    nullable: true,
    description: "The viewer's friendship with this user; null if they are not friends.",
    resolve: (user, _args, ctx) =>
      loadFriendship(ctx, { userId: requireViewer(ctx).userId, peerId: user.id }),
  }),
  friendRequest: t.field({
    type: FriendRequestType,
    nullable: true,
    description:
      'The pending request between the viewer and this user, in either direction; null if there is none.',
    resolve: async (user, _args, ctx) => {
      const { userId } = requireViewer(ctx)
      const request = requestFor(await loadPendingRequest(ctx, { userId, peerId: user.id }), userId)
      return request?.status === 'PENDING' ? request : null
    },
  }),
  blockedByMe: t.boolean({
    description: 'Whether the viewer blocks this user. Whether this user blocks the viewer is not available.',
    resolve: async (user, _args, ctx) =>
      (await loadBlock(ctx, { userId: requireViewer(ctx).userId, peerId: user.id })) !== null,
  }),
}))

builder.objectFields(MeType, (t) => ({
  pendingFriendRequestCount: t.int({
    description: 'Number of pending friend requests to the viewer.',
    resolve: async (me, _args, ctx) => (await loadPendingRequestCount(ctx, me.id))?.count ?? 0,
  }),
  blockedUserCount: t.int({
    description: 'Number of users that the viewer blocks.',
    resolve: async (me, _args, ctx) => (await loadBlockCount(ctx, me.id))?.count ?? 0,
  }),
}))
