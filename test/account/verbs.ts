import { graphql } from '../generated/gql.ts'
import type { UpdateProfileInput } from '../generated/graphql.ts'
import type { Person } from '../world/person.ts'

const UpdateProfile = graphql(`
  mutation UpdateProfile($input: UpdateProfileInput!) {
    updateProfile(input: $input) {
      me {
        ...MeParts
      }
    }
  }
`)

const UserQuery = graphql(`
  query User($id: ID!) {
    user(id: $id) {
      ...UserParts
      avatarUrl
      createdAt
    }
  }
`)

const UserByHandle = graphql(`
  query UserByHandle($handle: String!) {
    userByHandle(handle: $handle) {
      ...UserParts
    }
  }
`)

const SearchUsers = graphql(`
  query SearchUsers($query: String!, $first: Int, $after: String) {
    searchUsers(query: $query, first: $first, after: $after) {
      edges {
        node {
          ...UserParts
        }
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        endCursor
      }
    }
  }
`)

export const updatesProfile = async (person: Person, input: UpdateProfileInput) =>
  (await person.do(UpdateProfile, { input })).updateProfile.me

export const looksUp = async (person: Person, id: string) => (await person.do(UserQuery, { id })).user

export const looksUpHandle = async (person: Person, handle: string) =>
  (await person.do(UserByHandle, { handle })).userByHandle

export const searches = async (
  person: Person,
  query: string,
  page: { first?: number; after?: string | null } = {},
) => (await person.do(SearchUsers, { query, ...page })).searchUsers

/** The handles that a search finds, in order. */
export const finds = async (person: Person, query: string) =>
  (await searches(person, query)).edges.map((edge) => edge.node.handle)
