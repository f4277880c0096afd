import { avatarUrl } from '../account/avatar.ts'
import { UserType } from '../account/refs.ts'
import { namedUser } from '../account/store.ts'
import { type Context, requireViewer } from '../context.ts'
import { GroupRole } from '../conversation/group-role.ts'
import { shownReadSeq } from '../conversation/receipt/visibility.ts'
import { ConversationInterface, GroupConversationType, GroupMemberType } from '../conversation/refs.ts'
import {
  activeMute,
  type ConversationRow,
  loadMembership,
  requireConversation,
  visibleConversation,
} from '../conversation/store.ts'
import { defineConnection, twoWayArgs } from '../platform/graphql/connection.ts'
import { defineDerivedNode, NodeInterface, splitKey } from '../platform/graphql/node.ts'
import { afterLookup, type Lookup } from '../platform/loader.ts'
import { DeliveryModeType, HistoryVisibility, JoinPolicy, MentionAllPolicy, PostingPolicy } from './enums.ts'
import { listMembers } from './membership/list.ts'
import { groupMemberId } from './payload.ts'
import { type GroupRow, groupJoin, loadGroup } from './store.ts'

/** The settings of a group. Its rows are kept, also those of a dissolved group. */
function withSettings<Result>(
  ctx: Context,
  { id }: ConversationRow,
  use: (group: GroupRow) => Lookup<Result>,
): Lookup<Result> {
  return afterLookup(loadGroup(ctx, id), (group) => {
    if (!group) throw new Error(`The group ${id} is missing.`)
    return use(group)
  })
}

GroupMemberType.implement({
  description: 'A member of a group, as the other members see them.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    id: t.id({
      description: 'Id of the member; the same after leaving and joining again.',
      resolve: groupMemberId,
    }),
    group: t.field({
      type: GroupConversationType,
      errors: ['NOT_FOUND'],
      description:
        'The group. NOT_FOUND in the payload of a mutation after which the viewer was removed from the group.',
      resolve: (member, _args, ctx) => requireConversation(ctx, requireViewer(ctx), member.conversationId),
    }),
    user: t.field({
      type: UserType,
      description: 'The user.',
      resolve: (member, _args, ctx) => namedUser(ctx, member.userId),
    }),
    role: t.field({
      type: GroupRole,
      description: 'Role of the member.',
      resolve: (member) => member.role ?? 'MEMBER',
    }),
    nickname: t.exposeString('nickname', {
      nullable: true,
      description: 'Name in this group; null when the display name is used.',
    }),
    mutedUntil: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'End of a mute of this member, who cannot send or react until then; null when not muted.',
      resolve: activeMute,
    }),
    readSeq: t.int({
      description:
        "Number of the last message that the member has read; 0 when the viewer's or the member's read receipts are off.",
      resolve: (member, _args, ctx) => shownReadSeq(ctx, member),
    }),
    joinedAt: t.expose('joinedAt', { type: 'DateTime', description: 'When the member last joined.' }),
  }),
})

defineDerivedNode('member', {
  type: GroupMemberType.name,
  read: async (ctx, key) => {
    const [conversationId, userId] = splitKey(key)
    const visible = await visibleConversation(ctx, requireViewer(ctx), conversationId)
    return visible?.kind === 'GROUP' ? loadMembership(ctx, { conversationId, userId }) : null
  },
})

const GroupMemberConnection = defineConnection('GroupMember', () => GroupMemberType, 'members of a group', {
  counted: 'some',
})

