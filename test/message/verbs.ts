import { graphql } from '../generated/gql.ts'
import type { RichTextPartInput } from '../generated/graphql.ts'
import { EditMessage } from '../world/operations.ts'
import type { Person } from '../world/person.ts'

const AddReaction = graphql(`
  mutation AddReaction($messageId: ID!, $emoji: String!) {
    addReaction(input: { messageId: $messageId, emoji: $emoji }) {
      message {
        ...MessageParts
      }
    }
  }
`)

const RemoveReaction = graphql(`
  mutation RemoveReaction($messageId: ID!, $emoji: String!) {
    removeReaction(input: { messageId: $messageId, emoji: $emoji }) {
      message {
        ...MessageParts
      }
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

const Revisions = graphql(`
  query Revisions($id: ID!) {
    message(id: $id) {
      revisions {
        content {
          plainText
        }
        replacedAt
      }
    }
  }
`)

const Pinned = graphql(`
  query Pinned($id: ID!) {
    conversation(id: $id) {
      pinnedMessages {
        plainText
      }
    }
  }
`)

const PinMessage = graphql(`
  mutation PinMessage($messageId: ID!) {
    pinMessage(input: { messageId: $messageId }) {
      message {
        ...MessageParts
      }
    }
  }
`)

const UnpinMessage = graphql(`
  mutation UnpinMessage($messageId: ID!) {
    unpinMessage(input: { messageId: $messageId }) {
      message {
        ...MessageParts
      }
    }
  }
`)

const SetReadReceipts = graphql(`
  mutation SetReadReceipts($enabled: Boolean!) {
    setReadReceipts(input: { enabled: $enabled }) {
      me {
        ...MeParts
      }
    }
  }
`)

const Readers = graphql(`
  query Readers($id: ID!, $first: Int, $after: String) {
    message(id: $id) {
      readerCount
      readBy(first: $first, after: $after) {
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
`)

const Parts = graphql(`
  query Parts($id: ID!) {
    message(id: $id) {
      content {
        ... on RichTextContent {
          parts {
            text
            ... on MentionPart {
              all
              user {
                id
              }
            }
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
  (await person.do(AddReaction, { messageId: message.id, emoji })).addReaction.message

export const unreacts = async (person: Person, message: Identified, emoji: string) =>
  (await person.do(RemoveReaction, { messageId: message.id, emoji })).removeReaction.message

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

export const revisionsOf = async (person: Person, { id }: Identified) =>
  (await person.do(Revisions, { id })).message?.revisions ?? null

/** The earlier texts of a message, oldest first. */
export const earlierTexts = async (person: Person, message: Identified) =>
  (await revisionsOf(person, message))?.map(({ content }) => content.plainText) ?? null

export const pins = async (person: Person, message: Identified) =>
  (await person.do(PinMessage, { messageId: message.id })).pinMessage.message

export const unpins = async (person: Person, message: Identified) =>
  (await person.do(UnpinMessage, { messageId: message.id })).unpinMessage.message

/** What is pinned, as text, the newest pin first. */
export const pinned = async (person: Person, conversationId: string) =>
  (await person.do(Pinned, { id: conversationId })).conversation?.pinnedMessages.map(
    ({ plainText }) => plainText,
  ) ?? null

export const showsReading = async (person: Person, enabled: boolean) =>
  (await person.do(SetReadReceipts, { enabled })).setReadReceipts.me

export async function readersOf(
  person: Person,
  { id }: Identified,
  page: { first?: number; after?: string | null } = {},
) {
  const { message } = await person.do(Readers, { id, ...page })
  if (!message) throw new Error('It is not theirs to read.')
  const { readerCount, readBy } = message
  return { readerCount, names: readBy.edges.map(({ node }) => node.displayName), pageInfo: readBy.pageInfo }
}

export const rewrites = async (person: Person, message: Identified, parts: RichTextPartInput[]) =>
  (await person.do(EditMessage, { messageId: message.id, content: { richText: { parts } } })).editMessage
    .message

/** The parts of a rich text. */
export async function partsOf(person: Person, { id }: Identified) {
  const { message } = await person.do(Parts, { id })
  return message?.content && 'parts' in message.content ? message.content.parts : null
}
