import type { ApolloCache, Reference } from '@apollo/client'
import { schemaFacts } from '@parlance/client/adapter'
import type { Edge, Page } from './pages.ts'

/** Adds references to a page. null if they cannot be added, since a query selects cursors of edges. */
function withNodes(page: Page, added: readonly Reference[], edgeType: string): Page | null {
  if (page.edges?.some((edge) => 'cursor' in edge)) return null
  const edges = added.map((node): Edge => ({ __typename: edgeType, node }))
  return {
    ...page,
    ...(page.nodes && { nodes: [...page.nodes, ...added] }),
    ...(page.edges && { edges: [...page.edges, ...edges] }),
  }
}

const nodesOf = ({ nodes, edges }: Page): Reference[] =>
  nodes ? [...nodes] : (edges ?? []).flatMap(({ node }) => (node ? [node] : []))

/** Puts messages at their numbers into the histories that are held. */
export function placeMessages(
  cache: ApolloCache,
  conversationId: string,
  messages: readonly { readonly id: string }[],
): void {
  for (const __typename of schemaFacts.lookups.conversation ?? [])
    cache.modify<{ messages: Page }>({
      id: cache.identify({ __typename, id: conversationId }),
      fields: {
        messages(existing, { readField, toReference, DELETE }) {
          const page = existing as Page
          const seqOf = (node?: Reference) => readField<number>('seq', node) ?? 0
          const held = nodesOf(page)
          const known = new Set(held.map(({ __ref }) => __ref))
          const first = held.length > 0 ? seqOf(held[0]) : 0
          const last = page.pageInfo?.hasNextPage ? seqOf(held.at(-1)) : Number.POSITIVE_INFINITY
          const added = messages
            .map(({ id }) => toReference({ __typename: 'Message', id }))
            .filter((node) => node !== undefined)
            .filter((node) => !known.has(node.__ref) && seqOf(node) > first && seqOf(node) < last)
          if (added.length === 0) return page
          const next = withNodes(page, added, 'MessageEdge')
          if (!next) return DELETE
          return {
            ...next,
            ...(next.nodes && { nodes: [...next.nodes].sort((a, b) => seqOf(a) - seqOf(b)) }),
            ...(next.edges && { edges: [...next.edges].sort((a, b) => seqOf(a.node) - seqOf(b.node)) }),
          }
        },
      },
    })
}

/** Adds a conversation to the viewer's list. Lists with a filter are read again. */
export function addToList(cache: ApolloCache, conversation: { readonly id: string }): void {
  const added = cache.identify(conversation)
  cache.modify<{ conversations: Page }>({
    fields: {
      conversations(existing, { storeFieldName, toReference, DELETE }) {
        const page = existing as Page
        const node = added ? toReference(added) : undefined
        if (!node || nodesOf(page).some(({ __ref }) => __ref === added)) return page
        if (storeFieldName.includes('"filter":{')) return DELETE
        return withNodes(page, [node], 'ConversationEdge') ?? DELETE
      },
    },
  })
}

/** Otherwise an object that is cached once more would be in them again. */
export function removeFromLists(cache: ApolloCache, gone: readonly (string | undefined)[]): void {
  const stays = (node?: Reference) => !gone.includes(node?.__ref)
  cache.modify<{ conversations: Page }>({
    fields: {
      conversations(existing) {
        const page = existing as Page
        return {
          ...page,
          ...(page.nodes && { nodes: page.nodes.filter(stays) }),
          ...(page.edges && { edges: page.edges.filter(({ node }) => stays(node)) }),
        }
      },
    },
  })
}