GroupConversationType.implement({
  description: 'A conversation with a name, an owner, admins and members. Visible to its members only.',
  interfaces: [NodeInterface, ConversationInterface],
  fields: (t) => ({
    title: t.string({
      joins: [groupJoin],
      shareable: true,
      description: 'Same as name.',
      resolve: (conversation, _args, ctx) => withSettings(ctx, conversation, (group) => group.name),
    }),
    name: t.string({
      joins: [groupJoin],
      shareable: true,
      description: 'Name of the group, 1 to 100 code points.',
      resolve: (conversation, _args, ctx) => withSettings(ctx, conversation, (group) => group.name),
    }),
    avatarUrl: t.field({
      joins: [groupJoin],
      type: 'URL',
      nullable: true,
      shareable: true,
      description: 'Avatar of the group; null when there is none.',
      resolve: (conversation, _args, ctx) =>
        withSettings(ctx, conversation, (group) => avatarUrl(ctx, group.avatarKey)),
    }),
    description: t.string({
      joins: [groupJoin],
      nullable: true,
      shareable: true,
      description: 'Purpose of the group, at most 1,000 code points; null when not set.',
      resolve: (conversation, _args, ctx) => withSettings(ctx, conversation, (group) => group.description),
    }),
    owner: t.field({
      joins: [groupJoin],
      type: UserType,
      shareable: true,
      description: 'Owner of the group.',
      resolve: (conversation, _args, ctx) =>
        withSettings(ctx, conversation, (group) => namedUser(ctx, group.ownerId)),
    }),
    memberCount: t.exposeInt('memberCount', {
      shareable: true,
      description: 'Number of members, including the owner.',
    }),
    members: t.field({
      type: GroupMemberConnection,
      description: 'Members: owner, admins, members, each in the order in which they joined.',
      args: {
        role: t.arg({ type: GroupRole, description: 'Only members with this role.' }),
        query: t.arg.string({
          description:
            'Only members whose nickname or display name contains the query, or whose handle starts with it; at most 100 code points.',
        }),
        ...twoWayArgs,
      },
      resolve: (conversation, args, ctx) => listMembers(ctx, conversation, args),
    }),
    joinPolicy: t.field({
      joins: [groupJoin],
      type: JoinPolicy,
      shareable: true,
      description: 'How users join without an invite.',
      resolve: (conversation, _args, ctx) => withSettings(ctx, conversation, (group) => group.joinPolicy),
    }),
    postingPolicy: t.field({
      joins: [groupJoin],
      type: PostingPolicy,
      shareable: true,
      description: 'Who may send messages.',
      resolve: (conversation, _args, ctx) => withSettings(ctx, conversation, (group) => group.postingPolicy),
    }),
    historyVisibility: t.field({
      joins: [groupJoin],
      type: HistoryVisibility,
      shareable: true,
      description: 'Which earlier messages new members see.',
      resolve: (conversation, _args, ctx) =>
        withSettings(ctx, conversation, (group) => group.historyVisibility),
    }),
    mentionAllPolicy: t.field({
      joins: [groupJoin],
      type: MentionAllPolicy,
      shareable: true,
      description: 'Who may mention all members; for the viewer see viewerCanMentionAll.',
      resolve: (conversation, _args, ctx) =>
        withSettings(ctx, conversation, (group) => group.mentionAllPolicy),
    }),
    mutedAll: t.boolean({
      joins: [groupJoin],
      shareable: true,
      description: 'Whether all members are muted: only owner and admins may send, others get MUTED.',
      resolve: (conversation, _args, ctx) => withSettings(ctx, conversation, (group) => group.mutedAll),
    }),
    slowModeSeconds: t.int({
      joins: [groupJoin],
      shareable: true,
      description:
        'Seconds between two messages of a member, except owner and admins; 0 when slow mode is off.',
      resolve: (conversation, _args, ctx) =>
        withSettings(ctx, conversation, (group) => group.slowModeSeconds),
    }),
    deliveryMode: t.field({
      type: DeliveryModeType,
      shareable: true,
      description: 'How new messages reach connected members; chosen by the number of members.',
      // What the server writes for an event does not concern clients.
      resolve: ({ deliveryMode }) => (deliveryMode === 'SIGNAL' ? 'SIGNAL' : 'INLINE'),
    }),
  }),
})
