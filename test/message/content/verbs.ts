import { randomUUID } from 'node:crypto'
import { graphql } from '../../generated/gql.ts'
import type { ForwardMode } from '../../generated/graphql.ts'
import type { Person } from '../../world/person.ts'

graphql(`
  fragment ContentParts on MessageContent {
    __typename
    plainText
    ... on TextContent {
      text
    }
    ... on RichTextContent {
      parts {
        __typename
        text
      }
    }
    ... on ImageContent {
      caption
      media {
        id
        filename
        kind
      }
    }
    ... on FileContent {
      caption
      media {
        id
        filename
        kind
      }
    }
    ... on VideoContent {
      caption
      media {
        id
        filename
        kind
      }
    }
    ... on AudioContent {
      caption
      media {
        id
        filename
        kind
      }
    }
    ... on CustomContent {
      type
      data
      fallbackText
    }
  }
`)

graphql(`
  fragment ForwardParts on ForwardContent {
    mode
    sourceKind
    sourceTitle
    summary
    messages {
      senderName
      sentAt
      content {
        ...ContentParts
        ... on ForwardContent {
          summary
          sourceTitle
          messages {
            senderName
            content {
              ...ContentParts
              ... on ForwardContent {
                messages {
                  senderName
                  content {
                    ...ContentParts
                  }
                }
              }
            }
          }
        }
      }
    }
  }
`)

const ForwardMessages = graphql(`
  mutation ForwardMessages($input: ForwardMessagesInput!) {
    forwardMessages(input: $input) {
      messages {
        ...MessageParts
      }
    }
  }
`)

const Content = graphql(`
  query Content($id: ID!) {
    message(id: $id) {
      plainText
      mentions {
        id
      }
      content {
        ...ContentParts
        ...ForwardParts
      }
    }
  }
`)

interface Identified {
  id: string
}

type Target = Identified & { clientMessageId?: string }

/** Forwards messages of one conversation; each target gets a key of its own unless it has one. */
export async function forwards(
  person: Person,
  messages: readonly { conversationId: string; seq: number }[],
  targets: readonly Target[],
  mode: ForwardMode = 'MERGED',
) {
  const input = {
    sourceConversationId: messages[0]?.conversationId ?? '',
    seqs: messages.map(({ seq }) => seq),
    mode,
    targets: targets.map(({ id, clientMessageId = randomUUID() }) => ({
      conversationId: id,
      clientMessageId,
    })),
  }
  return (await person.do(ForwardMessages, { input })).forwardMessages.messages
}

/** What a message says, in full; fails when the person may not read it. */
export async function contentOf(person: Person, { id }: Identified) {
  const { message } = await person.do(Content, { id })
  if (!message) throw new Error('There is no such message.')
  return message
}

/** The forward that a message is; fails when it is none. */
export async function forwardOf(person: Person, message: Identified) {
  const { content } = await contentOf(person, message)
  if (content.__typename !== 'ForwardContent') throw new Error(`It is a ${content.__typename}.`)
  return content
}

const MessageKinds = graphql(`
  query MessageKinds {
    serverInfo {
      messageKinds {
        type
        schema
      }
    }
  }
`)

export const messageKinds = async (person: Person) =>
  (await person.do(MessageKinds, {})).serverInfo.messageKinds
