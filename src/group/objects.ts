import { avatarUrl } from '../account/avatar.ts'
import { UserType } from '../account/refs.ts'
import { loadUser } from '../account/store.ts'
import { type Context, requireViewer } from '../context.ts'
import { GroupRole } from '../conversation/group-role.ts'
import { shownReadSeq } from '../conversation/receipt/visibility.ts'
import { ConversationInterface, GroupConversationType } from '../conversation/refs.ts'
import { activeMute, type ConversationRow, requireConversation } from '../conversation/store.ts'
import { notFound } from '../errors.ts'
import { builder } from '../platform/graphql/builder.ts'
import { defineConnection, pageArgs } from '../platform/graphql/connection.ts'
import { DeliveryModeType, deliveryModeFor } from './delivery-mode.ts'
import { listMembers } from './membership/list.ts'
import { GroupMemberType } from './refs.ts'
import { type GroupRow, loadGroup } from './store.ts'

export const JoinPolicy = builder.enumType('JoinPolicy', {
  description: 'How people get into a group who are not added by an admin and hold no invite.',
  values: {
    INVITE_ONLY: { description: 'Not at all without an invite: to others there is no such group.' },
    APPROVAL: { description: 'They ask with joinGroup, and an owner or admin approves.' },
    OPEN: { description: 'They join with joinGroup.' },
  } as const,
})

export const PostingPolicy = builder.enumType('PostingPolicy', {
  description: 'Who may send in a group.',
  values: {
    EVERYONE: { description: 'Every member.' },
    ADMINS: { description: 'The owner and the admins; others are refused with FORBIDDEN.' },
  } as const,
})

export const HistoryVisibility = builder.enumType('HistoryVisibility', {
  description: 'What of the earlier history somebody sees who joins. A change binds those who join after it.',
  values: {
    ALL: { description: 'All of it.' },
    SINCE_JOINED: { description: 'Nothing before the message that says that they joined.' },
  } as const,
})

async function requireGroup(ctx: Context, conversation: ConversationRow): Promise<GroupRow> {
  const group = await loadGroup(ctx, conversation.id)
  if (!group) throw notFound('conversation')
  return group
}

async function requireUser(ctx: Context, id: string) {
  const user = await loadUser(ctx, id)
  if (!user) throw notFound('user')
  return user
}

GroupMemberType.implement({
  description: 'One person in a group, as the other members see them.',
  fields: (t) => ({
    id: t.id({
      description: 'Stable for one person in one group.',
      resolve: (member) => `${member.conversationId}:${member.userId}`,
    }),
    group: t.field({
      type: GroupConversationType,
      description: 'The group.',
      resolve: (member, _args, ctx) => requireConversation(ctx, requireViewer(ctx), member.conversationId),
    }),
    user: t.field({
      type: UserType,
      description: 'Who it is.',
      resolve: (member, _args, ctx) => requireUser(ctx, member.userId),
    }),
    role: t.field({
      type: GroupRole,
      description: 'What they may do.',
      resolve: (member) => member.role ?? 'MEMBER',
    }),
    nickname: t.exposeString('nickname', {
      nullable: true,
      description: 'Their name in this group; null when they use their display name.',
    }),
    mutedUntil: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'They may not send until then; null when they may, as far as this goes.',
      resolve: activeMute,
    }),
    readSeq: t.int({
      description:
        'Number of the last message that they have read; 0 where receipts are off, mine or theirs.',
      resolve: (member, _args, ctx) => shownReadSeq(ctx, member),
    }),
    joinedAt: t.expose('joinedAt', { type: 'DateTime', description: 'When they came in, the last time.' }),
  }),
})

const GroupMemberConnection = defineConnection('GroupMember', () => GroupMemberType, 'the members of a group')

GroupConversationType.implement({
  description:
    'Any number of people, with an owner, admins and members. Only those who are in it see any of it.',
  interfaces: [ConversationInterface],
  fields: (t) => ({
    title: t.string({
      shareable: true,
      description: 'The name.',
      resolve: async (conversation, _args, ctx) => (await requireGroup(ctx, conversation)).name,
    }),
    name: t.string({
      shareable: true,
      description: 'What its admins call it, 1 to 100 code points.',
      resolve: async (conversation, _args, ctx) => (await requireGroup(ctx, conversation)).name,
    }),
    avatarUrl: t.field({
      type: 'URL',
      nullable: true,
      shareable: true,
      description: 'Its picture; null when there is none.',
      resolve: async (conversation, _args, ctx) =>
        avatarUrl(ctx, (await requireGroup(ctx, conversation)).avatarKey),
    }),
    description: t.string({
      nullable: true,
      shareable: true,
      description: 'What it is for, at most 1,000 code points; null when nobody has said.',
      resolve: async (conversation, _args, ctx) => (await requireGroup(ctx, conversation)).description,
    }),
    owner: t.field({
      type: UserType,
      shareable: true,
      description: 'Who owns it.',
      resolve: async (conversation, _args, ctx) =>
        requireUser(ctx, (await requireGroup(ctx, conversation)).ownerId),
    }),
    memberCount: t.exposeInt('memberCount', {
      shareable: true,
      description: 'How many are in it, the owner included.',
    }),
    members: t.field({
      type: GroupMemberConnection,
      description: 'Who is in it: the owner, the admins, the others, each in the order in which they joined.',
      args: {
        role: t.arg({ type: GroupRole, description: 'Only those with this role.' }),
        query: t.arg.string({
          description:
            'Only those whose nickname or display name contains it, or whose handle begins with it.',
        }),
        ...pageArgs,
      },
      resolve: (conversation, args, ctx) => listMembers(ctx, conversation.id, args),
    }),
    joinPolicy: t.field({
      type: JoinPolicy,
      shareable: true,
      description: 'How people get in.',
      resolve: async (conversation, _args, ctx) => (await requireGroup(ctx, conversation)).joinPolicy,
    }),
    postingPolicy: t.field({
      type: PostingPolicy,
      shareable: true,
      description: 'Who may send.',
      resolve: async (conversation, _args, ctx) => (await requireGroup(ctx, conversation)).postingPolicy,
    }),
    historyVisibility: t.field({
      type: HistoryVisibility,
      shareable: true,
      description: 'What those who join see of what was before them.',
      resolve: async (conversation, _args, ctx) => (await requireGroup(ctx, conversation)).historyVisibility,
    }),
    mutedAll: t.boolean({
      shareable: true,
      description: 'Only the owner and the admins may send for now; others are refused with MUTED.',
      resolve: async (conversation, _args, ctx) => (await requireGroup(ctx, conversation)).mutedAll,
    }),
    slowModeSeconds: t.int({
      shareable: true,
      description: 'Seconds a member waits between messages; 0 is off. The owner and the admins are exempt.',
      resolve: async (conversation, _args, ctx) => (await requireGroup(ctx, conversation)).slowModeSeconds,
    }),
    deliveryMode: t.field({
      type: DeliveryModeType,
      shareable: true,
      description: 'How new messages reach connected members; chosen by the number of members.',
      resolve: ({ deliveryMode }, _args, ctx) => deliveryModeFor(ctx.schemaVersion, deliveryMode),
    }),
  }),
})
