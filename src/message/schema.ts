import { UserType } from '../account/refs.ts'
import { loadUser } from '../account/store.ts'
import { ConversationInterface, MembershipType } from '../conversation/refs.ts'
import { loadMembership, readConversation } from '../conversation/store.ts'
import { builder } from '../platform/graphql/builder.ts'
import { contentFor } from './content/fallback.ts'
import { contentOf, plainText } from './content/plain-text.ts'
import { mentionsIn } from './content/read.ts'
import { MessageContentInterface } from './content/schema.ts'
import { editMessage } from './edit/edit.ts'
import { recallMessage } from './edit/recall.ts'
import { markRead } from './history/mark-read.ts'
import { EditContentInput, SendMessageInput } from './inputs.ts'
import { MessageType } from './refs.ts'
import { sendMessage } from './send/send.ts'
import { type MessageRow, readMessage, readMessageAt } from './store.ts'

const mentionsOf = (message: MessageRow) => (message.recalledAt ? [] : mentionsIn(message))

MessageType.implement({
  description: 'One numbered place in a conversation, and what stands there now.',
  fields: (t) => ({
    id: t.exposeID('id', {
      shareable: true,
      description: 'The same for ever, whatever happens to the content.',
    }),
    conversationId: t.exposeID('conversationId', { shareable: true, description: 'Where it was sent.' }),
    conversation: t.field({
      type: ConversationInterface,
      shareable: true,
      description: 'Where it was sent.',
      resolve: (message, _args, ctx) => readConversation(ctx, message.conversationId),
    }),
    seq: t.exposeInt('seq', {
      shareable: true,
      description: 'Its number in the conversation: 1, 2, 3 … without gaps.',
    }),
    version: t.exposeInt('version', {
      shareable: true,
      description:
        "The conversation's version at this message's last change; of two copies the higher is right.",
    }),
    sender: t.field({
      type: UserType,
      nullable: true,
      shareable: true,
      description: 'Who sent it; null for system messages.',
      resolve: (message, _args, ctx) => (message.senderId ? loadUser(ctx, message.senderId) : null),
    }),
    senderName: t.string({
      shareable: true,
      description: "The sender's group nickname or display name; empty for system messages.",
      resolve: async ({ conversationId, senderId }, _args, ctx) => {
        if (!senderId) return ''
        const membership = await loadMembership(ctx, { conversationId, userId: senderId })
        return membership?.nickname ?? (await loadUser(ctx, senderId))?.displayName ?? ''
      },
    }),
    clientMessageId: t.exposeString('clientMessageId', {
      nullable: true,
      shareable: true,
      description:
        "The sender's own key for this send: matches an optimistic row with its echo. null for system messages.",
    }),
    content: t.field({
      type: MessageContentInterface,
      shareable: true,
      description: 'What it says now.',
      resolve: (message, _args, ctx) => contentFor(ctx, contentOf(message)),
    }),
    plainText: t.string({
      shareable: true,
      description:
        'One line for lists, notices and clients that do not know the kind; the same as content.plainText.',
      resolve: (message, _args, ctx) => plainText(ctx, contentOf(message)),
    }),
    quoteSeq: t.exposeInt('quoteSeq', {
      nullable: true,
      shareable: true,
      description: 'The number of the message it answers to; null when it answers to none.',
    }),
    quote: t.field({
      type: MessageType,
      nullable: true,
      shareable: true,
      description:
        'The message it answers to, as it is now; null when there is none, or when it is not mine to read.',
      resolve: ({ conversationId, quoteSeq }, _args, ctx) =>
        quoteSeq === null ? null : readMessageAt(ctx, { conversationId, seq: quoteSeq }),
    }),
    mentions: t.field({
      type: [UserType],
      shareable: true,
      description: 'Whom it mentions by name.',
      resolve: async (message, _args, ctx) => {
        const people = mentionsOf(message).filter((userId) => userId !== null)
        const users = await Promise.all(people.map((userId) => loadUser(ctx, userId)))
        return users.filter((user) => user !== null)
      },
    }),
    mentionsAll: t.boolean({
      shareable: true,
      description: 'It mentions everybody in the conversation.',
      resolve: (message) => mentionsOf(message).includes(null),
    }),
    sentAt: t.expose('sentAt', {
      type: 'DateTime',
      shareable: true,
      description: "By the database's clock; never earlier than the message before.",
    }),
    editedAt: t.expose('editedAt', {
      type: 'DateTime',
      nullable: true,
      shareable: true,
      description: 'When its text was last changed; null when it never was.',
    }),
    recalledAt: t.expose('recalledAt', {
      type: 'DateTime',
      nullable: true,
      shareable: true,
      description: 'When it was taken back; null while it stands.',
    }),
    recalledBy: t.field({
      type: UserType,
      nullable: true,
      shareable: true,
      description: 'Who took it back; null while it stands.',
      resolve: (message, _args, ctx) => (message.recalledById ? loadUser(ctx, message.recalledById) : null),
    }),
  }),
})

