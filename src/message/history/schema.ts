import { type Context, requireViewer } from '../../context.ts'
import { ConversationInterface } from '../../conversation/refs.ts'
import { type ConversationRow, membershipOf, visibleConversation } from '../../conversation/store.ts'
import { builder } from '../../platform/graphql/builder.ts'
import { defineConnection, sizes } from '../../platform/graphql/connection.ts'
import { checkCount } from '../../platform/graphql/page.ts'
import { lookUpAll } from '../../platform/loader.ts'
import { ConversationVersionInput } from '../inputs.ts'
import { MessageType } from '../refs.ts'
import { readMessageAt } from '../store.ts'
import { type ConversationChanges, readChanges } from './changes.ts'
import { readHistory } from './history.ts'
import { lastMessageJoin, pageJoin } from './joins.ts'

const MessageConnection = defineConnection('Message', () => MessageType, 'messages in the order of `seq`', {
  counted: 'always',
})

const ConversationChangesType = builder.objectRef<ConversationChanges>('ConversationChanges').implement({
  description: 'Changes of a conversation after a version, from one snapshot.',
  fields: (t) => ({
    conversation: t.expose('conversation', {
      type: ConversationInterface,
      description: 'The current state of the conversation.',
    }),
    messages: t.expose('messages', {
      type: [MessageType],
      items: 'page',
      description: 'The changed messages, each once and in its current state, oldest change first.',
    }),
    version: t.exposeInt('version', {
      description:
        "Version to pass as afterVersion next; the conversation's current version if hasMore is false.",
    }),
    maxSeq: t.exposeInt('maxSeq', { description: 'Number of the newest message.' }),
    hasMore: t.exposeBoolean('hasMore', { description: 'Whether there are more changes after version.' }),
  }),
})

/** The changes; none after those that the client holds for a viewer who was removed since the conversation was read. */
async function changesOf(
  ctx: Context,
  conversation: ConversationRow,
  { afterVersion, first }: { afterVersion: number; first?: number | null },
): Promise<ConversationChanges> {
  const changes = await readChanges(ctx, conversation.id, afterVersion, first)
  const { maxSeq } = conversation
  return changes ?? { conversation, messages: [], version: afterVersion, maxSeq, hasMore: false }
}

builder.interfaceFields(ConversationInterface, (t) => ({
  lastMessage: t.field({
    type: MessageType,
    nullable: true,
    joins: [lastMessageJoin],
    description: 'The newest message; null if there is none, or the viewer may not read it.',
    resolve: (conversation, _args, ctx) =>
      readMessageAt(ctx, { conversationId: conversation.id, seq: conversation.maxSeq }),
  }),
  messages: t.field({
    errors: ['INVALID_INPUT'],
    joins: [pageJoin],
    type: MessageConnection,
    description:
      'Messages in the order of `seq`. The default is the newest page, as with `last`. Use `around` to jump to a message, such as a quote, a search hit or the first unread message. Cursors are stable. INVALID_INPUT if `around` is not the number of a readable message.',
    args: {
      first: t.arg.int({
        description: `Page size, counted from the lowest number. ${sizes}`,
      }),
      after: t.arg.string({ description: 'Only messages after this cursor.' }),
      last: t.arg.int({
        description: `Page size, counted from the highest number. ${sizes}`,
      }),
      before: t.arg.string({ description: 'Only messages before this cursor.' }),
      afterSeq: t.arg.int({ description: 'Only messages with a higher number.' }),
      beforeSeq: t.arg.int({ description: 'Only messages with a lower number.' }),
      around: t.arg.int({
        description:
          'Number of a message to put in the middle of the page. Near an end of the history the page is filled from the other side. Combine it with `first` or `last` for the page size only.',
      }),
    },
    resolve: (conversation, args, ctx) => readHistory(ctx, conversation, membershipOf(conversation), args),
  }),
  message: t.field({
    type: MessageType,
    nullable: true,
    description: 'The message with this number; null if there is none, or the viewer may not read it.',
    args: { seq: t.arg.int({ required: true, description: 'Number of the message.' }) },
    resolve: (conversation, { seq }, ctx) => readMessageAt(ctx, { conversationId: conversation.id, seq }),
  }),
  changes: t.field({
    errors: ['INVALID_INPUT'],
    type: ConversationChangesType,
    description:
      'Messages that were sent, edited, recalled or reacted to after a version, each once and in its current state. A client pulls them to catch up.',
    args: {
      afterVersion: t.arg.int({
        required: true,
        description: 'Version that the client holds; 0 for none.',
      }),
      first: t.arg.int({ description: `Page size. ${sizes}` }),
    },
    resolve: (conversation, args, ctx) => changesOf(ctx, conversation, args),
  }),
}))

builder.queryField('conversationChanges', (t) =>
  t.field({
    errors: ['INVALID_INPUT'],
    type: [ConversationChangesType],
    items: ['.since'],
    description:
      'Changes of several conversations; at most serverInfo.limits.pageSizeMax. Conversations of which the viewer is not a member are omitted.',
    args: {
      since: t.arg({
        type: [ConversationVersionInput],
        required: true,
        description: 'The version that the client holds of each conversation.',
      }),
      first: t.arg.int({ description: `Page size for each conversation. ${sizes}` }),
    },
    resolve: (_root, { since, first }, ctx) => readManyChanges(ctx, since, first),
  }),
)

async function readManyChanges(
  ctx: Context,
  since: { conversationId: string; afterVersion: number }[],
  first: number | null | undefined,
): Promise<ConversationChanges[]> {
  checkCount(ctx.config.limits, since.length, 'since')
  const viewer = requireViewer(ctx)
  const visible = await lookUpAll(since, (each) => visibleConversation(ctx, viewer, each.conversationId))
  const mine = since.filter((_each, index) => visible[index])
  const changes = await Promise.all(
    mine.map((each) => readChanges(ctx, each.conversationId, each.afterVersion, first)),
  )
  return changes.filter((each) => each !== null)
}
