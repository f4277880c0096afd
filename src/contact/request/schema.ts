import { meField, userField } from '../../account/payload.ts'
import { requireViewer } from '../../context.ts'
import { directField } from '../../conversation/payload.ts'
import { defineMutation, inputOf, type PayloadFields } from '../../platform/graphql/mutation.ts'
import { FriendRequestType } from '../refs.ts'
import { acceptFriendRequest } from './accept.ts'
import { closeFriendRequest } from './close.ts'
import { requestFriend } from './send.ts'
import type { FriendRequestRow } from './store.ts'

interface Answered {
  request: FriendRequestRow
  /** The other user. */
  userId: string
}

/** A request with its other user, to whose relation with the viewer the payload leads. */
async function withPeer(answer: Promise<FriendRequestRow>, ctx: Parameters<typeof requireViewer>[0]) {
  const request = await answer
  const sent = request.fromId === requireViewer(ctx).userId
  return { request, userId: sent ? request.toId : request.fromId }
}

const requestPayload = (t: PayloadFields<Answered>) => ({
  friendRequest: t.expose('request', {
    type: FriendRequestType,
    description: 'The request after the change.',
  }),
  user: userField(t),
  conversation: directField(t),
  me: meField(t),
})

const friendRequestId = { required: true, description: 'The id of the friend request.' } as const

defineMutation('requestFriend', {
  description:
    "Sends a friend request. If one from the viewer is pending, it is returned; if one from the other user is pending, the two become friends and it is returned as ACCEPTED. NOT_FOUND for an unknown or deleted user, CONFLICT if they are already friends, BLOCKED if the viewer blocks the user, INVALID_INPUT for the viewer's own id or too long a note, RATE_LIMITED above the limits, which are lower for new accounts.",
  errors: ['NOT_FOUND', 'CONFLICT', 'BLOCKED', 'INVALID_INPUT', 'RATE_LIMITED'],
  input: inputOf('requestFriend', (t) => ({
    userId: t.id({ required: true, description: 'The id of the other user.' }),
    note: t.string({ description: 'Note for the recipient, at most 200 code points.' }),
  })),
  resolve: (input, ctx) => withPeer(requestFriend(ctx, input.userId, input.note), ctx),
  payload: requestPayload,
})

defineMutation('acceptFriendRequest', {
  description:
    'Accepts a friend request and opens the direct conversation. Idempotent. FORBIDDEN for the sender, CONFLICT if it was declined or cancelled, NOT_FOUND.',
  errors: ['FORBIDDEN', 'CONFLICT', 'NOT_FOUND'],
  input: inputOf('acceptFriendRequest', (t) => ({ friendRequestId: t.id(friendRequestId) })),
  resolve: (input, ctx) => withPeer(acceptFriendRequest(ctx, input.friendRequestId), ctx),
  payload: requestPayload,
})

defineMutation('declineFriendRequest', {
  description:
    'Declines a friend request; the sender sees it and may send another. Idempotent. FORBIDDEN for the sender, CONFLICT if it was accepted or cancelled, NOT_FOUND.',
  errors: ['FORBIDDEN', 'CONFLICT', 'NOT_FOUND'],
  input: inputOf('declineFriendRequest', (t) => ({ friendRequestId: t.id(friendRequestId) })),
  resolve: (input, ctx) => withPeer(closeFriendRequest(ctx, input.friendRequestId, 'DECLINED'), ctx),
  payload: requestPayload,
})

defineMutation('cancelFriendRequest', {
  description:
    'Cancels a friend request of the viewer. Idempotent. FORBIDDEN for the recipient, CONFLICT if it was accepted or declined, NOT_FOUND.',
  errors: ['FORBIDDEN', 'CONFLICT', 'NOT_FOUND'],
  input: inputOf('cancelFriendRequest', (t) => ({ friendRequestId: t.id(friendRequestId) })),
  resolve: (input, ctx) => withPeer(closeFriendRequest(ctx, input.friendRequestId, 'CANCELLED'), ctx),
  payload: requestPayload,
})
