import { UserType } from '../account/refs.ts'
import { loadUser } from '../account/store.ts'
import { membershipPayload } from '../conversation/membership/payload.ts'
import { ConversationInterface } from '../conversation/refs.ts'
import { findConversation } from '../conversation/store.ts'
import { builder } from '../platform/graphql/builder.ts'
import { itemsInMessage } from '../platform/graphql/cost/declare.ts'
import { defineMutation, inputOf } from '../platform/graphql/mutation.ts'
import { defineRowNode, NodeInterface } from '../platform/graphql/node.ts'
import { lookUpExisting } from '../platform/loader.ts'
import { contentFor } from './content/fallback.ts'
import { EditContentInput } from './content/inputs.ts'
import { contentOf, plainText } from './content/plain-text.ts'
import { mentionsIn } from './content/read.ts'
import { MessageContentInterface } from './content/schema.ts'
import { editMessage } from './edit/edit.ts'
import { recallMessage } from './edit/recall.ts'
import { markRead } from './history/mark-read.ts'
import { SendMessageInput } from './inputs.ts'
import { countedMessagePayload, messagePayload } from './payload.ts'
import { MessageType } from './refs.ts'
import { sendErrors } from './send/request.ts'
import { sendMessage } from './send/send.ts'
import { senderName } from './sender-name.ts'
import { type MessageRow, readMessage, readMessageAt } from './store.ts'

const mentionsOf = (message: MessageRow) => (message.recalledAt ? [] : mentionsIn(message))

MessageType.implement({
  description: 'A numbered entry of a conversation, in its current state.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    id: t.exposeID('id', {
      shareable: true,
      description: 'Unique id; it stays the same after edits and a recall.',
    }),
    conversationId: t.exposeID('conversationId', {
      shareable: true,
      description: 'The conversation of the message.',
    }),
    conversation: t.field({
      type: ConversationInterface,
      nullable: true,
      shareable: true,
      description:
        'The conversation of the message; null for a moderator who reads a reported message and is not a member.',
      resolve: (message, _args, ctx) => findConversation(ctx, message.conversationId),
    }),
    seq: t.exposeInt('seq', {
      shareable: true,
      description: 'Number in the conversation: 1, 2, 3 … without gaps.',
    }),
    ordinal: t.exposeInt('ordinal', {
      shareable: true,
      description:
        "The conversation's messageCount at this message. The sender has read up to it: the sender's readSeq is at least `seq` and readCount at least `ordinal`, without an event of their own.",
    }),
    version: t.exposeInt('version', {
      shareable: true,
      description:
        "The conversation's version at the last change of this message. Of two copies, the one with the higher version is newer.",
    }),
    sender: t.field({
      type: UserType,
      nullable: true,
      shareable: true,
      description: 'The sender; null for system messages.',
      resolve: (message, _args, ctx) => (message.senderId ? loadUser(ctx, message.senderId) : null),
    }),
    senderName: t.string({
      nullable: true,
      shareable: true,
      description: "The sender's group nickname or display name; null for system messages.",
      resolve: (message, _args, ctx) => senderName(ctx, message),
    }),
    clientMessageId: t.exposeString('clientMessageId', {
      nullable: true,
      shareable: true,
      description:
        "The sender's idempotency key, which matches an optimistic message with the stored one; null for system messages.",
    }),
    content: t.field({
      type: MessageContentInterface,
      shareable: true,
      description: 'The current content.',
      resolve: (message, _args, ctx) => contentFor(ctx, contentOf(message)),
    }),
    plainText: t.string({
      shareable: true,
      description:
        'The content as one line, in the language of the request, for lists, notifications and clients that do not know its kind; same as content.plainText.',
      resolve: (message, _args, ctx) => plainText(ctx, contentOf(message)),
    }),
    quoteSeq: t.exposeInt('quoteSeq', {
      nullable: true,
      shareable: true,
      description: 'Number of the quoted message; null if there is none.',
    }),
    quote: t.field({
      type: MessageType,
      nullable: true,
      shareable: true,
      description:
        'The quoted message in its current state; null if there is none, or the viewer may not read it.',
      resolve: ({ conversationId, quoteSeq }, _args, ctx) =>
        quoteSeq === null ? null : readMessageAt(ctx, { conversationId, seq: quoteSeq }),
    }),
    mentions: t.field({
      type: [UserType],
      items: itemsInMessage,
      shareable: true,
      description: 'The mentioned users.',
      resolve: (message, _args, ctx) => {
        const people = mentionsOf(message).filter((userId) => userId !== null)
        return lookUpExisting(people, (userId) => loadUser(ctx, userId))
      },
    }),
    mentionsAll: t.boolean({
      shareable: true,
      description: 'Whether all members are mentioned.',
      resolve: (message) => mentionsOf(message).includes(null),
    }),
    sentAt: t.expose('sentAt', {
      type: 'DateTime',
      shareable: true,
      description:
        "When the message was sent, by the database's clock; never earlier than the message before.",
    }),
    editedAt: t.expose('editedAt', {
      type: 'DateTime',
      nullable: true,
      shareable: true,
      description: 'When the message was last edited; null if never.',
    }),
    recalledAt: t.expose('recalledAt', {
      type: 'DateTime',
      nullable: true,
      shareable: true,
      description: 'When the message was recalled; null if it was not.',
    }),
    recalledBy: t.field({
      type: UserType,
      nullable: true,
      shareable: true,
      description:
        'Who recalled the message: its sender, an admin of the group or a moderator; null if it was not recalled.',
      resolve: (message, _args, ctx) => (message.recalledById ? loadUser(ctx, message.recalledById) : null),
    }),
  }),
})

