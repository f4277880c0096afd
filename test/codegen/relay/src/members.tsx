import { graphql, useLazyLoadQuery, usePaginationFragment } from 'react-relay'
import type { Opening } from '../app.ts'
import type { members_group$key } from '../generated/members_group.graphql.ts'
import type { membersPageQuery } from '../generated/membersPageQuery.graphql.ts'
import type { membersScreenQuery } from '../generated/membersScreenQuery.graphql.ts'

export function Members({ id, ...opening }: Opening & { id: string }) {
  const { conversation } = useLazyLoadQuery<membersScreenQuery>(
    graphql`
      query membersScreenQuery($id: ID!, $first: Int, $last: Int) {
        conversation(id: $id) {
          ...members_group @alias(as: "group") @arguments(first: $first, last: $last)
        }
      }
    `,
    { id, ...opening },
  )
  return conversation?.group ? <Page group={conversation.group} /> : null
}

function Page(props: { group: members_group$key }) {
  const { data, hasNext, hasPrevious, loadNext, loadPrevious, refetch } = usePaginationFragment<
    membersPageQuery,
    members_group$key
  >(
    graphql`
      fragment members_group on GroupConversation
      @refetchable(queryName: "membersPageQuery")
      @argumentDefinitions(
        first: { type: "Int" }
        after: { type: "String" }
        last: { type: "Int" }
        before: { type: "String" }
      ) {
        memberCount
        members(first: $first, after: $after, last: $last, before: $before)
          @connection(key: "members_members", filters: []) {
          edges {
            node {
              id
              role
              user {
                displayName
              }
            }
          }
        }
      }
    `,
    props.group,
  )
  return (
    <>
      {hasPrevious && <button type="button" name="earlier" onClick={() => loadPrevious(2)} />}
      {data.members.edges.map(({ node }) => (
        <li key={node.id}>{node.user.displayName}</li>
      ))}
      {hasNext && <button type="button" name="later" onClick={() => loadNext(2)} />}
      <button
        type="button"
        name="reload"
        onClick={() => refetch({ first: 2 }, { fetchPolicy: 'network-only' })}
      />
    </>
  )
}
