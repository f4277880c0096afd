import { meField } from '../account/payload.ts'
import { requireViewer } from '../context.ts'
import { GroupRole } from '../conversation/group-role.ts'
import { groupField } from '../conversation/payload.ts'
import { GroupConversationType } from '../conversation/refs.ts'
import { defineMutation, inputOf } from '../platform/graphql/mutation.ts'
import { createGroup } from './create.ts'
import { dissolveGroup } from './dissolve.ts'
import { CreateGroupInputType, UpdateGroupInputType } from './inputs.ts'
import { addGroupMembers } from './membership/add.ts'
import { leaveGroup } from './membership/leave.ts'
import { muteGroupMember } from './membership/mute.ts'
import { removeGroupMember } from './membership/remove.ts'
import { setGroupMemberRole } from './membership/set-role.ts'
import { transferGroup } from './membership/transfer-ownership.ts'
import './objects.ts'
import { groupMemberId, memberPayload, membersField } from './payload.ts'
import { GroupJoinRequestType } from './refs.ts'
import { updateGroup } from './update.ts'

const groupId = { required: true, description: 'Id of the group.' } as const
const memberId = { required: true, description: 'User id of the member.' } as const

defineMutation('createGroup', {
  description:
    'Creates a group, with all initial members or not at all. Errors: NOT_FOUND for unknown users, NOT_FRIENDS where the server allows only friends, BLOCKED for users blocked by the viewer, each with extensions.userIds; LIMIT_EXCEEDED above serverInfo.limits.groupSize or serverInfo.limits.groupAdditions; RATE_LIMITED for too many users who are not friends; CONFLICT when the idempotencyKey was used for another group; INVALID_INPUT.',
  errors: [
    'NOT_FOUND',
    'NOT_FRIENDS',
    'BLOCKED',
    'LIMIT_EXCEEDED',
    'RATE_LIMITED',
    'CONFLICT',
    'INVALID_INPUT',
  ],
  input: CreateGroupInputType,
  resolve: async (input, ctx) => ({ conversation: await createGroup(ctx, input) }),
  payload: (t) => ({
    conversation: t.expose('conversation', { type: GroupConversationType, description: 'The new group.' }),
  }),
})

defineMutation('updateGroup', {
  description:
    'Changes the settings of a group. Only for owner and admins, else FORBIDDEN. Errors: NOT_FOUND, INVALID_INPUT.',
  errors: ['FORBIDDEN', 'NOT_FOUND', 'INVALID_INPUT'],
  input: UpdateGroupInputType,
  resolve: async (input, ctx) => {
    await updateGroup(ctx, input.groupId, input)
    return { conversationId: input.groupId }
  },
  payload: (t) => ({ conversation: groupField(t) }),
})

defineMutation('addGroupMembers', {
  description:
    'Adds members to a group, all or none; users who are members already are ignored. Only for owner and admins, else FORBIDDEN. Errors: NOT_FOUND for unknown users, NOT_FRIENDS where the server allows only friends, BLOCKED for users blocked by the viewer, FORBIDDEN for users who left the group and need an invite, each with extensions.userIds; LIMIT_EXCEEDED above serverInfo.limits.groupSize, or above serverInfo.limits.groupAdditions in one call; RATE_LIMITED for too many users who are not friends.',
  errors: ['FORBIDDEN', 'NOT_FOUND', 'NOT_FRIENDS', 'BLOCKED', 'LIMIT_EXCEEDED', 'RATE_LIMITED'],
  input: inputOf('addGroupMembers', (t) => ({
    groupId: t.id(groupId),
    userIds: t.idList({ required: true, description: 'User ids of the new members.' }),
  })),
  resolve: async ({ groupId, userIds }, ctx) => ({
    conversationId: groupId,
    userIds,
    joinRequests: await addGroupMembers(ctx, groupId, userIds),
  }),
  payload: (t) => ({
    conversation: groupField(t),
    members: membersField(t),
    joinRequests: t.expose('joinRequests', {
      type: [GroupJoinRequestType],
      items: 'groupAdditions',
      description: 'Join requests of the new members, which are approved now.',
    }),
  }),
})

