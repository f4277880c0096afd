import { useMutation, useQuery, useSubscription } from '@urql/vue'
import { computed, type Ref } from 'vue'
import { type FragmentType, graphql, readFragment } from '../generated/index.ts'

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

const RowParts = graphql(`
  fragment RowParts on Conversation {
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
`)

const FirstScreen = graphql(`
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
`)

const HistoryPage = graphql(`
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
`)

const Send = graphql(`
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
`)

const Edit = graphql(`
  mutation Edit($messageId: ID!, $text: String!) {
    editMessage(input: { messageId: $messageId, content: { text: $text } }) {
      message {
        ...BubbleParts
      }
    }
  }
`)

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

const Inbox = graphql(`
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
`)

export function useConversationList() {
  const { data } = useQuery({ query: FirstScreen, variables: {} })
  const { data: event } = useSubscription({
    query: Inbox,
    variables: computed(() => ({ after: data.value?.syncCursor })),
    pause: computed(() => !data.value),
  })
  return {
    rows: computed(() => data.value?.conversations.nodes.map(rowOf) ?? []),
    changed: computed(() =>
      event.value?.inbox.__typename === 'MessagesChanged' ? event.value.inbox.messages.map(bubbleOf) : [],
    ),
  }
}

function rowOf(given: FragmentType<typeof RowParts>) {
  const row = readFragment(RowParts, given)
  const { title, membership, lastMessage } = row
  return {
    title,
    unreadCount: membership.unreadCount,
    size: row.__typename === 'GroupConversation' ? row.memberCount : 2,
    line: lastMessage ? bubbleOf(lastMessage).text : '',
  }
}

function bubbleOf(given: FragmentType<typeof BubbleParts>) {
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

export function useHistory(id: Ref<string>, before: Ref<string | null>) {
  const { data } = useQuery({ query: HistoryPage, variables: () => ({ id: id.value, before: before.value }) })
  const { executeMutation: send } = useMutation(Send)
  const { executeMutation: edit } = useMutation(Edit)
  const { executeMutation: read } = useMutation(Read)
  return {
    bubbles: computed(() => data.value?.conversation?.messages.edges.map(({ node }) => bubbleOf(node)) ?? []),
    hasEarlier: computed(() => data.value?.conversation?.messages.pageInfo.hasPreviousPage ?? false),
    send: (text: string) =>
      send({ input: { conversationId: id.value, clientMessageId: crypto.randomUUID(), content: { text } } }),
    edit: (messageId: string, text: string) => edit({ messageId, text }),
    read: (readSeq: number) => read({ conversationId: id.value, readSeq }),
  }
}
