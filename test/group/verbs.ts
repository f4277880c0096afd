import { graphql } from '../generated/gql.ts'
import type { GroupRole, JoinTargetInput } from '../generated/graphql.ts'
import { present } from '../world/client.ts'
import { type Person, passwordOf } from '../world/person.ts'

const TransferGroup = graphql(`
  mutation TransferGroup($groupId: ID!, $userId: ID!) {
    transferGroup(input: { groupId: $groupId, userId: $userId }) {
      conversation {
        ...ConversationParts
      }
    }
  }
`)

const DissolveGroup = graphql(`
  mutation DissolveGroup($groupId: ID!) {
    dissolveGroup(input: { groupId: $groupId }) {
      dissolvedConversationId
    }
  }
`)

const Members = graphql(`
  query Members($id: ID!, $role: GroupRole, $query: String, $first: Int, $after: String) {
    conversation(id: $id) {
      ... on GroupConversation {
        members(role: $role, query: $query, first: $first, after: $after) {
          edges {
            node {
              id
              role
              nickname
              readSeq
              user {
                id
                displayName
              }
            }
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    }
  }
`)

const EndAccount = graphql(`
  mutation EndAccount($password: String!) {
    deleteAccount(input: { password: $password }) {
      user {
        id
      }
    }
  }
`)

interface MemberFilter {
  role?: GroupRole
  query?: string
  first?: number
  after?: string | null
}

export const endsAccount = async (person: Person) =>
  (await person.do(EndAccount, { password: passwordOf(person.handle) })).deleteAccount.user

export const transfers = async (person: Person, groupId: string, other: Person) =>
  present((await person.do(TransferGroup, { groupId, userId: other.id })).transferGroup.conversation)

export const dissolves = async (person: Person, groupId: string) =>
  (await person.do(DissolveGroup, { groupId })).dissolveGroup.dissolvedConversationId

export async function members(person: Person, id: string, filter: MemberFilter = {}) {
  const { conversation } = await person.do(Members, { id, ...filter })
  if (!conversation || !('members' in conversation))
    throw new Error('The conversation is not a group of this person.')
  return conversation.members
}

/** Members of a group as `name ROLE`, in the order of the list. */
export const roles = async (person: Person, id: string, filter: MemberFilter = {}) =>
  (await members(person, id, filter)).edges.map(({ node }) => `${node.user.displayName} ${node.role}`)

/** The plain texts of the history. */
export const lines = async (person: Person, id: string) =>
  (await person.history(id))?.map((message) => message.plainText) ?? null

const PostAnnouncement = graphql(`
  mutation PostAnnouncement($groupId: ID!, $text: String!) {
    postAnnouncement(input: { groupId: $groupId, text: $text }) {
      announcement {
        ...AnnouncementParts
        group {
          id
        }
      }
    }
  }
`)

const Announcements = graphql(`
  query Announcements($id: ID!, $first: Int, $after: String) {
    conversation(id: $id) {
      ... on GroupConversation {
        announcements(first: $first, after: $after) {
          edges {
            node {
              ...AnnouncementParts
            }
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    }
  }
`)

graphql(`
  fragment InviteParts on GroupInvite {
    inviteCode
    group {
      conversationId
      name
      avatarUrl
      memberCount
      joinPolicy
    }
    inviter {
      id
    }
    expiresAt
    maxUses
    uses
  }
`)

const CreateGroupInvite = graphql(`
  mutation CreateGroupInvite($groupId: ID!, $expiresAt: DateTime, $maxUses: Int) {
    createGroupInvite(input: { groupId: $groupId, expiresAt: $expiresAt, maxUses: $maxUses }) {
      invite {
        ...InviteParts
      }
    }
  }
`)

const RevokeGroupInvite = graphql(`
  mutation RevokeGroupInvite($inviteCode: String!) {
    revokeGroupInvite(input: { inviteCode: $inviteCode }) {
      conversation {
        ...ConversationParts
        invites {
          inviteCode
        }
      }
    }
  }
`)

const GroupInviteQuery = graphql(`
  query GroupInvite($inviteCode: String!) {
    groupInvite(inviteCode: $inviteCode) {
      ...InviteParts
    }
  }
`)

