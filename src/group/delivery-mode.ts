import { builder } from '../platform/graphql/builder.ts'

export const DeliveryModeType = builder.enumType('DeliveryMode', {
  description: 'How new messages of a group reach connected members.',
  values: {
    INLINE: { description: 'The messages are part of the event, MessagesChanged.' },
    SIGNAL: {
      description:
        'A ConversationSignal says that there is more; the client pulls it with changes. For large groups.',
    },
  } as const,
})
