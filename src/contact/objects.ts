import { MeType, UserType } from '../account/refs.ts'
import { loadUser } from '../account/store.ts'
import { type Context, requireViewer } from '../context.ts'
import { directConversationId } from '../conversation/direct.ts'
import { DirectConversationType } from '../conversation/refs.ts'
import { requireConversation } from '../conversation/store.ts'
import { notFound } from '../errors.ts'
import { builder } from '../platform/graphql/builder.ts'
import { loadBlockCount, loadPendingRequestCount } from './counts.ts'
import { FriendRequestType, FriendshipType } from './refs.ts'
import { loadPendingRequest, requestFor } from './request/store.ts'
import { loadBlock, loadFriendship } from './store.ts'

async function requireUser(ctx: Context, id: string) {
  const user = await loadUser(ctx, id)
  if (!user) throw notFound('user')
  return user
}

const FriendRequestStatus = builder.enumType('FriendRequestStatus', {
  description: 'What became of a friend request.',
  values: {
    PENDING: { description: 'It waits for an answer.' },
    ACCEPTED: { description: 'The two became friends.' },
    DECLINED: { description: 'The recipient did not agree; the sender may ask again.' },
    CANCELLED: { description: 'The sender took it back, or one of the two accounts is gone.' },
  } as const,
})

FriendshipType.implement({
  description: 'My side of a friendship: two people who may write to each other.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Of my side; the friend has another for the same friendship.' }),
    user: t.field({
      type: UserType,
      description: 'The friend.',
      resolve: (friendship, _args, ctx) => requireUser(ctx, friendship.friendId),
    }),
    remark: t.exposeString('remark', {
      nullable: true,
      description: 'My private name for this friend, which nobody else sees; null when there is none.',
    }),
    conversation: t.field({
      type: DirectConversationType,
      description: 'Our conversation, open since we became friends.',
      resolve: ({ userId, friendId }, _args, ctx) =>
        requireConversation(ctx, requireViewer(ctx), directConversationId(userId, friendId)),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When we became friends.' }),
  }),
})

FriendRequestType.implement({
  description: 'One person asks another to be friends.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Names the request for accepting, declining and cancelling it.' }),
    from: t.field({
      type: UserType,
      description: 'Who asks, and may cancel.',
      resolve: (request, _args, ctx) => requireUser(ctx, request.fromId),
    }),
    to: t.field({
      type: UserType,
      description: 'Who is asked, and may accept or decline.',
      resolve: (request, _args, ctx) => requireUser(ctx, request.toId),
    }),
    note: t.exposeString('note', { nullable: true, description: 'What the sender wrote with it.' }),
    status: t.expose('status', { type: FriendRequestStatus, description: 'What became of it.' }),
    friendship: t.field({
      type: FriendshipType,
      nullable: true,
      description: 'My side of the friendship, once accepted and while it lasts.',
      resolve: ({ status, fromId, toId }, _args, ctx) => {
        const { userId } = requireViewer(ctx)
        return status === 'ACCEPTED'
          ? loadFriendship(ctx, { userId, peerId: userId === fromId ? toId : fromId })
          : null
      },
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was sent.' }),
  }),
})

builder.objectFields(UserType, (t) => ({
  friendship: t.field({
    type: FriendshipType,
    nullable: true,
    description: 'My friendship with this user; null when we are not friends.',
    resolve: (user, _args, ctx) =>
      loadFriendship(ctx, { userId: requireViewer(ctx).userId, peerId: user.id }),
  }),
  friendRequest: t.field({
    type: FriendRequestType,
    nullable: true,
    description: 'The pending request between us, whoever asked; null when there is none.',
    resolve: async (user, _args, ctx) => {
      const { userId } = requireViewer(ctx)
      const request = requestFor(await loadPendingRequest(ctx, { userId, peerId: user.id }), userId)
      return request?.status === 'PENDING' ? request : null
    },
  }),
  blockedByMe: t.boolean({
    description: 'I have blocked this user. Whether they have blocked me is never told.',
    resolve: async (user, _args, ctx) =>
      (await loadBlock(ctx, { userId: requireViewer(ctx).userId, peerId: user.id })) !== null,
  }),
}))

builder.objectFields(MeType, (t) => ({
  pendingFriendRequestCount: t.int({
    description: 'Friend requests that wait for my answer.',
    resolve: async (me, _args, ctx) => (await loadPendingRequestCount(ctx, me.id))?.count ?? 0,
  }),
  blockedUserCount: t.int({
    description: 'How many users I block.',
    resolve: async (me, _args, ctx) => (await loadBlockCount(ctx, me.id))?.count ?? 0,
  }),
}))
