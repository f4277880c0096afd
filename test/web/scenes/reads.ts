import { graphql } from '../../generated/gql.ts'
import type { Person } from '../../world/person.ts'

const SettingsOfViewer = graphql(`
  query SettingsOfViewer {
    me {
      email
      blockedUserCount
      user {
        avatarUrl
      }
      notificationSettings {
        quietFrom
        quietTo
        timeZone
      }
    }
  }
`)

export const settingsOf = async (person: Person) => (await person.do(SettingsOfViewer, {})).me

const SearchOfViewer = graphql(`
  query SearchOfViewer($query: String!) {
    searchMessages(query: $query) {
      nodes {
        message {
          id
        }
      }
    }
  }
`)

/** How many messages a search finds. */
export const countOf = async (person: Person, query: string) =>
  (await person.do(SearchOfViewer, { query })).searchMessages?.nodes.length

const PoliciesOfGroup = graphql(`
  query PoliciesOfGroup($id: ID!) {
    conversation(id: $id) {
      ... on GroupConversation {
        joinPolicy
        historyVisibility
        postingPolicy
        mentionAllPolicy
        slowModeSeconds
        mutedAll
      }
    }
  }
`)

export const policiesOf = async (person: Person, id: string) =>
  (await person.do(PoliciesOfGroup, { id })).conversation
