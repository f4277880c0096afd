import { graphql, useFragment, useLazyLoadQuery, usePaginationFragment } from 'react-relay'
import type { Opening } from '../app.ts'
import type { history_bubble$key } from '../generated/history_bubble.graphql.ts'
import type { history_conversation$key } from '../generated/history_conversation.graphql.ts'
import type { historyPageQuery } from '../generated/historyPageQuery.graphql.ts'
import type { historyScreenQuery } from '../generated/historyScreenQuery.graphql.ts'

/** A history opens at its newest or oldest messages, or before a message. */
export function History({ id, ...opening }: Opening & { id: string }) {
  const { conversation } = useLazyLoadQuery<historyScreenQuery>(
    graphql`
      query historyScreenQuery($id: ID!, $first: Int, $last: Int, $before: String) {
        conversation(id: $id) {
          ...history_conversation @arguments(first: $first, last: $last, before: $before)
        }
      }
    `,
    { id, ...opening },
  )
  return conversation ? <Messages conversation={conversation} /> : null
}

function Messages(props: { conversation: history_conversation$key }) {
  const { data, hasNext, hasPrevious, loadNext, loadPrevious, refetch } = usePaginationFragment<
    historyPageQuery,
    history_conversation$key
  >(
    graphql`
      fragment history_conversation on Conversation
      @refetchable(queryName: "historyPageQuery")
      @argumentDefinitions(
        first: { type: "Int" }
        after: { type: "String" }
        last: { type: "Int" }
        before: { type: "String" }
      ) {
        messages(first: $first, after: $after, last: $last, before: $before)
          @connection(key: "history_messages", filters: []) {
          edges {
            cursor
            node {
              id
              ...history_bubble
            }
          }
        }
      }
    `,
    props.conversation,
  )
  return (
    <>
      {hasPrevious && <button type="button" name="earlier" onClick={() => loadPrevious(3)} />}
      {data.messages.edges.map(({ node }) => (
        <Bubble key={node.id} bubble={node} />
      ))}
      {hasNext && <button type="button" name="later" onClick={() => loadNext(3)} />}
      <button
        type="button"
        name="reload"
        onClick={() => refetch({ last: 3 }, { fetchPolicy: 'network-only' })}
      />
    </>
  )
}

function Bubble({ bubble }: { bubble: history_bubble$key }) {
  const { plainText, sender } = useFragment(
    graphql`
      fragment history_bubble on Message {
        seq
        version
        clientMessageId
        plainText
        editedAt
        sender {
          displayName
          avatarUrl
        }
        content {
          __typename
          ... on ImageContent {
            media {
              thumbnailUrl
            }
          }
        }
      }
    `,
    bubble,
  )
  return <li title={sender?.displayName ?? ''}>{plainText}</li>
}
