import { ConversationInterface } from '../conversation/refs.ts'
import { readConversation } from '../conversation/store.ts'
import { MessageType } from '../message/refs.ts'
import { builder } from '../platform/graphql/builder.ts'
import { defineConnection, pageArgs } from '../platform/graphql/connection.ts'
import { MessageSearchFilterInput } from './inputs.ts'
import { searchMessages } from './messages.ts'
import { suggestSearches } from './suggest.ts'
import { type Highlight, highlightsOf } from './text/highlight.ts'
import type { TextRange } from './text/match.ts'
import type { FoundMessage } from './verify.ts'

const TextRangeType = builder.objectRef<TextRange>('TextRange').implement({
  description: 'A stretch of a text, in UTF-16 code units: what slice and substring count in.',
  fields: (t) => ({
    start: t.exposeInt('start', { description: 'Offset of the first unit, from 0.' }),
    length: t.exposeInt('length', { description: 'How many units.' }),
  }),
})

const HighlightType = builder.objectRef<Highlight>('Highlight').implement({
  description: 'A piece of the text, as it is now, round what was found.',
  fields: (t) => ({
    snippet: t.exposeString('snippet', {
      description: 'The piece; whole characters, perhaps not whole words.',
    }),
    ranges: t.expose('ranges', {
      type: [TextRangeType],
      description: 'What to mark in the snippet, in order and without overlap.',
    }),
  }),
})

const MessageSearchResultType = builder.objectRef<FoundMessage>('MessageSearchResult').implement({
  description: 'A message that holds what was looked for.',
  fields: (t) => ({
    message: t.expose('message', { type: MessageType, description: 'The message as it is now.' }),
    conversation: t.field({
      type: ConversationInterface,
      description: 'Where it was sent. Go there with messages(afterSeq:, beforeSeq:).',
      resolve: ({ message }, _args, ctx) => readConversation(ctx, message.conversationId),
    }),
    highlights: t.field({
      type: [HighlightType],
      description: 'Up to three pieces of its text that show the hits.',
      resolve: ({ text, ranges }) => highlightsOf(text, ranges),
    }),
  }),
})

const MessageSearchResultConnection = defineConnection(
  'MessageSearchResult',
  () => MessageSearchResultType,
  'the messages found, the best hit first and then the latest',
)

builder.queryField('searchMessages', (t) =>
  t.field({
    type: MessageSearchResultConnection,
    description:
      'Finds messages that I may read and that hold every word of the query, in any language: upper case, accents, width, kana and traditional or simplified characters make no difference; words may go on, and long ones may have a typo. Recalled messages are never found, edited ones by what they say now. It follows a send within seconds. INVALID_INPUT when the query is empty, longer than 256 code points or has nothing to look for; SEARCH_UNAVAILABLE when the index does not answer within two seconds.',
    args: {
      query: t.arg.string({ required: true, description: 'Words, parts of words or emoji; all are wanted.' }),
      filter: t.arg({
        type: MessageSearchFilterInput,
        description: 'Only messages of which all of this is true.',
      }),
      ...pageArgs,
    },
    resolve: (_root, args, ctx) => searchMessages(ctx, args),
  }),
)

builder.queryField('searchSuggestions', (t) =>
  t.stringList({
    description:
      'Completions for what I am typing, taken only from messages that I may read, the most frequent first. Empty when there are none. SEARCH_UNAVAILABLE when the index does not answer within two seconds.',
    args: {
      prefix: t.arg.string({ required: true, description: 'What is typed so far, 1 to 256 code points.' }),
      first: t.arg.int({ defaultValue: 8, description: 'How many at most, 1 to 20.' }),
    },
    resolve: (_root, args, ctx) => suggestSearches(ctx, args),
  }),
)
