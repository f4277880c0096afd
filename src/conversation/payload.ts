import { requireViewer } from '../context.ts'
import type { PayloadFields } from '../platform/graphql/mutation.ts'
import { directConversationId } from './direct.ts'
import { ConversationInterface, DirectConversationType, GroupConversationType } from './refs.ts'
import { visibleConversation } from './store.ts'

// Payload fields with conversations that a mutation changes. The viewer may have left them in the meantime.

interface OfConversation {
  conversationId: string
}

export const conversationField = <Result extends OfConversation>(t: PayloadFields<Result>) =>
  t.field({
    type: ConversationInterface,
    nullable: true,
    description: 'The conversation after the change; null if the viewer is no longer a member.',
    resolve: (result, _args, ctx) => visibleConversation(ctx, requireViewer(ctx), result.conversationId),
  })

export const groupField = <Result extends OfConversation>(t: PayloadFields<Result>) =>
  t.field({
    type: GroupConversationType,
    nullable: true,
    description: 'The group after the change; null if the viewer is no longer a member.',
    resolve: (result, _args, ctx) => visibleConversation(ctx, requireViewer(ctx), result.conversationId),
  })

export const directField = <Result extends { userId: string }>(t: PayloadFields<Result>) =>
  t.field({
    type: DirectConversationType,
    nullable: true,
    description: 'The direct conversation with the user after the change; null if there is none.',
    resolve: ({ userId }, _args, ctx) => {
      const viewer = requireViewer(ctx)
      return visibleConversation(ctx, viewer, directConversationId(viewer.userId, userId))
    },
  })
