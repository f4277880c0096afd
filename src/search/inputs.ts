import { kinds } from '../message/content/kinds/registry.ts'
import { builder } from '../platform/graphql/builder.ts'

const MessageKindEnum = builder.enumType('MessageKind', {
  description: 'Type of the content of a message.',
  values: Object.fromEntries(
    Object.entries(kinds).map(([name, { description }]) => [name, { description }]),
  ) as Record<keyof typeof kinds, { description: string }>,
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
