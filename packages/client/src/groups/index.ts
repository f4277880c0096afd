import {
  AddGroupMembers,
  Announcements,
  type AnnouncementsQuery,
  ApproveJoinRequest,
  CreateGroup,
  type CreateGroupInput,
  CreateGroupInvite,
  type CreateGroupInviteInput,
  DeclineJoinRequest,
  DissolveGroup,
  GroupInvite,
  type GroupInviteQuery,
  type GroupRole,
  GroupSettings,
  type GroupSettingsQuery,
  JoinGroup,
  LeaveGroup,
  MembersNamed,
  MuteGroupMember,
  PostAnnouncement,
  RemoveGroupMember,
  RevokeGroupInvite,
  SetGroupMemberRole,
  TransferGroup,
  UpdateGroup,
  type UpdateGroupInput,
} from '../generated/documents.ts'
import type { Perform } from '../transport/perform.ts'
import type { Member } from '../view/members.ts'

export type Invite = NonNullable<GroupInviteQuery['groupInvite']>
type Settings = NonNullable<GroupSettingsQuery['conversation']>
export type ActiveInvite = NonNullable<Settings['invites']>[number]
export type MentionAllPolicy = NonNullable<Settings['mentionAllPolicy']>
export type AnnouncementPage = NonNullable<NonNullable<AnnouncementsQuery['conversation']>['announcements']>
export type Announcement = AnnouncementPage['nodes'][number]

export interface GroupActions {
  /** Returns the id of the conversation. */
  create(input: CreateGroupInput): Promise<string | undefined>
  update(groupId: string, changes: Omit<UpdateGroupInput, 'groupId'>): Promise<void>
  /** Members who have to be approved become join requests; returns how many. */
  add(groupId: string, userIds: readonly string[]): Promise<number>
  remove(groupId: string, userId: string): Promise<void>
  setRole(groupId: string, userId: string, role: GroupRole): Promise<void>
  leave(groupId: string): Promise<void>
  /** Makes a member the owner. The viewer becomes an admin. */
  transfer(groupId: string, userId: string): Promise<void>
  /** Ends the group for all its members. */
  dissolve(groupId: string): Promise<void>
  /** Until a time; null lifts the mute. */
  mute(groupId: string, userId: string, until: string | null): Promise<void>
  /** Members whose name contains a text, the first thirty. */
  membersNamed(groupId: string, query: string): Promise<readonly Member[]>
  /** Newest first. */
  announcements(groupId: string, after?: string | null): Promise<AnnouncementPage>
  announce(groupId: string, text: string): Promise<void>
  /** What only the settings of a group show. Members see no invites. */
  settings(
    groupId: string,
  ): Promise<{ mentionAllPolicy: MentionAllPolicy; invites: readonly ActiveInvite[] } | null>
  revokeInvite(inviteCode: string): Promise<void>
  /** Returns the code of a new invite. */
  invite(groupId: string, limits?: Omit<CreateGroupInviteInput, 'groupId'>): Promise<string | undefined>
  /** The group of an invite; null if the invite is not valid. */
  invitation(inviteCode: string): Promise<Invite | null>
  /** Returns the id of the conversation; null while a join request waits. */
  join(inviteCode: string): Promise<string | null>
  answerJoinRequest(id: string, answer: 'approve' | 'decline'): Promise<void>
}

const noPage: AnnouncementPage = { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } }

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
    async transfer(groupId, userId) {
      await query(TransferGroup, { input: { groupId, userId } })
    },
    async dissolve(groupId) {
      await query(DissolveGroup, { input: { groupId } })
    },
    async mute(groupId, userId, until) {
      await query(MuteGroupMember, { input: { groupId, userId, until } })
    },
    async membersNamed(id, text) {
      return (await query(MembersNamed, { id, query: text })).conversation?.members?.nodes ?? []
    },
    async announcements(id, after) {
      return (await query(Announcements, { id, after })).conversation?.announcements ?? noPage
    },
    async announce(groupId, text) {
      await query(PostAnnouncement, { input: { groupId, text } })
    },
    async settings(id) {
      const { mentionAllPolicy, invites } = (await query(GroupSettings, { id })).conversation ?? {}
      return mentionAllPolicy ? { mentionAllPolicy, invites: invites ?? [] } : null
    },
    async revokeInvite(inviteCode) {
      await query(RevokeGroupInvite, { input: { inviteCode } })
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
