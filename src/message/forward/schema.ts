import { meField } from '../../account/payload.ts'
import { requireViewer } from '../../context.ts'
import { ConversationInterface, ConversationKindEnum } from '../../conversation/refs.ts'
import { visibleConversation } from '../../conversation/store.ts'
import { builder } from '../../platform/graphql/builder.ts'
import { itemsInMessage } from '../../platform/graphql/cost/declare.ts'
import { defineMutation } from '../../platform/graphql/mutation.ts'
import { lookUpExisting } from '../../platform/loader.ts'
import { contentFor } from '../content/fallback.ts'
import { type ForwardBody, type ForwardedBody, forwardedContent } from '../content/kinds/forward.ts'
import { kinds } from '../content/kinds/registry.ts'
import type { ReadContent } from '../content/plain-text.ts'
import { MessageContentInterface } from '../content/schema.ts'
import { MessageType } from '../refs.ts'
import { sendErrors } from '../send/request.ts'
import { forwardMessages } from './forward.ts'

const ForwardModeEnum = builder.enumType('ForwardMode', {
  description: 'Form of a forward.',
  values: {
    MERGED: { description: 'One message that contains all forwarded messages.' },
    SEPARATE: { description: 'One message with the same content for each forwarded message.' },
  } as const,
})

const ForwardedMessageType = builder.objectRef<ForwardedBody>('ForwardedMessage').implement({
  description: 'A message as it was when it was forwarded. It does not change.',
  fields: (t) => ({
    senderName: t.string({
      shareable: true,
      description: 'Name of the sender at that time: the group nickname or the display name.',
      resolve: (message) => message.original_sender_name,
    }),
    sentAt: t.field({
      type: 'DateTime',
      shareable: true,
      description: 'When the original was sent.',
      resolve: (message) => new Date(message.timestamp),
    }),
    content: t.field({
      type: MessageContentInterface,
      shareable: true,
      description: 'Content of the message; a nested forward is a ForwardContent.',
      resolve: (message, _args, ctx) => contentFor(ctx, forwardedContent(message) as ReadContent),
    }),
  }),
})

builder.objectRef<Extract<ReadContent, { kind: 'FORWARD' }>>(kinds.FORWARD.typeName).implement({
  description:
    'A copy of messages that were forwarded together. It stays when the originals are edited or recalled, and contains names instead of users. Forwards can be nested 3 deep.',
  interfaces: [MessageContentInterface],
  fields: (t) => ({
    mode: t.field({
      type: ForwardModeEnum,
      shareable: true,
      description: 'Always MERGED; messages that are forwarded separately keep their own content type.',
      resolve: () => 'MERGED' as const,
    }),
    sourceKind: t.field({
      type: ConversationKindEnum,
      shareable: true,
      description: 'Kind of the source conversation.',
      resolve: ({ content }: { content: ForwardBody }) =>
        content.source_conversation_type === 'group' ? ('GROUP' as const) : ('DIRECT' as const),
    }),
    sourceTitle: t.string({
      shareable: true,
      description: 'Name of the group, or names of the two users, at forwarding.',
      resolve: ({ content }: { content: ForwardBody }) => content.source_conversation_name,
    }),
    summary: t.string({
      shareable: true,
      description: 'Summary in one line, such as 聊天记录 (3条), in the language of the messages.',
      resolve: ({ content }: { content: ForwardBody }) => content.summary,
    }),
    messages: t.field({
      type: [ForwardedMessageType],
      items: itemsInMessage,
      shareable: true,
      description: 'The forwarded messages, oldest first.',
      resolve: ({ content }: { content: ForwardBody }) => content.messages,
    }),
  }),
})

const ForwardTargetInput = builder.inputType('ForwardTargetInput', {
  description: 'Target conversation of a forward.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'The id of the conversation.' }),
    clientMessageId: t.string({
      required: true,
      description:
        'Idempotency key chosen by the client for this target, 1 to 64 printable ASCII characters. With SEPARATE, →1, →2 … are appended in the order of the messages.',
    }),
  }),
})

const ForwardMessagesInput = builder.inputType('ForwardMessagesInput', {
  description: 'Messages of a conversation to copy to other conversations.',
  fields: (t) => ({
    sourceConversationId: t.id({ required: true, description: 'The source conversation.' }),
    seqs: t.intList({
      required: true,
      description:
        'Numbers of the messages, at most serverInfo.limits.forwardCount. They are forwarded in sending order.',
    }),
    mode: t.field({
      type: ForwardModeEnum,
      required: true,
      description: 'Form of the forward.',
    }),
    targets: t.field({
      type: [ForwardTargetInput],
      required: true,
      description:
        'Target conversations, at most serverInfo.limits.forwardTargets. All receive the forward or none.',
    }),
  }),
})

defineMutation('forwardMessages', {
  description:
    'Copies messages to other conversations, to all targets or none, and returns the new messages in the order of the targets. A copy has no mentions and no quote, and stays when the original is recalled. Idempotent for each target, as sendMessage. Errors: those of sendMessage for each target, with the path of the target in extensions.issues; NOT_FOUND for messages that the viewer may not read; CONFLICT for recalled messages and FORBIDDEN for system messages, with their paths in extensions.issues; LIMIT_EXCEEDED for too many, too large or too deeply nested messages.',
  errors: [...sendErrors, 'CONFLICT', 'LIMIT_EXCEEDED'],
  input: ForwardMessagesInput,
  resolve: async (input, ctx) => ({ messages: await forwardMessages(ctx, input) }),
  payload: (t) => ({
    messages: t.expose('messages', {
      type: [MessageType],
      items: 'forwardCount',
      description: 'The new messages, in the order of the targets.',
    }),
    conversations: t.field({
      type: [ConversationInterface],
      items: 'forwardTargets',
      description: 'The target conversations after the change.',
      resolve: ({ messages }, _args, ctx) => {
        const ids = [...new Set(messages.map(({ conversationId }) => conversationId))]
        const viewer = requireViewer(ctx)
        return lookUpExisting(ids, (id) => visibleConversation(ctx, viewer, id))
      },
    }),
    me: meField(t),
  }),
})