builder.queryField('message', (t) =>
  t.field({
    type: MessageType,
    nullable: true,
    description: 'A message I may read; null when it does not exist or is not mine to read.',
    args: { id: t.arg.id({ required: true, description: 'The id of the message.' }) },
    resolve: (_root, { id }, ctx) => readMessage(ctx, id),
  }),
)

const messageId = { required: true, description: 'The id of the message.' } as const

builder.mutationFields((t) => ({
  sendMessage: t.field({
    type: MessageType,
    description:
      'Sends a message. Idempotent: the same clientMessageId from the same sender always answers with the same message, also after a removal, an edit or a recall; with another conversation or content it is a CONFLICT. Sends that follow each other on one WebSocket keep their order. RATE_LIMITED when I send too fast, or the same text to too many; what is stored already is answered all the same. Refusals: NOT_FOUND, NOT_FRIENDS, BLOCKED, MUTED, SUSPENDED, FORBIDDEN, INVALID_INPUT.',
    args: {
      input: t.arg({ type: SendMessageInput, required: true, description: 'What to send, and where to.' }),
    },
    resolve: (_root, { input }, ctx) => sendMessage(ctx, input),
  }),
  editMessage: t.field({
    type: MessageType,
    description:
      'Gives a text of mine another wording, within serverInfo.limits.editWindowSeconds. The earlier text is kept in `revisions`. Refusals: TOO_LATE, LIMIT_EXCEEDED after serverInfo.limits.editsPerMessage edits, CONFLICT when it was recalled, FORBIDDEN when it is not mine, and those of sendMessage.',
    args: {
      messageId: t.arg.id(messageId),
      content: t.arg({ type: EditContentInput, required: true, description: 'What it shall say instead.' }),
    },
    resolve: (_root, args, ctx) => editMessage(ctx, args.messageId, args.content),
  }),
  recallMessage: t.field({
    type: MessageType,
    description:
      'Takes a message back for everyone: its place stays, its content goes. My own within serverInfo.limits.recallWindowSeconds, any of my group at any time when I am its owner or an admin, and any at all when I am a moderator, which the audit trail then says. Repeating it changes nothing. Refusals: TOO_LATE, FORBIDDEN, NOT_FOUND.',
    args: { messageId: t.arg.id(messageId) },
    resolve: (_root, args, ctx) => recallMessage(ctx, args.messageId),
  }),
  markRead: t.field({
    type: MembershipType,
    description:
      'Moves my read position forward, on all my devices. A lower readSeq than the present one changes nothing, a higher one than maxSeq means maxSeq.',
    args: {
      conversationId: t.arg.id({ required: true, description: 'The id of the conversation.' }),
      readSeq: t.arg.int({ required: true, description: 'The number of the last message I have read.' }),
    },
    resolve: (_root, args, ctx) => markRead(ctx, args.conversationId, args.readSeq),
  }),
}))
