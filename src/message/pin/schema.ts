import { ConversationInterface } from '../../conversation/refs.ts'
import { builder } from '../../platform/graphql/builder.ts'
import { MessageType } from '../refs.ts'
import { pinMessage } from './pin.ts'
import { readPinned } from './store.ts'
import { unpinMessage } from './unpin.ts'

builder.interfaceField(ConversationInterface, 'pinnedMessages', (t) =>
  t.field({
    type: [MessageType],
    description: 'What is pinned here and is mine to read, the newest pin first.',
    resolve: (conversation, _args, ctx) => readPinned(ctx, conversation.id),
  }),
)

const messageId = { required: true, description: 'The id of the message.' } as const

builder.mutationFields((t) => ({
  pinMessage: t.field({
    type: MessageType,
    description:
      'Holds a message up to everybody in its conversation: in a group its owner and admins may, in a direct conversation both people. A pinned message is not pinned again. Refusals: FORBIDDEN for members and for system messages, CONFLICT when it was recalled, LIMIT_EXCEEDED, NOT_FOUND; in a direct conversation also those of sendMessage.',
    args: { messageId: t.arg.id(messageId) },
    resolve: (_root, args, ctx) => pinMessage(ctx, args.messageId),
  }),
  unpinMessage: t.field({
    type: MessageType,
    description:
      'Takes a pinned message down again, by the same people; when it is not pinned, nothing changes. Refusals: FORBIDDEN for members, NOT_FOUND; in a direct conversation also those of sendMessage.',
    args: { messageId: t.arg.id(messageId) },
    resolve: (_root, args, ctx) => unpinMessage(ctx, args.messageId),
  }),
}))
