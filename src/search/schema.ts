import { ConversationInterface } from '../conversation/refs.ts'
import { MessageType } from '../message/refs.ts'
import { builder } from '../platform/graphql/builder.ts'
import { defineConnection, pageArgs } from '../platform/graphql/connection.ts'
import { itemsInMessage } from '../platform/graphql/cost/declare.ts'
import { MessageSearchFilterInput, MessageSearchOrder } from './inputs.ts'
import { type SearchResult, searchMessages } from './messages.ts'
import { suggestSearches } from './suggest.ts'
import { type Highlight, highlightsMax, highlightsOf } from './text/highlight.ts'
import type { TextRange } from './text/match.ts'

const TextRangeType = builder.objectRef<TextRange>('TextRange').implement({
  description: 'A range of a text in UTF-16 code units, as in JavaScript, Java and Swift’s NSString.',
  fields: (t) => ({
    start: t.exposeInt('start', { description: 'Offset of the first code unit, from 0.' }),
    length: t.exposeInt('length', { description: 'Number of code units.' }),
  }),
})

const HighlightType = builder.objectRef<Highlight>('Highlight').implement({
  description: 'An excerpt of the current text around hits.',
  fields: (t) => ({
    snippet: t.exposeString('snippet', {
      description: 'The excerpt. It begins and ends between characters, perhaps within a word.',
    }),
    ranges: t.expose('ranges', {
      type: [TextRangeType],
      items: itemsInMessage,
      description: 'Ranges of the snippet to highlight, ordered and without overlap.',
    }),
  }),
})

const MessageSearchResultType = builder.objectRef<SearchResult>('MessageSearchResult').implement({
  description: 'A message that matches a search.',
  fields: (t) => ({
    message: t.expose('message', { type: MessageType, description: 'The current state of the message.' }),
    conversation: t.expose('conversation', {
      type: ConversationInterface,
      description:
        'Conversation of the message; load the messages around it with messages(afterSeq:, beforeSeq:).',
    }),
    highlights: t.field({
      type: [HighlightType],
      items: highlightsMax,
      description: 'Up to three excerpts of the text with hits; none without a query.',
      resolve: ({ text, ranges }) => highlightsOf(text, ranges),
    }),
  }),
})

const MessageSearchResultConnection = defineConnection(
  'MessageSearchResult',
  () => MessageSearchResultType,
  'the messages found',
)

builder.queryField('searchMessages', (t) =>
  t.field({
    errors: ['INVALID_INPUT', 'SEARCH_UNAVAILABLE'],
    nullable: true,
    type: MessageSearchResultConnection,
    description:
      'Messages that the viewer may read and that contain every term of the query, in any language, and pass the filter. Without a query, every message that passes the filter: a gallery, the links of a conversation, the mentions of the viewer. Case, accents, width, kana and traditional or simplified characters are ignored; a term also matches the beginning of a word, and long terms match with a typo. Recalled messages are never found, edited ones by their current text. New messages are found within seconds. Errors: INVALID_INPUT when the query is empty, longer than 256 code points or without a searchable term, and when there is neither a query nor a filter; SEARCH_UNAVAILABLE when the index does not respond within two seconds.',
    args: {
      query: t.arg.string({
        description:
          'Words, beginnings of words or emoji, all of which a message must contain; null to apply only the filter.',
      }),
      filter: t.arg({
        type: MessageSearchFilterInput,
        description: 'Filter of the messages; null for none.',
      }),
      order: t.arg({
        type: MessageSearchOrder,
        defaultValue: 'RELEVANCE',
        description: 'Order of the messages.',
      }),
      ...pageArgs,
    },
    resolve: (_root, args, ctx) => searchMessages(ctx, args),
  }),
)

builder.queryField('searchSuggestions', (t) =>
  t.stringList({
    errors: ['INVALID_INPUT', 'SEARCH_UNAVAILABLE'],
    nullable: true,
    description:
      'Completions of a query from messages that the viewer may read, most frequent first. Errors: SEARCH_UNAVAILABLE when the index does not respond within two seconds.',
    args: {
      prefix: t.arg.string({
        required: true,
        description: 'The query as typed so far, 1 to 256 code points.',
      }),
      first: t.arg.int({
        defaultValue: 8,
        description: 'Maximum number of completions. A number above 20 is reduced to it.',
      }),
    },
    resolve: (_root, args, ctx) => suggestSearches(ctx, args),
  }),
)
