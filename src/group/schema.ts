import { GroupRole } from '../conversation/group-role.ts'
import { GroupConversationType } from '../conversation/refs.ts'
import { builder } from '../platform/graphql/builder.ts'
import { createGroup } from './create.ts'
import { dissolveGroup } from './dissolve.ts'
import { CreateGroupInputType, UpdateGroupInputType } from './inputs.ts'
import { addGroupMembers } from './membership/add.ts'
import { leaveGroup } from './membership/leave.ts'
import { muteGroupMember } from './membership/mute.ts'
import { removeGroupMember } from './membership/remove.ts'
import { setGroupMemberRole } from './membership/set-role.ts'
import { transferGroup } from './membership/transfer-ownership.ts'
import { GroupMemberType } from './refs.ts'
import { updateGroup } from './update.ts'

const groupId = { required: true, description: 'The id of the group.' } as const
const memberId = { required: true, description: 'The user id of the member.' } as const

builder.mutationFields((t) => ({
  createGroup: t.field({
    type: GroupConversationType,
    description:
      'Makes a group, all or nothing. NOT_FOUND when somebody is not there to be added, or NOT_FRIENDS where only friends may be, and BLOCKED when I have blocked them: extensions.userIds says whom; LIMIT_EXCEEDED over serverInfo.limits.groupSize or serverInfo.limits.groupAdditions, RATE_LIMITED after too many who are no friends, CONFLICT when the idempotencyKey was used for another group, INVALID_INPUT.',
    args: {
      input: t.arg({ type: CreateGroupInputType, required: true, description: 'What group to make.' }),
    },
    resolve: (_root, { input }, ctx) => createGroup(ctx, input),
  }),
  updateGroup: t.field({
    type: GroupConversationType,
    description:
      'Changes a group, for its owner and admins; others are refused with FORBIDDEN. NOT_FOUND, INVALID_INPUT.',
    args: {
      groupId: t.arg.id(groupId),
      input: t.arg({ type: UpdateGroupInputType, required: true, description: 'What to change.' }),
    },
    resolve: (_root, args, ctx) => updateGroup(ctx, args.groupId, args.input),
  }),
  addGroupMembers: t.field({
    type: GroupConversationType,
    description:
      'Brings people into a group, all or nothing; who is in it already is passed over. For its owner and admins; others are refused with FORBIDDEN, which with extensions.userIds names people who have left the group: they come back by an invite. RATE_LIMITED after too many who are no friends. NOT_FOUND when somebody is not there to be added, NOT_FRIENDS where only friends may be, and BLOCKED when I have blocked them say whom in extensions.userIds; LIMIT_EXCEEDED over serverInfo.limits.groupSize, or over serverInfo.limits.groupAdditions in one call.',
    args: {
      groupId: t.arg.id(groupId),
      userIds: t.arg.idList({ required: true, description: 'Whom to add.' }),
    },
    resolve: (_root, args, ctx) => addGroupMembers(ctx, args.groupId, args.userIds),
  }),
  removeGroupMember: t.field({
    type: GroupConversationType,
    description:
      'Takes somebody out of a group: nothing later of it reaches them. The owner removes anyone, admins remove members; otherwise FORBIDDEN. NOT_FOUND when they are not in it, INVALID_INPUT for myself: that is leaveGroup.',
    args: { groupId: t.arg.id(groupId), userId: t.arg.id(memberId) },
    resolve: (_root, args, ctx) => removeGroupMember(ctx, args.groupId, args.userId),
  }),
  leaveGroup: t.boolean({
    description:
      'I leave. CONFLICT for an owner, who hands the group over or dissolves it first; the last one to leave ends it. NOT_FOUND.',
    args: { groupId: t.arg.id(groupId) },
    resolve: async (_root, args, ctx) => {
      await leaveGroup(ctx, args.groupId)
      return true
    },
  }),
  setGroupMemberRole: t.field({
    type: GroupMemberType,
    description:
      'Makes a member an admin, or an admin a member. For the owner; others are refused with FORBIDDEN. NOT_FOUND when they are not in it, INVALID_INPUT for OWNER, which is transferGroup, and for myself.',
    args: {
      groupId: t.arg.id(groupId),
      userId: t.arg.id(memberId),
      role: t.arg({ type: GroupRole, required: true, description: 'ADMIN or MEMBER.' }),
    },
    resolve: (_root, args, ctx) => setGroupMemberRole(ctx, args.groupId, args.userId, args.role),
  }),
  muteGroupMember: t.field({
    type: GroupMemberType,
    description:
      'Keeps a member from sending until a time; leaving and joining again does not lift it. The owner mutes anyone, admins mute members; otherwise FORBIDDEN. NOT_FOUND when they are not in it, INVALID_INPUT for a time that has passed and for myself.',
    args: {
      groupId: t.arg.id(groupId),
      userId: t.arg.id(memberId),
      until: t.arg({ type: 'DateTime', description: 'Until when; null lifts it.' }),
    },
    resolve: (_root, args, ctx) => muteGroupMember(ctx, args.groupId, args.userId, args.until ?? null),
  }),
  transferGroup: t.field({
    type: GroupConversationType,
    description:
      'Makes another member the owner and me an admin. For the owner; others are refused with FORBIDDEN. NOT_FOUND when they are not in it, INVALID_INPUT for myself.',
    args: { groupId: t.arg.id(groupId), userId: t.arg.id(memberId) },
    resolve: (_root, args, ctx) => transferGroup(ctx, args.groupId, args.userId),
  }),
  dissolveGroup: t.boolean({
    description:
      'Ends a group for everybody: nobody can read it any more. For the owner; others are refused with FORBIDDEN. NOT_FOUND.',
    args: { groupId: t.arg.id(groupId) },
    resolve: async (_root, args, ctx) => {
      await dissolveGroup(ctx, args.groupId)
      return true
    },
  }),
}))
