import { type Context, requireViewer } from '../../context.ts'
import { ConversationInterface } from '../../conversation/refs.ts'
import { type ConversationRow, requireConversation, visibleConversation } from '../../conversation/store.ts'
import { builder } from '../../platform/graphql/builder.ts'
import { defineConnection } from '../../platform/graphql/connection.ts'
import { pageSize } from '../../platform/graphql/page.ts'
import { ConversationVersionInput } from '../inputs.ts'
import { MessageType } from '../refs.ts'
import { readMessageAt } from '../store.ts'
import { type ConversationChanges, readChanges } from './changes.ts'
import { readHistory } from './history.ts'

const MessageConnection = defineConnection(
  'Message',
  () => MessageType,
  'messages, in the order of their numbers',
)

const ConversationChangesType = builder.objectRef<ConversationChanges>('ConversationChanges').implement({
  description: 'What changed in a conversation after a version, read in one snapshot.',
  fields: (t) => ({
    conversation: t.expose('conversation', {
      type: ConversationInterface,
      description: 'The conversation as it is now.',
    }),
    messages: t.expose('messages', {
      type: [MessageType],
      description: 'Each changed message once, at its current state, oldest change first.',
    }),
    version: t.exposeInt('version', {
      description: "Ask again after this one; it is the conversation's own when hasMore is false.",
    }),
    maxSeq: t.exposeInt('maxSeq', { description: 'Number of the newest message.' }),
    hasMore: t.exposeBoolean('hasMore', { description: 'There are more changes after version.' }),
  }),
})

/** The viewer's side, from the same snapshot where the conversation came with it. */
async function membershipOf(ctx: Context, conversation: ConversationRow) {
  if (conversation.membership) return conversation.membership
  return (await requireConversation(ctx, requireViewer(ctx), conversation.id)).membership
}

builder.interfaceFields(ConversationInterface, (t) => ({
  lastMessage: t.field({
    type: MessageType,
    nullable: true,
    description: 'The newest message; null when there is none that I may read.',
    resolve: (conversation, _args, ctx) =>
      readMessageAt(ctx, { conversationId: conversation.id, seq: conversation.maxSeq }),
  }),
  messages: t.field({
    type: MessageConnection,
    description:
      'The history in seq order. `last: 50` is the newest page, and the default; the cursor of an edge is stable; afterSeq and beforeSeq page from a known number, as for a quote, a search hit or the first unread message.',
    args: {
      first: t.arg.int({ description: 'How many, from the lowest number on.' }),
      after: t.arg.string({ description: 'Only messages after this cursor.' }),
      last: t.arg.int({ description: 'How many, up to the highest number.' }),
      before: t.arg.string({ description: 'Only messages before this cursor.' }),
      afterSeq: t.arg.int({ description: 'Only messages with a higher number.' }),
      beforeSeq: t.arg.int({ description: 'Only messages with a lower number.' }),
    },
    resolve: async (conversation, args, ctx) =>
      readHistory(ctx, conversation, await membershipOf(ctx, conversation), args),
  }),
  message: t.field({
    type: MessageType,
    nullable: true,
    description: 'The message with this number; null when there is none or it is not mine to read.',
    args: { seq: t.arg.int({ required: true, description: 'Its number.' }) },
    resolve: (conversation, { seq }, ctx) => readMessageAt(ctx, { conversationId: conversation.id, seq }),
  }),
  changes: t.field({
    type: ConversationChangesType,
    description:
      'Messages that were sent, edited, recalled or reacted to after a version, each once, at its current state: what a client pulls to catch up.',
    args: {
      afterVersion: t.arg.int({
        required: true,
        description: 'The version the client holds; 0 for nothing yet.',
      }),
      first: t.arg.int({ defaultValue: 100, description: 'How many messages at most, up to 100.' }),
    },
    resolve: (conversation, args, ctx) => readChanges(ctx, conversation.id, args.afterVersion, args.first),
  }),
}))

builder.queryField('conversationChanges', (t) =>
  t.field({
    type: [ConversationChangesType],
    description:
      'The changes of several conversations in one request, at most a page of them; those that are not mine are left out.',
    args: {
      since: t.arg({
        type: [ConversationVersionInput],
        required: true,
        description: 'How far the client has come in each.',
      }),
      first: t.arg.int({ defaultValue: 100, description: 'How many messages of each at most, up to 100.' }),
    },
    resolve: (_root, { since, first }, ctx) => readManyChanges(ctx, since, first),
  }),
)

async function readManyChanges(
  ctx: Context,
  since: { conversationId: string; afterVersion: number }[],
  first: number | null | undefined,
): Promise<ConversationChanges[]> {
  if (since.length > 0) pageSize(ctx.config.limits, since.length, 'since')
  const viewer = requireViewer(ctx)
  const visible = await Promise.all(
    since.map((each) => visibleConversation(ctx, viewer, each.conversationId)),
  )
  const mine = since.filter((_each, index) => visible[index])
  return Promise.all(mine.map((each) => readChanges(ctx, each.conversationId, each.afterVersion, first)))
}
