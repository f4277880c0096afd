import { MeType } from '../account/refs.ts'
import { requireViewer } from '../context.ts'
import { notFound } from '../errors.ts'
import { builder } from '../platform/graphql/builder.ts'
import { defineConnection, pageArgs } from '../platform/graphql/connection.ts'
import { GroupRole } from './group-role.ts'
import { listConversations } from './list.ts'
import {
  ConversationInterface,
  ConversationKindEnum,
  DirectConversationType,
  GroupConversationType,
  MembershipType,
} from './refs.ts'
import { activeMute, loadMembership, type MembershipRow, visibleConversation } from './store.ts'
import { loadUnreadMentions, totalUnread } from './unread.ts'
import { updateMembership } from './update-membership.ts'

ConversationInterface.implement({
  description: 'Where people talk: a numbered history and who may read it.',
  resolveType: (conversation) =>
    conversation.kind === 'DIRECT' ? DirectConversationType.name : GroupConversationType.name,
  fields: (t) => ({
    id: t.exposeID('id', {
      shareable: true,
      description: 'single_<lower user id>_<higher user id> for two people, group_<ulid> for a group.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      shareable: true,
      description: 'When it was opened.',
    }),
    lastActivityAt: t.expose('lastActivityAt', {
      type: 'DateTime',
      shareable: true,
      description: 'When its newest message was sent; when it was opened if there is none.',
    }),
    maxSeq: t.exposeInt('maxSeq', {
      shareable: true,
      description: 'Number of the newest message. Messages are numbered 1, 2, 3 … without gaps.',
    }),
    messageCount: t.exposeInt('messageCount', {
      shareable: true,
      description: 'How many messages count as unread for someone: what people sent, not system messages.',
    }),
    version: t.exposeInt('version', {
      shareable: true,
      description: 'Grows by one with every change of any message: a send, an edit, a recall, a reaction.',
    }),
    membership: t.field({
      type: MembershipType,
      description: "The viewer's side of it.",
      resolve: async (conversation, _args, ctx) => {
        if (conversation.membership) return conversation.membership
        const key = { conversationId: conversation.id, userId: requireViewer(ctx).userId }
        const membership = await loadMembership(ctx, key)
        if (!membership) throw notFound('conversation')
        return membership
      },
    }),
  }),
})

const membershipKey = (membership: MembershipRow) => ({
  conversationId: membership.conversationId,
  userId: membership.userId,
})

MembershipType.implement({
  description: "The viewer's own view of a conversation; the same on all the viewer's devices.",
  fields: (t) => ({
    id: t.id({
      description: 'Stable for one person in one conversation.',
      resolve: (membership) => `${membership.conversationId}:${membership.userId}`,
    }),
    role: t.expose('role', {
      type: GroupRole,
      nullable: true,
      description: 'null in a direct conversation.',
    }),
    nickname: t.exposeString('nickname', {
      nullable: true,
      description: 'My name in this group, shown to its members.',
    }),
    readSeq: t.exposeInt('readSeq', {
      description: 'Number of the last message I have read. It never falls.',
    }),
    readCount: t.exposeInt('readCount', {
      description:
        "How many of the conversation's messageCount lie at or before my read position. Sending moves it to the message sent.",
    }),
    unreadCount: t.int({
      description: 'conversation.messageCount - readCount: a subtraction, never a counter of its own.',
      resolve: (membership) => membership.messageCount - membership.readCount,
    }),
    unreadMentionCount: t.int({
      description: 'Messages after my read position that mention me or all.',
      resolve: async (membership, _args, ctx) =>
        (await loadUnreadMentions(ctx, membershipKey(membership)))?.count ?? 0,
    }),
    nextMentionSeq: t.int({
      nullable: true,
      description:
        'The first message after my read position that mentions me or all; null when there is none.',
      resolve: async (membership, _args, ctx) =>
        (await loadUnreadMentions(ctx, membershipKey(membership)))?.nextSeq ?? null,
    }),
    visibleFromSeq: t.exposeInt('visibleFromSeq', {
      description: 'My history begins here: earlier messages are not mine to read.',
    }),
    pinned: t.exposeBoolean('pinned', { description: 'Kept on top of my list.' }),
    doNotDisturb: t.exposeBoolean('doNotDisturb', {
      description:
        'The conversation is muted: no notifications, except mentions of the viewer and replies to the viewer in groups. It is not counted in Me.unreadCount.',
    }),
    mutedUntil: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'I may not send until then; null when I may, as far as this goes.',
      resolve: activeMute,
    }),
    hidden: t.boolean({
      description: 'Not shown in my list until the next message.',
      resolve: (membership) => membership.hiddenAtSeq !== null && membership.maxSeq <= membership.hiddenAtSeq,
    }),
    draft: t.exposeString('draft', {
      nullable: true,
      description: 'What I have begun to write, on whichever device.',
    }),
    joinedAt: t.expose('joinedAt', { type: 'DateTime', description: 'When I came in, the last time.' }),
  }),
})

