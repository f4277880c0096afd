import { requireViewer } from '../../context.ts'
import { defineMutation, inputOf } from '../../platform/graphql/mutation.ts'
import { pairPayload } from '../payload.ts'
import { FriendRequestType } from '../refs.ts'
import { loadFriendRequest, requestFor } from '../request/store.ts'
import { blockUser } from './block.ts'
import { unblockUser } from './unblock.ts'

const userId = { required: true, description: 'The id of the other user.' } as const

defineMutation('blockUser', {
  description:
    "Blocks a user: ends the friendship and prevents messages, friend requests and group additions by the user. The user is not notified, and existing messages stay readable. Idempotent. NOT_FOUND for an unknown or deleted user, INVALID_INPUT for the viewer's own id.",
  errors: ['NOT_FOUND', 'INVALID_INPUT'],
  input: inputOf('blockUser', (t) => ({ userId: t.id(userId) })),
  resolve: async (input, ctx) => ({ ...input, ...(await blockUser(ctx, input.userId)) }),
  payload: (t) => ({
    ...pairPayload(t),
    friendRequest: t.field({
      type: FriendRequestType,
      nullable: true,
      description: 'The friend request between the two that the block ended; null if none was pending.',
      resolve: async ({ requestId }, _args, ctx) =>
        requestId === null
          ? null
          : requestFor(await loadFriendRequest(ctx, requestId), requireViewer(ctx).userId),
    }),
    endedFriendshipId: t.exposeID('friendshipId', {
      nullable: true,
      description: "Id of the viewer's friendship that the block ended; null if there was none.",
    }),
  }),
})

defineMutation('unblockUser', {
  description: 'Removes a block; the friendship is not restored. Idempotent. NOT_FOUND for an unknown user.',
  errors: ['NOT_FOUND'],
  input: inputOf('unblockUser', (t) => ({ userId: t.id(userId) })),
  resolve: async (input, ctx) => {
    await unblockUser(ctx, input.userId)
    return input
  },
  payload: pairPayload,
})