defineMutation('removeGroupMember', {
  description:
    'Removes a member, who receives nothing later from the group. The owner removes anyone, admins remove members, else FORBIDDEN. Errors: NOT_FOUND when the user is not a member; INVALID_INPUT for the viewer, who uses leaveGroup.',
  errors: ['FORBIDDEN', 'NOT_FOUND', 'INVALID_INPUT'],
  input: inputOf('removeGroupMember', (t) => ({ groupId: t.id(groupId), userId: t.id(memberId) })),
  resolve: async ({ groupId, userId }, ctx) => {
    await removeGroupMember(ctx, groupId, userId)
    return { conversationId: groupId, userId }
  },
  payload: (t) => ({
    conversation: groupField(t),
    removedMemberId: t.id({ description: 'Id of the former GroupMember.', resolve: groupMemberId }),
  }),
})

defineMutation('leaveGroup', {
  description:
    'Removes the viewer from a group. The last member to leave ends it. Errors: CONFLICT for the owner, who first calls transferGroup or dissolveGroup; NOT_FOUND.',
  errors: ['CONFLICT', 'NOT_FOUND'],
  input: inputOf('leaveGroup', (t) => ({ groupId: t.id(groupId) })),
  resolve: async (input, ctx) => {
    await leaveGroup(ctx, input.groupId)
    return input
  },
  payload: (t) => ({
    leftConversationId: t.exposeID('groupId', {
      description: 'Id of the group, which is no longer readable.',
    }),
    me: meField(t),
  }),
})

defineMutation('setGroupMemberRole', {
  description:
    'Makes a member an admin, or an admin a member. Only for the owner, else FORBIDDEN. Errors: NOT_FOUND when the user is not a member; INVALID_INPUT for OWNER, which transferGroup assigns, and for the viewer.',
  errors: ['FORBIDDEN', 'NOT_FOUND', 'INVALID_INPUT'],
  input: inputOf('setGroupMemberRole', (t) => ({
    groupId: t.id(groupId),
    userId: t.id(memberId),
    role: t.field({ type: GroupRole, required: true, description: 'New role: ADMIN or MEMBER.' }),
  })),
  resolve: (input, ctx) => setGroupMemberRole(ctx, input.groupId, input.userId, input.role),
  payload: memberPayload,
})

defineMutation('muteGroupMember', {
  description:
    'Mutes a member until a time, also if they leave and join again. The owner mutes anyone, admins mute members, else FORBIDDEN. Errors: NOT_FOUND when the user is not a member; INVALID_INPUT for a time in the past and for the viewer.',
  errors: ['FORBIDDEN', 'NOT_FOUND', 'INVALID_INPUT'],
  input: inputOf('muteGroupMember', (t) => ({
    groupId: t.id(groupId),
    userId: t.id(memberId),
    until: t.field({ type: 'DateTime', description: 'End of the mute, in the future; null lifts the mute.' }),
  })),
  resolve: (input, ctx) => muteGroupMember(ctx, input.groupId, input.userId, input.until ?? null),
  payload: memberPayload,
})

defineMutation('transferGroup', {
  description:
    'Makes another member the owner and the viewer an admin. Only for the owner, else FORBIDDEN. Errors: NOT_FOUND when the user is not a member; INVALID_INPUT for the viewer.',
  errors: ['FORBIDDEN', 'NOT_FOUND', 'INVALID_INPUT'],
  input: inputOf('transferGroup', (t) => ({ groupId: t.id(groupId), userId: t.id(memberId) })),
  resolve: async ({ groupId, userId }, ctx) => {
    await transferGroup(ctx, groupId, userId)
    return { conversationId: groupId, userIds: [userId, requireViewer(ctx).userId] }
  },
  payload: (t) => ({ conversation: groupField(t), members: membersField(t) }),
})

defineMutation('dissolveGroup', {
  description:
    'Ends a group: all members are removed and its history is no longer readable. Only for the owner, else FORBIDDEN. Errors: NOT_FOUND.',
  errors: ['FORBIDDEN', 'NOT_FOUND'],
  input: inputOf('dissolveGroup', (t) => ({ groupId: t.id(groupId) })),
  resolve: async (input, ctx) => {
    await dissolveGroup(ctx, input.groupId)
    return input
  },
  payload: (t) => ({
    dissolvedConversationId: t.exposeID('groupId', {
      description: 'Id of the group, which is no longer readable.',
    }),
    me: meField(t),
  }),
})
