import { graphql } from '../generated/gql.ts'
import type { GroupRole } from '../generated/graphql.ts'
import type { Person } from '../world/person.ts'

const TransferGroup = graphql(`
  mutation TransferGroup($groupId: ID!, $userId: ID!) {
    transferGroup(groupId: $groupId, userId: $userId) {
      ...ConversationParts
    }
  }
`)

const DissolveGroup = graphql(`
  mutation DissolveGroup($groupId: ID!) {
    dissolveGroup(groupId: $groupId)
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

interface MemberFilter {
  role?: GroupRole
  query?: string
  first?: number
  after?: string | null
}

export const transfers = async (person: Person, groupId: string, other: Person) =>
  (await person.do(TransferGroup, { groupId, userId: other.id })).transferGroup

export const dissolves = async (person: Person, groupId: string) =>
  (await person.do(DissolveGroup, { groupId })).dissolveGroup

export async function members(person: Person, id: string, filter: MemberFilter = {}) {
  const { conversation } = await person.do(Members, { id, ...filter })
  if (!conversation || !('members' in conversation)) throw new Error('It is no group of theirs.')
  return conversation.members
}

/** Who is in a group, as `name ROLE`, in the order of the list. */
export const roles = async (person: Person, id: string, filter: MemberFilter = {}) =>
  (await members(person, id, filter)).edges.map(({ node }) => `${node.user.displayName} ${node.role}`)

/** The history as one line a message. */
export const lines = async (person: Person, id: string) =>
  (await person.history(id))?.map((message) => message.plainText) ?? null
