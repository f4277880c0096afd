import { ConversationInterface } from '../../conversation/refs.ts'
import { readConversation } from '../../conversation/store.ts'
import { MediaType } from '../../media/refs.ts'
import { readMedia } from '../../media/store.ts'
import { MessageType } from '../../message/refs.ts'
import type { EventType } from './body.ts'
import { peopleEvents } from './people-schema.ts'
import { eventRef, interfaces, required } from './refs.ts'
import { streamEvents } from './stream-schema.ts'

const messagesChanged = eventRef('MessagesChanged').implement({
  description:
    'Messages that were sent, edited, recalled or reacted to, in direct chats and groups of up to the push limit.',
  interfaces,
  fields: (t) => ({
    conversationId: t.id({
      shareable: true,
      description: 'Where.',
      resolve: ({ body }) => body.changes.conversation.id,
    }),
    conversation: t.field({
      type: ConversationInterface,
      shareable: true,
      description: 'The conversation as it is now.',
      resolve: ({ body }, _args, ctx) =>
        ctx.shared ? body.changes.conversation : readConversation(ctx, body.changes.conversation.id),
    }),
    fromVersion: t.int({
      shareable: true,
      description:
        "If the client's version of this conversation is lower than this, it pulls `changes` first.",
      resolve: ({ body }) => body.changes.fromVersion,
    }),
    version: t.int({
      shareable: true,
      description: "The client's version of this conversation after this event.",
      resolve: ({ body }) => body.changes.version,
    }),
    maxSeq: t.int({
      shareable: true,
      description: 'Number of the newest message.',
      resolve: ({ body }) => body.changes.maxSeq,
    }),
    messageCount: t.int({
      shareable: true,
      description: 'How many messages count as unread for someone.',
      resolve: ({ body }) => body.changes.conversation.messageCount,
    }),
    messages: t.field({
      type: [MessageType],
      shareable: true,
      description: 'Each changed message once, at its current state, oldest change first.',
      resolve: ({ body }, _args, ctx) =>
        ctx.shared
          ? body.changes.messages
          : body.changes.messages.filter((message) => message.seq >= body.visibleFromSeq),
    }),
  }),
})

const conversationSignal = eventRef('ConversationSignal').implement({
  description:
    'New messages or changed ones in a larger group: pull `changes(afterVersion:)` when convenient.',
  interfaces,
  fields: (t) => ({
    conversationId: t.id({
      shareable: true,
      description: 'Where.',
      resolve: ({ body }) => body.state.conversationId,
    }),
    conversation: t.field({
      type: ConversationInterface,
      shareable: true,
      description: 'The conversation as it is now.',
      resolve: ({ body }, _args, ctx) => readConversation(ctx, body.state.conversationId),
    }),
    version: t.int({
      shareable: true,
      description: "The conversation's version: the client is up to date once it has pulled so far.",
      resolve: ({ body }) => body.state.version,
    }),
    maxSeq: t.int({
      shareable: true,
      description: 'Number of the newest message.',
      resolve: ({ body }) => body.state.maxSeq,
    }),
    messageCount: t.int({
      shareable: true,
      description: 'How many messages count as unread for someone.',
      resolve: ({ body }) => body.state.messageCount,
    }),
  }),
})

const conversationChanged = eventRef('ConversationChanged').implement({
  description:
    'The conversation itself or my membership of it changed: name, members, role, settings, read position.',
  interfaces,
  fields: (t) => ({
    conversation: t.field({
      type: ConversationInterface,
      description: 'The conversation as it is now.',
      resolve: ({ body }, _args, ctx) => readConversation(ctx, body.conversationId),
    }),
  }),
})

const conversationRemoved = eventRef('ConversationRemoved').implement({
  description: 'I am no longer in the conversation: I left, was removed, or it was dissolved.',
  interfaces,
  fields: (t) => ({
    conversationId: t.id({
      shareable: true,
      description: 'Which one; what the client holds of it is to be dropped.',
      resolve: ({ body }) => body.conversationId,
    }),
  }),
})

const receiptsChanged = eventRef('ReceiptsChanged').implement({
  description:
    "The peer's position in a direct conversation moved, or a member's in a group of up to serverInfo.limits.receiptGroupSize. In groups it is told to those who listen now and is not kept: after a reconnect, ask for what is on screen.",
  interfaces,
  fields: (t) => ({
    conversationId: t.id({
      shareable: true,
      description: 'Where.',
      resolve: ({ body }) => body.conversationId,
    }),
    conversation: t.field({
      type: ConversationInterface,
      description: 'The conversation as it is now.',
      resolve: ({ body }, _args, ctx) => readConversation(ctx, body.conversationId),
    }),
    userId: t.id({
      shareable: true,
      description: 'Whose position it is.',
      resolve: ({ body }) => body.userId,
    }),
    readSeq: t.int({
      shareable: true,
      description: 'The number of the last message read; 0 when it is hidden now.',
      resolve: ({ body }) => body.readSeq,
    }),
    deliveredSeq: t.int({
      shareable: true,
      description:
        "The number of the last message that reached one of this person's devices; in groups the same as readSeq.",
      resolve: ({ body }) => body.deliveredSeq,
    }),
  }),
})

const mediaChanged = eventRef('MediaChanged').implement({
  description: 'An upload of mine, or a media of a message I can read, became ready or failed.',
  interfaces,
  fields: (t) => ({
    media: t.field({
      type: MediaType,
      description: 'The media as it is now.',
      resolve: async ({ body }, _args, ctx) => required(await readMedia(ctx, body.mediaId)),
    }),
  }),
})

/** The GraphQL type of every event: one that is missing does not compile. */
export const eventTypes = {
  ...streamEvents,
  ...peopleEvents,
  MessagesChanged: messagesChanged,
  ConversationSignal: conversationSignal,
  ConversationChanged: conversationChanged,
  ConversationRemoved: conversationRemoved,
  ReceiptsChanged: receiptsChanged,
  MediaChanged: mediaChanged,
} satisfies Record<EventType, object>
