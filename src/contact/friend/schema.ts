import { directField } from '../../conversation/payload.ts'
import { defineMutation, inputOf } from '../../platform/graphql/mutation.ts'
import { pairPayload } from '../payload.ts'
import { FriendshipType } from '../refs.ts'
import { removeFriend } from './remove.ts'
import { setFriendRemark } from './set-remark.ts'

const userId = { required: true, description: 'The id of the other user.' } as const

defineMutation('removeFriend', {
  description:
    'Ends a friendship for both users; the conversation stays readable. Idempotent. NOT_FOUND for an unknown user.',
  errors: ['NOT_FOUND'],
  input: inputOf('removeFriend', (t) => ({ userId: t.id(userId) })),
  resolve: async (input, ctx) => ({ ...input, friendshipId: await removeFriend(ctx, input.userId) }),
  payload: (t) => ({
    ...pairPayload(t),
    endedFriendshipId: t.exposeID('friendshipId', {
      nullable: true,
      description: "Id of the viewer's friendship that ended; null if there was none.",
    }),
  }),
})

defineMutation('setFriendRemark', {
  description:
    "Sets the viewer's private name for a friend, which is also the title of their direct conversation. NOT_FRIENDS if they are not friends, INVALID_INPUT if it is too long.",
  errors: ['NOT_FRIENDS', 'INVALID_INPUT'],
  input: inputOf('setFriendRemark', (t) => ({
    userId: t.id(userId),
    remark: t.string({ description: 'At most 64 code points; null or empty removes it.' }),
  })),
  resolve: async ({ userId, remark }, ctx) => ({
    userId,
    friendship: await setFriendRemark(ctx, userId, remark),
  }),
  payload: (t) => ({
    friendship: t.expose('friendship', {
      type: FriendshipType,
      description: "The viewer's side of the friendship.",
    }),
    conversation: directField(t),
  }),
})