const Invites = graphql(`
  query Invites($id: ID!) {
    conversation(id: $id) {
      ... on GroupConversation {
        invites {
          ...InviteParts
        }
      }
    }
  }
`)

const JoinGroup = graphql(`
  mutation JoinGroup($group: JoinTargetInput!, $note: String) {
    joinGroup(input: { group: $group, note: $note }) {
      conversation {
        ...ConversationParts
      }
      joinRequest {
        ...JoinRequestParts
      }
    }
  }
`)

const ApproveJoinRequest = graphql(`
  mutation ApproveJoinRequest($id: ID!) {
    approveJoinRequest(input: { joinRequestId: $id }) {
      member {
        id
        role
        user {
          id
        }
      }
    }
  }
`)

const DeclineJoinRequest = graphql(`
  mutation DeclineJoinRequest($id: ID!) {
    declineJoinRequest(input: { joinRequestId: $id }) {
      joinRequest {
        ...JoinRequestParts
      }
    }
  }
`)

const JoinRequests = graphql(`
  query JoinRequests($id: ID!, $first: Int, $after: String) {
    conversation(id: $id) {
      ... on GroupConversation {
        joinRequests(first: $first, after: $after) {
          edges {
            node {
              ...JoinRequestParts
            }
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    }
  }
`)

const MuteGroupMember = graphql(`
  mutation MuteGroupMember($groupId: ID!, $userId: ID!, $until: DateTime) {
    muteGroupMember(input: { groupId: $groupId, userId: $userId, until: $until }) {
      member {
        id
        mutedUntil
      }
    }
  }
`)

interface Paging {
  first?: number
  after?: string | null
}

export const announces = async (person: Person, groupId: string, text: string) =>
  (await person.do(PostAnnouncement, { groupId, text })).postAnnouncement.announcement

export async function announcements(person: Person, id: string, paging: Paging = {}) {
  const { conversation } = await person.do(Announcements, { id, ...paging })
  if (!conversation || !('announcements' in conversation))
    throw new Error('The conversation is not a group of this person.')
  return conversation.announcements
}

export const announced = async (person: Person, id: string) =>
  (await announcements(person, id)).edges.map(({ node }) => node.text)

export const invites = async (
  person: Person,
  groupId: string,
  terms: { expiresAt?: string | null; maxUses?: number | null } = {},
) => (await person.do(CreateGroupInvite, { groupId, ...terms })).createGroupInvite.invite

export const revokes = async (person: Person, inviteCode: string) =>
  present((await person.do(RevokeGroupInvite, { inviteCode })).revokeGroupInvite.conversation)

export const previewsInvite = async (person: Person, inviteCode: string) =>
  (await person.do(GroupInviteQuery, { inviteCode })).groupInvite

export async function invitesOf(person: Person, id: string) {
  const { conversation } = await person.do(Invites, { id })
  if (!conversation || !('invites' in conversation))
    throw new Error('The conversation is not a group of this person.')
  return conversation.invites
}

export const joins = async (person: Person, group: JoinTargetInput, note?: string) =>
  (await person.do(JoinGroup, { group, note })).joinGroup

/** Sends a join request and returns it. */
export async function asksToJoin(person: Person, groupId: string, note?: string) {
  const { joinRequest } = await joins(person, { groupId }, note)
  if (!joinRequest) throw new Error('The person joined without a request.')
  return joinRequest
}

export const approves = async (person: Person, request: { id: string }) =>
  (await person.do(ApproveJoinRequest, { id: request.id })).approveJoinRequest.member

export const declines = async (person: Person, request: { id: string }) =>
  (await person.do(DeclineJoinRequest, { id: request.id })).declineJoinRequest.joinRequest

export async function joinRequests(person: Person, id: string, paging: Paging = {}) {
  const { conversation } = await person.do(JoinRequests, { id, ...paging })
  if (!conversation || !('joinRequests' in conversation))
    throw new Error('The conversation is not a group of this person.')
  return conversation.joinRequests
}

/** User ids of the pending join requests, oldest first. */
export const pendingIds = async (person: Person, id: string) =>
  (await joinRequests(person, id)).edges.map(({ node }) => node.user.id)

export const mutes = async (person: Person, groupId: string, other: Person, until: string | null) =>
  (await person.do(MuteGroupMember, { groupId, userId: other.id, until })).muteGroupMember.member
