import { ConversationInterface } from '../../conversation/refs.ts'
import { MediaType } from '../../media/refs.ts'
import { readMedia } from '../../media/store.ts'
import { MessageType } from '../../message/refs.ts'
import type { EventType } from './body.ts'
import { peopleEvents } from './people-schema.ts'
import { conversationOf, eventRef, interfaces, required } from './refs.ts'
import { streamEvents } from './stream-schema.ts'

const messagesChanged = eventRef('MessagesChanged').implement({
  description:
    'Messages were sent, edited, recalled, or got another reaction, in a conversation with delivery mode INLINE: direct conversations, and groups of up to serverInfo.limits.inlineGroupSize members. The sender of a message has read up to it: no ConversationChanged or ReceiptsChanged follows for that.',
  interfaces,
  fields: (t) => ({
    conversationId: t.id({
      shareable: true,
      description: 'Conversation of the event.',
      resolve: ({ body }) => body.changes.conversation.id,
    }),
    conversation: t.field({
      type: ConversationInterface,
      shareable: true,
      description: 'Current state of the conversation.',
      resolve: ({ body }, _args, ctx) =>
        ctx.shared ? body.changes.conversation : conversationOf(ctx, body.changes.conversation.id),
    }),
    fromVersion: t.int({
      shareable: true,
      description:
        'The event contains the changes after this version. A client that holds a lower version of the conversation pulls `changes` first.',
      resolve: ({ body }) => body.changes.fromVersion,
    }),
    version: t.int({
      shareable: true,
      description: 'Version of the conversation that the client holds after this event.',
      resolve: ({ body }) => body.changes.version,
    }),
    maxSeq: t.int({
      shareable: true,
      description: 'Seq of the newest message.',
      resolve: ({ body }) => body.changes.maxSeq,
    }),
    messageCount: t.int({
      shareable: true,
      description:
        'Messages in the conversation, without system messages. The unread count is this minus membership.readCount.',
      resolve: ({ body }) => body.changes.conversation.messageCount,
    }),
    messages: t.field({
      type: [MessageType],
      items: 'pageSize',
      shareable: true,
      description: 'Current state of each changed message, oldest change first.',
      resolve: ({ body }, _args, ctx) =>
        ctx.shared
          ? body.changes.messages
          : body.changes.messages.filter((message) => message.seq >= body.visibleFromSeq),
    }),
  }),
})

const conversationSignal = eventRef('ConversationSignal').implement({
  description:
    'Messages were sent or changed in a group with delivery mode SIGNAL. Pull them with `changes(afterVersion:)`, at once or when the group is on screen.',
  interfaces,
  fields: (t) => ({
    conversationId: t.id({
      shareable: true,
      description: 'Conversation of the event.',
      resolve: ({ body }) => body.state.conversationId,
    }),
    conversation: t.field({
      type: ConversationInterface,
      shareable: true,
      description: 'Current state of the conversation.',
      resolve: ({ body }, _args, ctx) => conversationOf(ctx, body.state.conversationId),
    }),
    version: t.int({
      shareable: true,
      description: 'Current version of the conversation: pull changes up to it.',
      resolve: ({ body }) => body.state.version,
    }),
    maxSeq: t.int({
      shareable: true,
      description: 'Seq of the newest message.',
      resolve: ({ body }) => body.state.maxSeq,
    }),
    messageCount: t.int({
      shareable: true,
      description:
        'Messages in the conversation, without system messages. The unread count is this minus membership.readCount.',
      resolve: ({ body }) => body.state.messageCount,
    }),
  }),
})

const conversationChanged = eventRef('ConversationChanged').implement({
  description:
    "The conversation's settings or members changed, or the viewer's membership: role, read position, pin, draft and the like. Does not contain messages.",
  interfaces,
  fields: (t) => ({
    conversation: t.field({
      type: ConversationInterface,
      description: 'Current state of the conversation.',
      resolve: ({ body }, _args, ctx) => conversationOf(ctx, body.conversationId),
    }),
  }),
})

const conversationRemoved = eventRef('ConversationRemoved').implement({
  description: 'The viewer left the conversation, was removed from it, or it was dissolved.',
  interfaces,
  fields: (t) => ({
    conversationId: t.id({
      shareable: true,
      description: 'The conversation; drop everything held of it.',
      resolve: ({ body }) => body.conversationId,
    }),
  }),
})

const receiptsChanged = eventRef('ReceiptsChanged').implement({
  description:
    'Another user read messages of others, or received them on a device: the peer of a direct conversation, or a member of a group of up to serverInfo.limits.receiptGroupSize members. In groups the event is delivered to open streams only; after a reconnect, query readSeq of the members on screen.',
  interfaces,
  fields: (t) => ({
    conversationId: t.id({
      shareable: true,
      description: 'Conversation of the event.',
      resolve: ({ body }) => body.conversationId,
    }),
    conversation: t.field({
      type: ConversationInterface,
      description: 'Current state of the conversation.',
      resolve: ({ body }, _args, ctx) => conversationOf(ctx, body.conversationId),
    }),
    userId: t.id({
      shareable: true,
      description: 'The user whose position changed.',
      resolve: ({ body }) => body.userId,
    }),
    readSeq: t.int({
      shareable: true,
      description: 'Seq of the last message that the user read; 0 if receipts are disabled.',
      resolve: ({ body }) => body.readSeq,
    }),
    deliveredSeq: t.int({
      shareable: true,
      description:
        "Seq of the last message that reached one of the user's devices; in groups equal to readSeq.",
      resolve: ({ body }) => body.deliveredSeq,
    }),
  }),
})

const mediaChanged = eventRef('MediaChanged').implement({
  description:
    'An upload of the viewer, or a media item of a message that the viewer can read, is ready or failed.',
  interfaces,
  fields: (t) => ({
    media: t.field({
      type: MediaType,
      description: 'Current state of the media item.',
      resolve: async ({ body }, _args, ctx) => required(await readMedia(ctx, body.mediaId)),
    }),
  }),
})

/** The GraphQL type of every event. A missing one does not compile. */
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
