import { builder } from '../platform/graphql/builder.ts'

const MessageKindEnum = builder.enumType('MessageKind', {
  description: 'Of what sort the content of a message is.',
  values: {
    TEXT: { description: 'Plain text.' },
    RICH_TEXT: { description: 'Text with mentions.' },
    IMAGE: { description: 'A picture.' },
    FILE: { description: 'A file.' },
    VIDEO: { description: 'A video.' },
    AUDIO: { description: 'A voice message or other sound.' },
    FORWARD: { description: 'Messages taken along from elsewhere.' },
    CUSTOM: { description: 'A kind of the application’s own.' },
    SYSTEM: {
      description: 'What happened to the conversation; it is told, not said, so search never finds it.',
    },
  } as const,
})

export const MessageSearchFilterInput = builder.inputType('MessageSearchFilter', {
  description: 'Narrows a search; what is left out does not narrow.',
  fields: (t) => ({
    conversationIds: t.idList({
      description: 'Only in these, at most 100; those that are not mine hold nothing for me.',
    }),
    senderIds: t.idList({ description: 'Only by these people, at most 100.' }),
    kinds: t.field({ type: [MessageKindEnum], description: 'Only of these kinds.' }),
    sentAfter: t.field({ type: 'DateTime', description: 'Only sent at this time or later.' }),
    sentBefore: t.field({ type: 'DateTime', description: 'Only sent before this time.' }),
  }),
})