defineRowNode('message', { type: MessageType.name, read: readMessage })

builder.queryField('message', (t) =>
  t.field({
    type: MessageType,
    nullable: true,
    description: 'A message; null if it does not exist, or the viewer may not read it.',
    args: { id: t.arg.id({ required: true, description: 'The id of the message.' }) },
    resolve: (_root, { id }, ctx) => readMessage(ctx, id),
  }),
)

const messageId = { required: true, description: 'The id of the message.' } as const

defineMutation('sendMessage', {
  description:
    'Sends a message. Idempotent: the same clientMessageId of the same sender always returns the same message, also after a removal, an edit or a recall. The sends of a WebSocket keep their order. Errors: NOT_FOUND, NOT_FRIENDS, BLOCKED, MUTED, SUSPENDED, FORBIDDEN, INVALID_INPUT; CONFLICT if the key was used with another conversation or content; RATE_LIMITED for too many messages, or one text sent to many conversations. A retry of a stored message is never refused.',
  errors: [...sendErrors, 'CONFLICT'],
  input: SendMessageInput,
  resolve: (input, ctx) => sendMessage(ctx, input),
  payload: countedMessagePayload,
})

defineMutation('editMessage', {
  description:
    "Replaces the text of a message of the viewer, within serverInfo.limits.editWindowSeconds. `revisions` keeps the earlier text. Errors: TOO_LATE; LIMIT_EXCEEDED after serverInfo.limits.editsPerMessage edits; CONFLICT if it was recalled; FORBIDDEN if it is another user's or has no text; and those of sendMessage.",
  errors: [...sendErrors, 'CONFLICT', 'TOO_LATE', 'LIMIT_EXCEEDED'],
  input: inputOf('editMessage', (t) => ({
    messageId: t.id(messageId),
    content: t.field({ type: EditContentInput, required: true, description: 'The new text.' }),
  })),
  resolve: (input, ctx) => editMessage(ctx, input.messageId, input.content),
  payload: messagePayload,
})

defineMutation('recallMessage', {
  description:
    'Recalls a message for everyone: its number stays, its content is erased. The sender may recall within serverInfo.limits.recallWindowSeconds, the owner and admins of a group at any time, and moderators everywhere, which the audit trail records. Idempotent. Errors: TOO_LATE, FORBIDDEN, NOT_FOUND.',
  errors: ['TOO_LATE', 'FORBIDDEN', 'NOT_FOUND'],
  input: inputOf('recallMessage', (t) => ({ messageId: t.id(messageId) })),
  resolve: (input, ctx) => recallMessage(ctx, input.messageId),
  payload: countedMessagePayload,
})

defineMutation('markRead', {
  description:
    'Advances the read position of the viewer, on all devices. A lower readSeq than the current one changes nothing; a higher one than maxSeq means maxSeq. Errors: NOT_FOUND, INVALID_INPUT.',
  errors: ['NOT_FOUND', 'INVALID_INPUT'],
  input: inputOf('markRead', (t) => ({
    conversationId: t.id({ required: true, description: 'The id of the conversation.' }),
    readSeq: t.int({ required: true, description: 'Number of the last message that the viewer has read.' }),
  })),
  resolve: (input, ctx) => markRead(ctx, input.conversationId, input.readSeq),
  payload: membershipPayload,
})