export const ConversationConnection = defineConnection(
  'Conversation',
  () => ConversationInterface,
  'conversations',
)

const ConversationFilter = builder.inputType('ConversationFilter', {
  description: 'Which conversations to list. What is left out does not filter.',
  fields: (t) => ({
    kind: t.field({ type: ConversationKindEnum, description: 'Only direct ones, or only groups.' }),
    unreadOnly: t.boolean({ description: 'Only those with unread messages.' }),
    includeHidden: t.boolean({ description: 'Also those that are hidden now.' }),
  }),
})

const UpdateMembershipInput = builder.inputType('UpdateMembershipInput', {
  description: 'What to change of my own view. What is left out stays as it is.',
  fields: (t) => ({
    pinned: t.boolean({ description: 'Keep it on top of my list.' }),
    doNotDisturb: t.boolean({
      description: 'Mute the conversation; see Membership.doNotDisturb. null leaves it unchanged.',
    }),
    hidden: t.boolean({ description: 'Take it out of my list until the next message.' }),
    nickname: t.string({
      description: 'My name in this group, at most 64 code points; null or empty clears it.',
    }),
    draft: t.string({ description: 'What I have begun to write; null or empty clears it.' }),
  }),
})

builder.objectField(MeType, 'unreadCount', (t) =>
  t.int({
    description: 'Unread messages over all conversations without doNotDisturb.',
    resolve: (me, _args, ctx) => totalUnread(ctx, me.id),
  }),
)

builder.queryFields((t) => ({
  conversations: t.field({
    type: ConversationConnection,
    description: 'My conversations: pinned ones on top, then the latest activity first.',
    args: {
      filter: t.arg({
        type: ConversationFilter,
        description: 'Which ones; without it all that are not hidden.',
      }),
      ...pageArgs,
    },
    resolve: (_root, args, ctx) => listConversations(ctx, requireViewer(ctx), args),
  }),
  conversation: t.field({
    type: ConversationInterface,
    nullable: true,
    description:
      'One of my conversations; null when it does not exist or I am not in it: the two are indistinguishable.',
    args: { id: t.arg.id({ required: true, description: 'The id of the conversation.' }) },
    resolve: (_root, { id }, ctx) => visibleConversation(ctx, requireViewer(ctx), id),
  }),
}))

builder.mutationField('updateMembership', (t) =>
  t.field({
    type: MembershipType,
    description:
      'Changes my own view of a conversation, on all my devices. NOT_FOUND when it is not one of mine, INVALID_INPUT for text over its limit.',
    args: {
      conversationId: t.arg.id({ required: true, description: 'The id of the conversation.' }),
      input: t.arg({ type: UpdateMembershipInput, required: true, description: 'What to change.' }),
    },
    resolve: (_root, { conversationId, input }, ctx) => updateMembership(ctx, conversationId, input),
  }),
)
