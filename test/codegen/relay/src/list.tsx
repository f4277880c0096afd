import { graphql, useFragment, useLazyLoadQuery, usePaginationFragment } from 'react-relay'
import type { list_conversations$key } from '../generated/list_conversations.graphql.ts'
import type { list_row$key } from '../generated/list_row.graphql.ts'
import type { listPageQuery } from '../generated/listPageQuery.graphql.ts'
import type { listScreenQuery } from '../generated/listScreenQuery.graphql.ts'

/** The first screen. `inbox(after: syncCursor)` keeps it up to date. */
export function FirstScreen({ onOpen }: { onOpen: (id: string, syncCursor: string) => void }) {
  const { syncCursor, me, ...conversations } = useLazyLoadQuery<listScreenQuery>(
    graphql`
      query listScreenQuery {
        syncCursor
        me {
          id
          unreadCount
        }
        ...list_conversations
      }
    `,
    {},
  )
  return (
    <>
      <b>{me.unreadCount}</b>
      <Conversations conversations={conversations} onOpen={(id) => onOpen(id, syncCursor)} />
    </>
  )
}

function Conversations(props: { conversations: list_conversations$key; onOpen: (id: string) => void }) {
  const { data, hasNext, loadNext } = usePaginationFragment<listPageQuery, list_conversations$key>(
    graphql`
      fragment list_conversations on Query
      @refetchable(queryName: "listPageQuery")
      @argumentDefinitions(count: { type: "Int", defaultValue: 30 }, cursor: { type: "String" }) {
        conversations(first: $count, after: $cursor) @connection(key: "list_conversations") {
          edges {
            node {
              id
              ...list_row
            }
          }
        }
      }
    `,
    props.conversations,
  )
  return (
    <>
      {data.conversations.edges.map(({ node }) => (
        <Row key={node.id} row={node} onOpen={() => props.onOpen(node.id)} />
      ))}
      {hasNext && <button type="button" onClick={() => loadNext(30)} />}
    </>
  )
}

function Row({ row, onOpen }: { row: list_row$key; onOpen: () => void }) {
  const { title, membership, lastMessage, memberCount } = useFragment(
    graphql`
      fragment list_row on Conversation {
        title
        membership {
          unreadCount
          pinned
        }
        lastMessage {
          plainText
        }
        ... on GroupConversation {
          memberCount
        }
      }
    `,
    row,
  )
  return (
    <button type="button" onClick={onOpen}>
      {title} ({memberCount ?? 2}): {lastMessage?.plainText}, {membership.unreadCount}
    </button>
  )
}
