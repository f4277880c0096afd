import { builder } from '../platform/graphql/builder.ts'
import { MessageContentInput } from './content/inputs.ts'

export const SendMessageInput = builder.inputType('SendMessageInput', {
  description: 'A message to send.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'The conversation to send to.' }),
    clientMessageId: t.string({
      required: true,
      description:
        'Idempotency key chosen by the client, 1 to 64 printable ASCII characters, such as a UUID.',
    }),
    content: t.field({ type: MessageContentInput, required: true, description: 'Content of the message.' }),
    quoteSeq: t.int({
      description: 'Number of the quoted message, in the same conversation.',
    }),
  }),
})

export const ConversationVersionInput = builder.inputType('ConversationVersionInput', {
  description: 'Version of a conversation that a client holds.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'The id of the conversation.' }),
    afterVersion: t.int({ required: true, description: 'Version that the client holds; 0 for none.' }),
  }),
})
