import { graphql } from './generated/gql.ts'

graphql(`
  fragment Row on Conversation {
    id
    version
    title
    lastActivityAt
    membership {
      id
      readSeq
      unreadCount
      pinned
      hidden
    }
  }

  fragment Bubble on Message {
    id
    seq
    version
    plainText
    sender {
      id
      displayName
    }
  }

  fragment Viewer on Me {
    id
    unreadCount
    user {
      id
      displayName
    }
  }
`)

export const First = graphql(`
  query First {
    syncCursor
    me {
      ...Viewer
    }
    conversations(first: 30) {
      nodes {
        ...Row
      }
    }
  }
`)

export const History = graphql(`
  query History($id: ID!) {
    conversation(id: $id) {
      id
      version
      messages(last: 50) {
        nodes {
          ...Bubble
        }
      }
    }
  }
`)

export const Send = graphql(`
  mutation Send($input: SendMessageInput!) {
    sendMessage(input: $input) {
      message {
        id
      }
    }
  }
`)

export const Read = graphql(`
  mutation Read($input: MarkReadInput!) {
    markRead(input: $input) {
      membership {
        id
      }
    }
  }
`)

/** Everything that changes for the viewer. */
export const Inbox = graphql(`
  subscription Inbox($after: SyncCursor, $streamId: ID) {
    inbox(after: $after, streamId: $streamId) {
      __typename
      cursor
      ... on MessagesChanged {
        fromVersion
        version
        conversation {
          ...Row
        }
        messages {
          ...Bubble
        }
      }
      ... on ConversationSignal {
        conversationId
        version
      }
      ... on ConversationChanged {
        conversation {
          ...Row
        }
      }
      ... on ConversationRemoved {
        conversationId
      }
      ... on ReceiptsChanged {
        conversation {
          ...Row
        }
      }
      ... on MeChanged {
        me {
          ...Viewer
        }
      }
      ... on SessionEnded {
        endReason
      }
    }
  }
`)

/** What a signal of a large group announces. */
export const Changes = graphql(`
  query Changes($since: [ConversationVersionInput!]!) {
    conversationChanges(since: $since) {
      version
      hasMore
      conversation {
        ...Row
      }
      messages {
        ...Bubble
      }
    }
  }
`)
