import { graphql } from '../generated/gql.ts'
import type { Person } from '../world/person.ts'

const AddReaction = graphql(`
  mutation AddReaction($messageId: ID!, $emoji: String!) {
    addReaction(messageId: $messageId, emoji: $emoji) {
      ...MessageParts
    }
  }
`)

const RemoveReaction = graphql(`
  mutation RemoveReaction($messageId: ID!, $emoji: String!) {
    removeReaction(messageId: $messageId, emoji: $emoji) {
      ...MessageParts
    }
  }
`)

const Reactions = graphql(`
  query Reactions($id: ID!, $first: Int, $after: String) {
    message(id: $id) {
      reactions {
        emoji
        count
        reactedByMe
        users(first: $first, after: $after) {
          edges {
            node {
              displayName
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

interface Identified {
  id: string
}

export const reacts = async (person: Person, message: Identified, emoji: string) =>
  (await person.do(AddReaction, { messageId: message.id, emoji })).addReaction

export const unreacts = async (person: Person, message: Identified, emoji: string) =>
  (await person.do(RemoveReaction, { messageId: message.id, emoji })).removeReaction

export async function reactionsOn(
  person: Person,
  { id }: Identified,
  page: { first?: number; after?: string | null } = {},
) {
  const { message } = await person.do(Reactions, { id, ...page })
  return message?.reactions ?? null
}

/** The reactions as `emoji count` with the names of those who reacted, and a star where the viewer did. */
export const reactionLines = async (person: Person, message: Identified) =>
  (await reactionsOn(person, message))?.map(
    ({ emoji, count, reactedByMe, users }) =>
      `${emoji} ${count} ${users.edges.map(({ node }) => node.displayName).join(' ')}${reactedByMe ? ' *' : ''}`,
  ) ?? null
