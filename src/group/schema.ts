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

const groupId = { required: true, description: 'Id of the group.' } as const
const memberId = { required: true, description: 'User id of the member.' } as const

builder.mutationFields((t) => ({
  createGroup: t.field({
    type: GroupConversationType,
    description:
      'Creates a group, with all initial members or not at all. Errors: NOT_FOUND for unknown users, NOT_FRIENDS where the server allows only friends, BLOCKED for users blocked by the viewer, each with extensions.userIds; LIMIT_EXCEEDED above serverInfo.limits.groupSize or serverInfo.limits.groupAdditions; RATE_LIMITED for too many users who are not friends; CONFLICT when the idempotencyKey was used for another group; INVALID_INPUT.',
    args: {
      input: t.arg({ type: CreateGroupInputType, required: true, description: 'The new group.' }),
    },
    resolve: (_root, { input }, ctx) => createGroup(ctx, input),
  }),
  updateGroup: t.field({
    type: GroupConversationType,
    description:
      'Changes the settings of a group. Only for owner and admins, else FORBIDDEN. Errors: NOT_FOUND, INVALID_INPUT.',
    args: {
      groupId: t.arg.id(groupId),
      input: t.arg({ type: UpdateGroupInputType, required: true, description: 'The changes.' }),
    },
    resolve: (_root, args, ctx) => updateGroup(ctx, args.groupId, args.input),
  }),
  addGroupMembers: t.field({
    type: GroupConversationType,
    description:
      'Adds members to a group, all or none; users who are members already are ignored. Only for owner and admins, else FORBIDDEN. Errors: NOT_FOUND for unknown users, NOT_FRIENDS where the server allows only friends, BLOCKED for users blocked by the viewer, FORBIDDEN for users who left the group and need an invite, each with extensions.userIds; LIMIT_EXCEEDED above serverInfo.limits.groupSize, or above serverInfo.limits.groupAdditions in one call; RATE_LIMITED for too many users who are not friends.',
    args: {
      groupId: t.arg.id(groupId),
      userIds: t.arg.idList({ required: true, description: 'User ids of the new members.' }),
    },
    resolve: (_root, args, ctx) => addGroupMembers(ctx, args.groupId, args.userIds),
  }),
  removeGroupMember: t.field({
    type: GroupConversationType,
    description:
      'Removes a member, who receives nothing later from the group. The owner removes anyone, admins remove members, else FORBIDDEN. Errors: NOT_FOUND when the user is not a member; INVALID_INPUT for the viewer, who uses leaveGroup.',
    args: { groupId: t.arg.id(groupId), userId: t.arg.id(memberId) },
    resolve: (_root, args, ctx) => removeGroupMember(ctx, args.groupId, args.userId),
  }),
  leaveGroup: t.boolean({
    description:
      'Removes the viewer from a group. The last member to leave ends it. Always true. Errors: CONFLICT for the owner, who first calls transferGroup or dissolveGroup; NOT_FOUND.',
    args: { groupId: t.arg.id(groupId) },
    resolve: async (_root, args, ctx) => {
      await leaveGroup(ctx, args.groupId)
      return true
    },
  }),
  setGroupMemberRole: t.field({
    type: GroupMemberType,
    description:
      'Makes a member an admin, or an admin a member. Only for the owner, else FORBIDDEN. Errors: NOT_FOUND when the user is not a member; INVALID_INPUT for OWNER, which transferGroup assigns, and for the viewer.',
    args: {
      groupId: t.arg.id(groupId),
      userId: t.arg.id(memberId),
      role: t.arg({ type: GroupRole, required: true, description: 'New role: ADMIN or MEMBER.' }),
    },
    resolve: (_root, args, ctx) => setGroupMemberRole(ctx, args.groupId, args.userId, args.role),
  }),
  muteGroupMember: t.field({
    type: GroupMemberType,
    description:
      'Mutes a member until a time, also if they leave and join again. The owner mutes anyone, admins mute members, else FORBIDDEN. Errors: NOT_FOUND when the user is not a member; INVALID_INPUT for a time in the past and for the viewer.',
    args: {
      groupId: t.arg.id(groupId),
      userId: t.arg.id(memberId),
      until: t.arg({ type: 'DateTime', description: 'End of the mute, in the future; null lifts the mute.' }),
    },
    resolve: (_root, args, ctx) => muteGroupMember(ctx, args.groupId, args.userId, args.until ?? null),
  }),
  transferGroup: t.field({
    type: GroupConversationType,
    description:
      'Makes another member the owner and the viewer an admin. Only for the owner, else FORBIDDEN. Errors: NOT_FOUND when the user is not a member; INVALID_INPUT for the viewer.',
    args: { groupId: t.arg.id(groupId), userId: t.arg.id(memberId) },
    resolve: (_root, args, ctx) => transferGroup(ctx, args.groupId, args.userId),
  }),
  dissolveGroup: t.boolean({
    description:
      'Ends a group: all members are removed and its history is no longer readable. Always true. Only for the owner, else FORBIDDEN. Errors: NOT_FOUND.',
    args: { groupId: t.arg.id(groupId) },
    resolve: async (_root, args, ctx) => {
      await dissolveGroup(ctx, args.groupId)
      return true
    },
  }),
}))
