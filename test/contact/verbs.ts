import { graphql } from '../generated/gql.ts'
import { BlockUser, RequestFriend } from '../world/operations.ts'
import type { Person } from '../world/person.ts'

const DeclineFriendRequest = graphql(`
  mutation DeclineFriendRequest($id: ID!) {
    declineFriendRequest(input: { friendRequestId: $id }) {
      friendRequest {
        ...FriendRequestParts
      }
    }
  }
`)

const AcceptRequestAndSee = graphql(`
  mutation AcceptRequestAndSee($id: ID!) {
    acceptFriendRequest(input: { friendRequestId: $id }) {
      friendRequest {
        ...FriendRequestParts
        friendship {
          ...FriendshipParts
          conversation {
            title
            maxSeq
            lastMessage {
              ...MessageParts
            }
          }
        }
      }
    }
  }
`)

const CancelFriendRequest = graphql(`
  mutation CancelFriendRequest($id: ID!) {
    cancelFriendRequest(input: { friendRequestId: $id }) {
      friendRequest {
        ...FriendRequestParts
      }
    }
  }
`)

const RemoveFriend = graphql(`
  mutation RemoveFriend($userId: ID!) {
    removeFriend(input: { userId: $userId }) {
      user {
        ...UserParts
      }
    }
  }
`)

const SetFriendRemark = graphql(`
  mutation SetFriendRemark($userId: ID!, $remark: String) {
    setFriendRemark(input: { userId: $userId, remark: $remark }) {
      friendship {
        ...FriendshipParts
      }
    }
  }
`)

const UnblockUser = graphql(`
  mutation UnblockUser($userId: ID!) {
    unblockUser(input: { userId: $userId }) {
      user {
        ...UserParts
      }
    }
  }
`)

const Relation = graphql(`
  query Relation($userId: ID!) {
    user(id: $userId) {
      blockedByMe
      friendship {
        ...FriendshipParts
      }
      friendRequest {
        ...FriendRequestParts
      }
    }
    me {
      pendingFriendRequestCount
      blockedUserCount
    }
  }
`)

const Friends = graphql(`
  query Friends($first: Int, $after: String) {
    friends(first: $first, after: $after) {
      edges {
        node {
          ...FriendshipParts
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

const FriendRequests = graphql(`
  query FriendRequests($direction: FriendRequestDirection!, $first: Int, $after: String) {
    friendRequests(direction: $direction, first: $first, after: $after) {
      edges {
        node {
          ...FriendRequestParts
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

const BlockedUsers = graphql(`
  query BlockedUsers($first: Int, $after: String) {
    blockedUsers(first: $first, after: $after) {
      edges {
        node {
          id
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

interface Identified {
  id: string
}

interface Paging {
  first?: number
  after?: string | null
}

export const asks = async (person: Person, other: Identified, note?: string | null) =>
  (await person.do(RequestFriend, { userId: other.id, note })).requestFriend.friendRequest

export const accepts = async (person: Person, request: Identified) =>
  (await person.do(AcceptRequestAndSee, { id: request.id })).acceptFriendRequest.friendRequest

export const declines = async (person: Person, request: Identified) =>
  (await person.do(DeclineFriendRequest, { id: request.id })).declineFriendRequest.friendRequest

export const cancels = async (person: Person, request: Identified) =>
  (await person.do(CancelFriendRequest, { id: request.id })).cancelFriendRequest.friendRequest

export const unfriends = async (person: Person, other: Identified) =>
  (await person.do(RemoveFriend, { userId: other.id })).removeFriend.user

export const remarks = async (person: Person, other: Identified, remark: string | null) =>
  (await person.do(SetFriendRemark, { userId: other.id, remark })).setFriendRemark.friendship

export const blocks = async (person: Person, other: Identified) =>
  (await person.do(BlockUser, { userId: other.id })).blockUser.user

export const unblocks = async (person: Person, other: Identified) =>
  (await person.do(UnblockUser, { userId: other.id })).unblockUser.user

/** The relation of a user to another one as the user sees it, with the user's counts. */
export const relation = async (person: Person, other: Identified) => {
  const { user, me } = await person.do(Relation, { userId: other.id })
  return { ...user, ...me }
}

export const friendsOf = async (person: Person, paging: Paging = {}) =>
  (await person.do(Friends, paging)).friends

export const incoming = async (person: Person, paging: Paging = {}) =>
  (await person.do(FriendRequests, { direction: 'INCOMING', ...paging })).friendRequests

export const outgoing = async (person: Person, paging: Paging = {}) =>
  (await person.do(FriendRequests, { direction: 'OUTGOING', ...paging })).friendRequests

export const blockedBy = async (person: Person, paging: Paging = {}) =>
  (await person.do(BlockedUsers, paging)).blockedUsers

export const nodes = <Node>(connection: { readonly edges: readonly { readonly node: Node }[] }): Node[] =>
  connection.edges.map((edge) => edge.node)
