import { useMutation, useQuery, useSubscription } from 'urql'
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

export function ConversationList({ after }: { after: string | null }) {
  const [{ data }] = useQuery({ query: FirstScreen, variables: { after } })
  const [inbox] = useSubscription(
    { query: Inbox, variables: { after: data?.syncCursor }, pause: !data },
    (received: number[] = [], { inbox: event }) =>
      event.__typename === 'MessagesChanged' ? [...received, event.version] : received,
  )
  return (
    <ol start={inbox.data?.length}>
      {data?.conversations.nodes.map((row) => (
        <Row key={row.id} row={row} />
      ))}
    </ol>
  )
}

function Row(props: { row: FragmentType<typeof RowParts> }) {
  const row = readFragment(RowParts, props.row)
  const last = readFragment(BubbleParts, row.lastMessage)
  const size = row.__typename === 'GroupConversation' ? row.memberCount : 2
  return (
    <li>
      {row.title} ({size}): {last?.plainText}, {row.membership.unreadCount}
    </li>
  )
}

export function History({ id, before }: { id: string; before: string | null }) {
  const [{ data }] = useQuery({ query: HistoryPage, variables: { id, before } })
  const [, send] = useMutation(Send)
  const [, edit] = useMutation(Edit)
  const [, read] = useMutation(Read)
  const answer = () =>
    void send({
      input: { conversationId: id, clientMessageId: crypto.randomUUID(), content: { text: 'Hello' } },
    })
  return (
    <>
      {data?.conversation?.messages.edges.map(({ cursor, node }) => (
        <Bubble
          key={cursor}
          bubble={node}
          onEdit={(messageId, text) => void edit({ messageId, text })}
          onSeen={(readSeq) => void read({ conversationId: id, readSeq })}
        />
      ))}
      <button type="button" onClick={answer} />
    </>
  )
}

function Bubble(props: {
  bubble: FragmentType<typeof BubbleParts>
  onEdit: (id: string, text: string) => void
  onSeen: (seq: number) => void
}) {
  const { id, seq, sender, plainText, content, sentAt } = readFragment(BubbleParts, props.bubble)
  return (
    <p onMouseEnter={() => props.onSeen(seq)} onDoubleClick={() => props.onEdit(id, plainText.trim())}>
      {sender?.displayName} {new Date(sentAt).toLocaleTimeString()} {plainText}
      {content.__typename === 'ImageContent' && <img alt="" src={content.media?.thumbnailUrl ?? ''} />}
    </p>
  )
}
