import {
  AddGroupMembers,
  ApproveJoinRequest,
  CreateGroup,
  type CreateGroupInput,
  CreateGroupInvite,
  type CreateGroupInviteInput,
  DeclineJoinRequest,
  GroupInvite,
  type GroupInviteQuery,
  type GroupRole,
  JoinGroup,
  LeaveGroup,
  RemoveGroupMember,
  SetGroupMemberRole,
  UpdateGroup,
  type UpdateGroupInput,
} from '../generated/documents.ts'
import type { Perform } from '../transport/perform.ts'

export type Invite = NonNullable<GroupInviteQuery['groupInvite']>

export interface GroupActions {
  /** Returns the id of the conversation. */
  create(input: CreateGroupInput): Promise<string | undefined>
  update(groupId: string, changes: Omit<UpdateGroupInput, 'groupId'>): Promise<void>
  /** Members who have to be approved become join requests; returns how many. */
  add(groupId: string, userIds: readonly string[]): Promise<number>
  remove(groupId: string, userId: string): Promise<void>
  setRole(groupId: string, userId: string, role: GroupRole): Promise<void>
  leave(groupId: string): Promise<void>
  /** Returns the code of a new invite. */
  invite(groupId: string, limits?: Omit<CreateGroupInviteInput, 'groupId'>): Promise<string | undefined>
  /** The group of an invite; null if the invite is not valid. */
  invitation(inviteCode: string): Promise<Invite | null>
  /** Returns the id of the conversation; null while a join request waits. */
  join(inviteCode: string): Promise<string | null>
  answerJoinRequest(id: string, answer: 'approve' | 'decline'): Promise<void>
}

/** Changes of groups. What they change reaches the signals of the client by itself. */
export function groupsOf({ query }: { query: Perform }): GroupActions {
  return {
    create: async (input) => (await query(CreateGroup, { input })).createGroup?.conversation.id,
    async update(groupId, changes) {
      await query(UpdateGroup, { input: { groupId, ...changes } })
    },
    async add(groupId, userIds) {
      const { addGroupMembers } = await query(AddGroupMembers, { input: { groupId, userIds } })
      return addGroupMembers?.joinRequests.length ?? 0
    },
    async remove(groupId, userId) {
      await query(RemoveGroupMember, { input: { groupId, userId } })
    },
    async setRole(groupId, userId, role) {
      await query(SetGroupMemberRole, { input: { groupId, userId, role } })
    },
    async leave(groupId) {
      await query(LeaveGroup, { input: { groupId } })
    },
    async invite(groupId, limits) {
      const { createGroupInvite } = await query(CreateGroupInvite, { input: { groupId, ...limits } })
      return createGroupInvite?.invite.inviteCode
    },
    invitation: async (inviteCode) => (await query(GroupInvite, { inviteCode })).groupInvite,
    async join(inviteCode) {
      const { joinGroup } = await query(JoinGroup, { input: { group: { inviteCode } } })
      return joinGroup?.conversation?.id ?? null
    },
    async answerJoinRequest(joinRequestId, answer) {
      const given = { input: { joinRequestId } }
      if (answer === 'approve') await query(ApproveJoinRequest, given)
      else await query(DeclineJoinRequest, given)
    },
  }
}
