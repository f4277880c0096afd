import { kinds } from '../message/content/kinds/registry.ts'
import { builder } from '../platform/graphql/builder.ts'

const MessageKindEnum = builder.enumType('MessageKind', {
  description: 'Type of the content of a message.',
  values: Object.fromEntries(
    Object.entries(kinds).map(([name, { description }]) => [name, { description }]),
  ) as Record<keyof typeof kinds, { description: string }>,
})

export const MessageSearchFilterInput = builder.inputType('MessageSearchFilter', {
  description: 'Filter of a search; null fields do not filter.',
  fields: (t) => ({
    conversationIds: t.idList({
      description:
        'Only in these conversations, at most 100. Conversations without the viewer have no results.',
    }),
    senderIds: t.idList({ description: 'Only by these senders, at most 100.' }),
    kinds: t.field({ type: [MessageKindEnum], description: 'Only messages of these kinds.' }),
    sentAfter: t.field({ type: 'DateTime', description: 'Only messages sent at this time or later.' }),
    sentBefore: t.field({ type: 'DateTime', description: 'Only messages sent before this time.' }),
    hasLink: t.boolean({
      description: 'Only messages whose text has a web link, or only those without one.',
    }),
    mentionsViewer: t.boolean({
      description: 'If true, only messages that mention the viewer or all members.',
    }),
  }),
})

export const MessageSearchOrder = builder.enumType('MessageSearchOrder', {
  description: 'Order of the messages found.',
  values: {
    RELEVANCE: { description: 'Best hits first, then the latest; without a query the latest first.' },
    NEWEST_FIRST: { description: 'The latest first.' },
    OLDEST_FIRST: { description: 'The earliest first.' },
  } as const,
})
