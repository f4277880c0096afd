import { ConversationKindEnum } from '../../conversation/refs.ts'
import { builder } from '../../platform/graphql/builder.ts'
import { contentFor } from '../content/fallback.ts'
import { type ForwardBody, type ForwardedBody, forwardedContent } from '../content/kinds/forward.ts'
import { kinds, type StoredContent } from '../content/kinds/registry.ts'
import type { ReadContent } from '../content/plain-text.ts'
import { MessageContentInterface } from '../content/schema.ts'
import { MessageType } from '../refs.ts'
import { forwardMessages } from './forward.ts'

const ForwardModeEnum = builder.enumType('ForwardMode', {
  description: 'How messages are forwarded.',
  values: {
    MERGED: { description: 'As one message that holds them all.' },
    SEPARATE: { description: 'Each as a message of its own, with the same content.' },
  } as const,
})

const ForwardedMessageType = builder.objectRef<ForwardedBody>('ForwardedMessage').implement({
  description: 'A message as it was when it was forwarded; it does not change any more.',
  fields: (t) => ({
    senderName: t.string({
      shareable: true,
      description: 'What its sender was called there and then: the group nickname, or the display name.',
      resolve: (message) => message.original_sender_name,
    }),
    sentAt: t.field({
      type: 'DateTime',
      shareable: true,
      description: 'When it was sent.',
      resolve: (message) => new Date(message.timestamp),
    }),
    content: t.field({
      type: MessageContentInterface,
      shareable: true,
      description: 'What it said. A forward in a forward is a ForwardContent again.',
      resolve: (message, _args, ctx) => contentFor(ctx, forwardedContent(message) as StoredContent),
    }),
  }),
})

builder.objectRef<Extract<ReadContent, { kind: 'FORWARD' }>>(kinds.FORWARD.typeName).implement({
  description:
    'A snapshot of messages that were forwarded together. It is a copy: it stays when they are edited or recalled, and their senders are names, not people. Forwards may lie in each other 3 deep.',
  interfaces: [MessageContentInterface],
  fields: (t) => ({
    mode: t.field({
      type: ForwardModeEnum,
      shareable: true,
      description: 'MERGED: what is forwarded separately has its own content and is no ForwardContent.',
      resolve: () => 'MERGED' as const,
    }),
    sourceKind: t.field({
      type: ConversationKindEnum,
      shareable: true,
      description: 'Where they were said: between two people or in a group.',
      resolve: ({ content }: { content: ForwardBody }) =>
        content.source_conversation_type === 'group' ? ('GROUP' as const) : ('DIRECT' as const),
    }),
    sourceTitle: t.string({
      shareable: true,
      description: "The group's name, or the names of the two, when they were forwarded.",
      resolve: ({ content }: { content: ForwardBody }) => content.source_conversation_name,
    }),
    summary: t.string({
      shareable: true,
      description:
        'A line that stands for them, such as 聊天记录 (3条), in the language that they are written in.',
      resolve: ({ content }: { content: ForwardBody }) => content.summary,
    }),
    messages: t.field({
      type: [ForwardedMessageType],
      shareable: true,
      description: 'They, in the order in which they were sent.',
      resolve: ({ content }: { content: ForwardBody }) => content.messages,
    }),
  }),
})

const ForwardTargetInput = builder.inputType('ForwardTargetInput', {
  description: 'A conversation to forward to.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'Where to.' }),
    clientMessageId: t.string({
      required: true,
      description:
        'Chosen by the client for this target, 1 to 64 printable ASCII characters. SEPARATE messages get it with →1, →2 … after it, in the order of their numbers.',
    }),
  }),
})

const ForwardMessagesInput = builder.inputType('ForwardMessagesInput', {
  description: 'Messages of one conversation to copy to others.',
  fields: (t) => ({
    sourceConversationId: t.id({ required: true, description: 'Where they are.' }),
    seqs: t.intList({
      required: true,
      description:
        'Their numbers, at most serverInfo.limits.forwardCount. They go in the order in which they were sent, in whichever order they are named.',
    }),
    mode: t.field({
      type: ForwardModeEnum,
      required: true,
      description: 'As one message, or each by itself.',
    }),
    targets: t.field({
      type: [ForwardTargetInput],
      required: true,
      description: 'Where to: all of them or none, at most serverInfo.limits.forwardTargets.',
    }),
  }),
})

builder.mutationField('forwardMessages', (t) =>
  t.field({
    type: [MessageType],
    description:
      'Copies messages I may read to other conversations, all targets or none, and answers with the new ones in the order of the targets. A forward mentions nobody, answers to nothing, and stays when the original is recalled. Idempotent per target, as sendMessage is per message. Refusals: those of sendMessage for each target, with extensions.target { conversationId path }; NOT_FOUND for messages that are not mine to read, CONFLICT for one that was recalled (extensions.seq), FORBIDDEN for a system message, LIMIT_EXCEEDED for too many, too large or nested too deep.',
    args: {
      input: t.arg({
        type: ForwardMessagesInput,
        required: true,
        description: 'What to forward, and where to.',
      }),
    },
    resolve: (_root, { input }, ctx) => forwardMessages(ctx, input),
  }),
)
