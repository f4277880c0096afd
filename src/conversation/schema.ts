import { MeType } from '../account/refs.ts'
import { requireViewer } from '../context.ts'
import { builder } from '../platform/graphql/builder.ts'
import { defineConnection, twoWayArgs } from '../platform/graphql/connection.ts'
import { selectedJoins } from '../platform/graphql/joins/selected.ts'
import { defineMutation, inputOf } from '../platform/graphql/mutation.ts'
import { defineDerivedNode, derivedId, NodeInterface, splitKey } from '../platform/graphql/node.ts'
import { GroupRole } from './group-role.ts'
import { listConversations } from './list.ts'
import { changedMembershipPayload } from './membership/payload.ts'
import { updateMembership } from './membership/update.ts'
import {
  ConversationInterface,
  ConversationKindEnum,
  DirectConversationType,
  GroupConversationType,
  MembershipType,
} from './refs.ts'
import { activeMute, loadMembership, type MembershipRow, membershipOf, visibleConversation } from './store.ts'
import { loadUnreadMentions, totalUnread } from './unread.ts'
import { joinedConversation } from './view/joined.ts'

ConversationInterface.implement({
  description: 'A direct conversation or a group, with its numbered messages.',
  interfaces: [NodeInterface],
  resolveType: (conversation) =>
    conversation.kind === 'DIRECT' ? DirectConversationType.name : GroupConversationType.name,
  fields: (t) => ({
    id: t.exposeID('id', {
      shareable: true,
      description: 'Id of the conversation.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      shareable: true,
      description: 'When the conversation was created.',
    }),
    lastActivityAt: t.expose('lastActivityAt', {
      type: 'DateTime',
      shareable: true,
      description: 'When the newest message was sent, or when the conversation was created if it has none.',
    }),
    maxSeq: t.exposeInt('maxSeq', {
      shareable: true,
      description:
        'Number of the newest message; 0 if there is none. Messages are numbered 1, 2, 3 … without gaps.',
    }),
    messageCount: t.exposeInt('messageCount', {
      shareable: true,
      description:
        'Number of messages sent by users, recalled ones included; system messages are not counted. It never decreases.',
    }),
    version: t.exposeInt('version', {
      shareable: true,
      description: 'Increases with every change of a message: a send, an edit, a recall, a reaction.',
    }),
    membership: t.field({
      type: MembershipType,
      description: "The viewer's membership.",
      resolve: membershipOf,
    }),
  }),
})

for (const [prefix, type] of [
  ['single', DirectConversationType.name],
  ['group', GroupConversationType.name],
] as const)
  defineDerivedNode(prefix, {
    type,
    read: (ctx, key) => visibleConversation(ctx, requireViewer(ctx), derivedId(prefix, key)),
  })

const membershipKey = (membership: MembershipRow) => ({
  conversationId: membership.conversationId,
  userId: membership.userId,
})

MembershipType.implement({
  description:
    "The viewer's settings and read position in a conversation; the same on all devices of the viewer.",
  interfaces: [NodeInterface],
  fields: (t) => ({
    id: t.id({
      description: 'Id of the membership; the same after leaving and joining again.',
      resolve: ({ conversationId, userId }) => derivedId('membership', conversationId, userId),
    }),
    role: t.expose('role', {
      type: GroupRole,
      nullable: true,
      description: 'Role in the group; null in a direct conversation.',
    }),
    nickname: t.exposeString('nickname', {
      nullable: true,
      description: "The viewer's name in the group, shown to its members; null for the display name.",
    }),
    readSeq: t.exposeInt('readSeq', {
      description: 'Number of the last message that the viewer has read. It never decreases.',
    }),
    readCount: t.exposeInt('readCount', {
      description:
        "Number of the conversation's messageCount that are not unread: those up to readSeq, and those after it that were recalled. Sending moves it to the sent message. It never decreases.",
    }),
    unreadCount: t.int({
      description:
        'Number of unread messages: conversation.messageCount - readCount. Recalled and system messages do not count, messages of blocked users do.',
      resolve: (membership) => membership.messageCount - membership.readCount,
    }),
    unreadMentionCount: t.int({
      description: 'Number of messages after readSeq that mention the viewer or all.',
      resolve: async (membership, _args, ctx) =>
        (await loadUnreadMentions(ctx, membershipKey(membership)))?.count ?? 0,
    }),
    nextMentionSeq: t.int({
      nullable: true,
      description:
        'Number of the first message after readSeq that mentions the viewer or all; null if there is none.',
      resolve: async (membership, _args, ctx) =>
        (await loadUnreadMentions(ctx, membershipKey(membership)))?.nextSeq ?? null,
    }),
    visibleFromSeq: t.exposeInt('visibleFromSeq', {
      description: 'Number of the first message that the viewer may read.',
    }),
    pinned: t.exposeBoolean('pinned', {
      description: "The conversation is at the top of the viewer's list.",
    }),
    doNotDisturb: t.exposeBoolean('doNotDisturb', {
      description:
        'The conversation is muted: no notifications, except mentions of the viewer and replies to the viewer in groups. It is not counted in Me.unreadCount.',
    }),
    mutedUntil: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'The viewer is muted until this time; null if not muted.',
      resolve: activeMute,
    }),
    hidden: t.boolean({
      description: 'Not listed until the next message.',
      resolve: (membership) => membership.hiddenAtSeq !== null && membership.maxSeq <= membership.hiddenAtSeq,
    }),
    draft: t.exposeString('draft', {
      nullable: true,
      description: 'Unsent text, shared by all devices of the viewer; null if there is none.',
    }),
    joinedAt: t.expose('joinedAt', {
      type: 'DateTime',
      description: 'When the viewer joined, most recently.',
    }),
  }),
})

