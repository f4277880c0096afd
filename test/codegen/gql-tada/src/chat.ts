import type { AnyVariables, Client, OperationResult, TypedDocumentNode } from '@urql/core'
import { type FragmentOf, type ResultOf, readFragment, type VariablesOf } from 'gql.tada'
import { graphql } from './graphql.ts'

const BubbleParts = graphql(`
  fragment BubbleParts on Message {
    id
    seq
    version
    clientMessageId
    plainText
    sentAt
    editedAt
    recalledAt
    sender {
      id
      displayName
      avatarUrl
    }
    content {
      __typename
      ... on ImageContent {
        media {
          id
          thumbnailUrl
          width
          height
        }
      }
      ... on CustomContent {
        type
        data
      }
    }
  }
`)

const RowParts = graphql(
  `
  fragment RowParts on Conversation {
    __typename
    id
    title
    version
    lastActivityAt
    membership {
      id
      unreadCount
      pinned
    }
    lastMessage {
      ...BubbleParts
    }
    ... on GroupConversation {
      memberCount
      deliveryMode
    }
  }
`,
  [BubbleParts],
)

const FirstScreen = graphql(
  `
  query FirstScreen($after: String) {
    syncCursor
    me {
      id
      unreadCount
    }
    conversations(first: 30, after: $after) {
      nodes {
        id
        ...RowParts
      }
      pageInfo {
        endCursor
        hasNextPage
      }
    }
  }
`,
  [RowParts],
)

const HistoryPage = graphql(
  `
  query HistoryPage($id: ID!, $before: String) {
    conversation(id: $id) {
      id
      messages(last: 50, before: $before) {
        edges {
          cursor
          node {
            ...BubbleParts
          }
        }
        pageInfo {
          startCursor
          hasPreviousPage
        }
      }
    }
  }
`,
  [BubbleParts],
)

const Send = graphql(
  `
  mutation Send($input: SendMessageInput!) {
    sendMessage(input: $input) {
      message {
        ...BubbleParts
      }
      conversation {
        ...RowParts
      }
    }
  }
`,
  [BubbleParts, RowParts],
)

const Edit = graphql(
  `
  mutation Edit($messageId: ID!, $text: String!) {
    editMessage(input: { messageId: $messageId, content: { text: $text } }) {
      message {
        ...BubbleParts
      }
    }
  }
`,
  [BubbleParts],
)

const Read = graphql(`
  mutation Read($conversationId: ID!, $readSeq: Int!) {
    markRead(input: { conversationId: $conversationId, readSeq: $readSeq }) {
      membership {
        id
        readSeq
        unreadCount
      }
      me {
        id
        unreadCount
      }
    }
  }
`)

const Inbox = graphql(
  `
  subscription Inbox($after: SyncCursor) {
    inbox(after: $after) {
      __typename
      cursor
      ... on MessagesChanged {
        fromVersion
        version
        conversation {
          ...RowParts
        }
        messages {
          ...BubbleParts
        }
      }
      ... on ConversationChanged {
        conversation {
          ...RowParts
        }
      }
      ... on ConversationRemoved {
        conversationId
      }
      ... on ResyncRequired {
        resyncReason
      }
    }
  }
`,
  [BubbleParts, RowParts],
)

export type InboxEvent = ResultOf<typeof Inbox>['inbox']

/** The calls of an application without a framework. */
export function chat(client: Client) {
  const query = <Data, Variables extends AnyVariables>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
  ): Promise<OperationResult<Data, Variables>> => client.query(document, variables).toPromise()
  return {
    async conversations(after: string | null) {
      const { data } = await query(FirstScreen, { after })
      return data?.conversations.nodes.map(rowOf) ?? []
    },
    async history(id: string, before: string | null) {
      const { data } = await query(HistoryPage, { id, before })
      return data?.conversation?.messages.edges.map(({ node }) => bubbleOf(node)) ?? []
    },
    send: (input: VariablesOf<typeof Send>['input']) => client.mutation(Send, { input }).toPromise(),
    edit: (messageId: string, text: string) => client.mutation(Edit, { messageId, text }).toPromise(),
    read: (conversationId: string, readSeq: number) =>
      client.mutation(Read, { conversationId, readSeq }).toPromise(),
    listen: (after: string, receive: (event: InboxEvent) => void) =>
      client.subscription(Inbox, { after }).subscribe(({ data }) => data && receive(data.inbox)),
  }
}

export function versionOf(event: InboxEvent): number | null {
  return event.__typename === 'MessagesChanged' ? event.version : null
}

function rowOf(given: FragmentOf<typeof RowParts>) {
  const row = readFragment(RowParts, given)
  return {
    title: row.title,
    unreadCount: row.membership.unreadCount,
    size: row.__typename === 'GroupConversation' ? row.memberCount : 2,
    line: row.lastMessage ? bubbleOf(row.lastMessage).text : '',
  }
}

function bubbleOf(given: FragmentOf<typeof BubbleParts>) {
  const { id, seq, sender, plainText, content, sentAt } = readFragment(BubbleParts, given)
  return {
    id,
    seq,
    name: sender?.displayName ?? '',
    text: plainText.trim(),
    sentAt: new Date(sentAt),
    thumbnail: content.__typename === 'ImageContent' ? (content.media?.thumbnailUrl ?? null) : null,
  }
}
