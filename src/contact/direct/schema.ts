import { UserType } from '../../account/refs.ts'
import { shownDeliveredSeq, shownReadSeq } from '../../conversation/receipt/visibility.ts'
import { ConversationInterface, DirectConversationType } from '../../conversation/refs.ts'
import type { MembershipRow } from '../../conversation/store.ts'
import { builder } from '../../platform/graphql/builder.ts'
import { directTitle, loadPeer, loadPeerMembership } from './conversation.ts'

const withPeer = async (peer: MembershipRow | null, shown: (peer: MembershipRow) => Promise<number>) =>
  peer ? shown(peer) : 0

const titleDescription = "What to call it in a list: the group's name, or the peer's remark or display name."

builder.interfaceField(ConversationInterface, 'title', (t) =>
  t.string({
    description: titleDescription,
    resolve: () => {
      throw new Error('Every kind of conversation has a title of its own.')
    },
  }),
)

DirectConversationType.implement({
  description: 'Two people. There is exactly one for each pair, and it stays when their friendship ends.',
  interfaces: [ConversationInterface],
  fields: (t) => ({
    title: t.string({
      description: "My remark for the peer, or else the peer's display name.",
      resolve: (conversation, _args, ctx) => directTitle(ctx, conversation),
    }),
    peer: t.field({
      type: UserType,
      description: 'The other person.',
      resolve: (conversation, _args, ctx) => loadPeer(ctx, conversation),
    }),
    peerReadSeq: t.int({
      description:
        'Number of the last message that the peer has read; 0 where receipts are off, mine or the peer’s.',
      resolve: async (conversation, _args, ctx) =>
        withPeer(await loadPeerMembership(ctx, conversation), (peer) => shownReadSeq(ctx, peer)),
    }),
    peerDeliveredSeq: t.int({
      description: 'Number of the last message that a device of the peer has; never below peerReadSeq.',
      resolve: async (conversation, _args, ctx) =>
        withPeer(await loadPeerMembership(ctx, conversation), (peer) => shownDeliveredSeq(ctx, peer)),
    }),
  }),
})
