import { graphql } from '../generated/gql.ts'

// The operations of a small chat application: a list, a conversation, and one subscription that keeps both current.

graphql(`
  fragment BubbleParts on Message {
    id
    conversationId
    seq
    version
    clientMessageId
    plainText
    content {
      plainText
    }
    sender {
      id
      displayName
    }
    quote {
      id
      seq
      version
      plainText
    }
    sentAt
    editedAt
    recalledAt
  }

  fragment RowParts on Conversation {
    id
    title
    version
    maxSeq
    messageCount
    lastActivityAt
    membership {
      id
      readSeq
      readCount
      unreadCount
      pinned
    }
    lastMessage {
      ...BubbleParts
    }
    ... on DirectConversation {
      peer {
        id
        displayName
      }
      peerReadSeq
    }
    ... on GroupConversation {
      name
      memberCount
    }
  }

  fragment OwnerParts on Me {
    id
    unreadCount
    pendingFriendRequestCount
    user {
      id
      displayName
    }
  }
`)

export const FirstScreen = graphql(`
  query FirstScreen {
    syncCursor
    me {
      ...OwnerParts
    }
    conversations(first: 50) {
      edges {
        node {
          ...RowParts
        }
      }
    }
  }
`)

export const OpenConversation = graphql(`
  query OpenConversation($id: ID!) {
    conversation(id: $id) {
      id
      version
      messages(last: 100) {
        edges {
          node {
            ...BubbleParts
          }
        }
      }
    }
  }
`)

// For a large group the stream delivers only the version.
export const PullChanges = graphql(`
  query PullChanges($since: [ConversationVersionInput!]!) {
    conversationChanges(since: $since) {
      version
      hasMore
      conversation {
        ...RowParts
      }
      messages {
        ...BubbleParts
      }
    }
  }
`)

// Mutations select nothing that the stream delivers, too: a response that an event overtook would undo it.

export const SendBubble = graphql(`
  mutation SendBubble($input: SendMessageInput!) {
    sendMessage(input: $input) {
      message {
        __typename
        id
      }
    }
  }
`)

export const ReadUpTo = graphql(`
  mutation ReadUpTo($conversationId: ID!, $readSeq: Int!) {
    markRead(input: { conversationId: $conversationId, readSeq: $readSeq }) {
      membership {
        id
      }
    }
  }
`)

export const LiveScreen = graphql(`
  subscription LiveScreen($after: SyncCursor, $streamId: ID) {
    inbox(after: $after, streamId: $streamId) {
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
      ... on ConversationSignal {
        conversationId
        version
      }
      ... on ConversationChanged {
        conversation {
          ...RowParts
        }
      }
      ... on ConversationRemoved {
        conversationId
      }
      ... on ReceiptsChanged {
        conversation {
          ...RowParts
        }
      }
      ... on MeChanged {
        me {
          ...OwnerParts
        }
      }
      ... on UserChanged {
        user {
          id
          displayName
        }
      }
      ... on ResyncRequired {
        resyncReason
      }
    }
  }
`)
