import { UserType } from '../../account/refs.ts'
import { ConversationInterface, DirectConversationType } from '../../conversation/refs.ts'
import { builder } from '../../platform/graphql/builder.ts'
import { NodeInterface } from '../../platform/graphql/node.ts'
import { directTitle, loadPeer, loadPeerMembership } from './conversation.ts'
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
      description: "The viewer's remark for the peer, or else the peer's display name.",
      resolve: (conversation, _args, ctx) => directTitle(ctx, conversation),
    }),
    peer: t.field({
      type: UserType,
      description: 'The other user.',
      resolve: (conversation, _args, ctx) => loadPeer(ctx, conversation),
    }),
    peerReadSeq: t.int({
      description:
        'Seq of the last message that the peer has read; 0 if the viewer or the peer has receipts disabled.',
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
