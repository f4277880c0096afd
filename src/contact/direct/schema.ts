import { UserType } from '../../account/refs.ts'
import { requireViewer } from '../../context.ts'
import { receiptsBetween } from '../../conversation/receipt/visibility.ts'
import { ConversationInterface, DirectConversationType } from '../../conversation/refs.ts'
import { builder } from '../../platform/graphql/builder.ts'
import { defineMutation, inputOf } from '../../platform/graphql/mutation.ts'
import { NodeInterface } from '../../platform/graphql/node.ts'
import { directTitle, loadPeer, loadPeerMembership } from './conversation.ts'
import { friendshipJoin, peerJoin } from './joins.ts'
import { openDirectConversation } from './open.ts'
import { peerPositions } from './receipts.ts'

const titleDescription =
  "Title in lists: the group's name, or the viewer's remark for the peer, or the peer's display name."

builder.interfaceField(ConversationInterface, 'title', (t) =>
  t.string({
    description: titleDescription,
    resolve: () => {
      throw new Error('Every type of conversation resolves its own title.')
    },
  }),
)

DirectConversationType.implement({
  description:
    'Conversation between two users. There is one per pair, and it stays when their friendship ends.',
  interfaces: [NodeInterface, ConversationInterface],
  fields: (t) => ({
    title: t.string({
      joins: [peerJoin, friendshipJoin],
      description: "The viewer's remark for the peer, or else the peer's display name.",
      resolve: (conversation, _args, ctx) => directTitle(ctx, conversation),
    }),
    peer: t.field({
      joins: [peerJoin],
      type: UserType,
      description: 'The other user.',
      resolve: (conversation, _args, ctx) => loadPeer(ctx, conversation),
    }),
    receiptsEnabled: t.boolean({
      description: 'Whether both users have read receipts enabled, so that the viewer sees peerReadSeq.',
      resolve: async (conversation, _args, ctx) => {
        const peer = await loadPeerMembership(ctx, conversation)
        return peer !== null && (await receiptsBetween(ctx, requireViewer(ctx).userId, peer.userId))
      },
    }),
    peerReadSeq: t.int({
      description:
        'Seq of the last message that the peer has read; 0 if the viewer or the peer has receipts disabled. A message of the peer is one that the peer has read and received.',
      resolve: async (conversation, _args, ctx) => {
        const peer = await loadPeerMembership(ctx, conversation)
        return (peer && (await peerPositions(ctx, peer)).readSeq) ?? 0
      },
    }),
    peerDeliveredSeq: t.int({
      description:
        'Seq of the last message that was delivered to a device of the peer; at least peerReadSeq.',
      resolve: async (conversation, _args, ctx) => {
        const peer = await loadPeerMembership(ctx, conversation)
        return peer ? (await peerPositions(ctx, peer)).deliveredSeq : 0
      },
    }),
  }),
})

defineMutation('openDirectConversation', {
  description:
    "Returns the direct conversation with a user, and creates it if the viewer may write to them. NOT_FRIENDS if the viewer may not, BLOCKED if the viewer blocks the user, NOT_FOUND for an unknown user, INVALID_INPUT for the viewer's own id, RATE_LIMITED after too many conversations with non-friends.",
  errors: ['NOT_FRIENDS', 'BLOCKED', 'NOT_FOUND', 'INVALID_INPUT', 'RATE_LIMITED'],
  input: inputOf('openDirectConversation', (t) => ({
    userId: t.id({ required: true, description: 'The id of the other user.' }),
  })),
  resolve: async (input, ctx) => ({ conversation: await openDirectConversation(ctx, input.userId) }),
  payload: (t) => ({
    conversation: t.expose('conversation', {
      type: DirectConversationType,
      description: 'The direct conversation.',
    }),
  }),
})
