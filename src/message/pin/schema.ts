import { ConversationInterface } from '../../conversation/refs.ts'
import { builder } from '../../platform/graphql/builder.ts'
import { defineMutation, inputOf } from '../../platform/graphql/mutation.ts'
import { messagePayload } from '../payload.ts'
import { MessageType } from '../refs.ts'
import { pinMessage } from './pin.ts'
import { readPinned } from './store.ts'
import { unpinMessage } from './unpin.ts'

builder.interfaceField(ConversationInterface, 'pinnedMessages', (t) =>
  t.field({
    type: [MessageType],
    items: 'pinnedMessages',
    description: 'The pinned messages that the viewer may read, newest pin first.',
    resolve: (conversation, _args, ctx) => readPinned(ctx, conversation.id),
  }),
)

const messageId = { required: true, description: 'The id of the message.' } as const

defineMutation('pinMessage', {
  description:
    'Pins a message for everyone in the conversation. In a group its owner and admins may pin, in a direct conversation both users. Idempotent. Errors: FORBIDDEN for members and for system messages; CONFLICT if the message was recalled; LIMIT_EXCEEDED; NOT_FOUND; in a direct conversation also those of sendMessage.',
  errors: ['FORBIDDEN', 'CONFLICT', 'LIMIT_EXCEEDED', 'NOT_FOUND', 'BLOCKED', 'NOT_FRIENDS'],
  input: inputOf('pinMessage', (t) => ({ messageId: t.id(messageId) })),
  resolve: (input, ctx) => pinMessage(ctx, input.messageId),
  payload: messagePayload,
})

defineMutation('unpinMessage', {
  description:
    'Unpins a message; the same users may who may pin. Idempotent. Errors: FORBIDDEN for members; NOT_FOUND; in a direct conversation also those of sendMessage.',
  errors: ['FORBIDDEN', 'NOT_FOUND', 'BLOCKED', 'NOT_FRIENDS'],
  input: inputOf('unpinMessage', (t) => ({ messageId: t.id(messageId) })),
  resolve: (input, ctx) => unpinMessage(ctx, input.messageId),
  payload: messagePayload,
})
