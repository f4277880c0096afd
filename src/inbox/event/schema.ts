import { MeType, UserType } from '../../account/refs.ts'
import { loadUser } from '../../account/store.ts'
import { FriendRequestType, FriendshipType } from '../../contact/refs.ts'
import { loadFriendRequest, requestFor } from '../../contact/request/store.ts'
import { loadFriendship } from '../../contact/store.ts'
import { requireViewer } from '../../context.ts'
import { ConversationInterface } from '../../conversation/refs.ts'
import { readConversation } from '../../conversation/store.ts'
import { notFound } from '../../errors.ts'
import { visibleJoinRequest } from '../../group/join-request-store.ts'
import { GroupJoinRequestType } from '../../group/refs.ts'
import { MediaType } from '../../media/refs.ts'
import { readMedia } from '../../media/store.ts'
import { MessageType } from '../../message/refs.ts'
import { eventRef, interfaces } from './refs.ts'

eventRef('MessagesChanged').implement({
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

eventRef('ConversationSignal').implement({
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

eventRef('ConversationChanged').implement({
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

eventRef('ConversationRemoved').implement({
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

eventRef('ReceiptsChanged').implement({
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

eventRef('FriendRequestChanged').implement({
  description: 'A friend request to or from me was made, accepted, declined or cancelled.',
  interfaces,
  fields: (t) => ({
    friendRequest: t.field({
      type: FriendRequestType,
      description: 'The request as it is now.',
      resolve: async ({ body }, _args, ctx) =>
        required(requestFor(await loadFriendRequest(ctx, body.requestId), requireViewer(ctx).userId)),
    }),
  }),
})

eventRef('FriendshipChanged').implement({
  description: 'A friendship of mine began, ended or got another remark.',
  interfaces,
  fields: (t) => ({
    userId: t.id({ description: 'The friend, or the one who was.', resolve: ({ body }) => body.userId }),
    friendship: t.field({
      type: FriendshipType,
      nullable: true,
      description: 'The friendship as it is now; null when it has ended.',
      resolve: ({ body }, _args, ctx) =>
        loadFriendship(ctx, { userId: requireViewer(ctx).userId, peerId: body.userId }),
    }),
  }),
})

eventRef('JoinRequestChanged').implement({
  description:
    'A request of mine to be let into a group, or one to a group that I am an owner or admin of, was made or settled.',
  interfaces,
  fields: (t) => ({
    joinRequest: t.field({
      type: GroupJoinRequestType,
      description: 'The request as it is now.',
      resolve: async ({ body }, _args, ctx) => required(await visibleJoinRequest(ctx, body.joinRequestId)),
    }),
  }),
})

eventRef('MeChanged').implement({
  description:
    'My settings, profile, blocks or sessions changed on whichever device, or my total unread did (at most once a second).',
  interfaces,
  fields: (t) => ({
    me: t.field({
      type: MeType,
      description: 'My private side as it is now.',
      resolve: async (_event, _args, ctx) => required(await loadUser(ctx, requireViewer(ctx).userId)),
    }),
  }),
})

eventRef('UserChanged').implement({
  description: "A friend's or peer's profile changed.",
  interfaces,
  fields: (t) => ({
    user: t.field({
      type: UserType,
      description: 'The person as they are now.',
      resolve: async ({ body }, _args, ctx) => required(await loadUser(ctx, body.userId)),
    }),
  }),
})

eventRef('MediaChanged').implement({
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

function required<Value>(value: Value | null): Value {
  if (value === null) throw notFound('subject of an event')
  return value
}