defineDerivedNode('membership', {
  type: MembershipType.name,
  read: async (ctx, key) => {
    const [conversationId, userId] = splitKey(key)
    return userId === requireViewer(ctx).userId ? loadMembership(ctx, { conversationId, userId }) : null
  },
})

export const ConversationConnection = defineConnection(
  'Conversation',
  () => ConversationInterface,
  'conversations',
)

const ConversationFilter = builder.inputType('ConversationFilter', {
  description: 'Which conversations to list. Omitted fields do not filter.',
  fields: (t) => ({
    kind: t.field({ type: ConversationKindEnum, description: 'Only direct conversations, or only groups.' }),
    unreadOnly: t.boolean({ description: 'Only conversations with unread messages.' }),
    includeHidden: t.boolean({ description: 'Include hidden conversations.' }),
    title: t.string({
      description:
        'Only conversations whose title contains the text, folded as in searchUsers: the name of a group, or the remark or display name of the peer. Also direct conversations in which the handle of the peer begins with it. At most 64 code points.',
    }),
  }),
})

builder.objectField(MeType, 'unreadCount', (t) =>
  t.int({
    description: 'Number of unread messages in all conversations without doNotDisturb.',
    resolve: (me, _args, ctx) => totalUnread(ctx, me.id),
  }),
)

builder.queryFields((t) => ({
  conversations: t.field({
    errors: ['INVALID_INPUT'],
    type: ConversationConnection,
    description: "The viewer's conversations: pinned ones first, then by latest activity.",
    args: {
      filter: t.arg({
        type: ConversationFilter,
        description: 'Which conversations; if omitted, all that are not hidden.',
      }),
      ...twoWayArgs,
    },
    resolve: (_root, args, ctx, info) =>
      listConversations(
        ctx,
        requireViewer(ctx),
        args,
        selectedJoins(info, [['edges', 'node'], ['nodes']], ctx),
      ),
  }),
  conversation: t.field({
    type: ConversationInterface,
    nullable: true,
    description: 'A conversation of the viewer; null if it does not exist or the viewer is not a member.',
    args: { id: t.arg.id({ required: true, description: 'The id of the conversation.' }) },
    resolve: (_root, { id }, ctx, info) =>
      joinedConversation(ctx, requireViewer(ctx), id, selectedJoins(info, [[]], ctx)),
  }),
}))

defineMutation('updateMembership', {
  description:
    "Changes the viewer's membership, on all devices of the viewer. What is left out stays. A nickname also changes `Message.senderName`, which caches reload. Errors: NOT_FOUND, INVALID_INPUT.",
  errors: ['NOT_FOUND', 'INVALID_INPUT'],
  input: inputOf('updateMembership', (t) => ({
    conversationId: t.id({ required: true, description: 'The id of the conversation.' }),
    pinned: t.boolean({
      onNull: 'REFUSE',
      description: "Whether to show the conversation at the top of the viewer's list.",
    }),
    doNotDisturb: t.boolean({
      onNull: 'REFUSE',
      description: 'Whether to mute the conversation; see Membership.doNotDisturb.',
    }),
    hidden: t.boolean({
      onNull: 'REFUSE',
      description: 'Whether to hide the conversation until the next message.',
    }),
    nickname: t.string({
      onNull: 'CLEAR',
      description: "The viewer's name in the group, at most 64 code points.",
    }),
    draft: t.string({
      onNull: 'CLEAR',
      description: 'Unsent text, at most serverInfo.limits.textLength code points.',
    }),
  })),
  resolve: (input, ctx) => updateMembership(ctx, input.conversationId, input),
  payload: changedMembershipPayload,
})
