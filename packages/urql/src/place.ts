import { schemaFacts } from '@parlance/client/adapter'
import { gql } from '@urql/core'
import type { Cache, FieldArgs, Resolver } from '@urql/exchange-graphcache'

type Key = string
type Entity = { __typename: string; id: string }

const edges = {
  MessageEdge: gql`
    fragment PlacedMessage on MessageEdge {
      node {
        id
      }
    }
  `,
  ConversationEdge: gql`
    fragment PlacedConversation on ConversationEdge {
      node {
        id
      }
    }
  `,
}

/** The pages of a field that are held, with their arguments. */
const pagesIn = (cache: Cache, owner: Entity | 'Query', field: string) =>
  cache
    .inspectFields(owner)
    .filter(({ fieldName }) => fieldName === field)
    .flatMap(({ fieldKey, arguments: args }) => {
      const page = cache.resolve(owner, fieldKey) as Key | null | undefined
      return page ? [{ page, args: args ?? {} }] : []
    })

const keysOf = (cache: Cache, page: Key, field: string) =>
  cache.resolve(page, field) as Key[] | null | undefined

const nodeOf = (cache: Cache, edge: Key) => cache.resolve(edge, 'node') as Key

function nodesOf(cache: Cache, page: Key): Key[] {
  return (
    keysOf(cache, page, 'nodes') ?? (keysOf(cache, page, 'edges') ?? []).map((edge) => nodeOf(cache, edge))
  )
}

/** Those that lists of the viewer or queries of one conversation contain. */
export function conversationsIn(cache: Cache): Key[] {
  const single = cache.inspectFields('Query').filter(({ fieldName }) => fieldName === 'conversation')
  const opened = single.map(({ fieldKey }) => cache.resolve('Query', fieldKey) as Key | null | undefined)
  const listed = pagesIn(cache, 'Query', 'conversations').flatMap(({ page }) => nodesOf(cache, page))
  return [...opened, ...listed].filter((key): key is Key => Boolean(key))
}

/** Changes the nodes of a page, and its edges in the same way. Both are held only if a query selects them. */
function arrange(
  cache: Cache,
  page: Key,
  added: readonly Entity[],
  edgeType: keyof typeof edges,
  arranged: (keys: Key[]) => Key[],
): void {
  const nodes = keysOf(cache, page, 'nodes')
  const addedNodes = added.map((one) => cache.keyOfEntity(one) as Key)
  if (nodes) cache.link(page, 'nodes', arranged([...nodes, ...addedNodes]))
  const held = keysOf(cache, page, 'edges')
  if (!held) return
  const byNode = new Map(held.map((edge) => [nodeOf(cache, edge), edge]))
  for (const [index, node] of added.entries()) {
    cache.writeFragment(edges[edgeType], { __typename: edgeType, node })
    byNode.set(addedNodes[index] as Key, `${edgeType}:${node.id}`)
  }
  const order = arranged([...byNode.keys()])
  cache.link(
    page,
    'edges',
    order.flatMap((node) => byNode.get(node) ?? []),
  )
}

/** Whether a page without `pageInfo` ends with the newest message. */
const isNewest = ({ last, before, beforeSeq, around }: FieldArgs & object) =>
  Boolean(last) && !before && !beforeSeq && !around

/** Puts messages at their numbers into the histories that are held. */
export function placeMessages(
  cache: Cache,
  conversationId: string,
  messages: readonly { readonly id: string }[],
): void {
  const seqOf = (key: Key | undefined) => (key ? ((cache.resolve(key, 'seq') as number | null) ?? 0) : 0)
  const bySeq = (keys: Key[]) => keys.sort((a, b) => seqOf(a) - seqOf(b))
  for (const __typename of schemaFacts.lookups.conversation ?? [])
    for (const { page, args } of pagesIn(cache, { __typename, id: conversationId }, 'messages')) {
      const held = nodesOf(cache, page)
      const info = cache.resolve(page, 'pageInfo') as Key | null | undefined
      const hasNext = info ? (cache.resolve(info, 'hasNextPage') as boolean | null) : null
      const last = (hasNext ?? !isNewest(args)) ? seqOf(held.at(-1)) : Number.POSITIVE_INFINITY
      const added = messages
        .map(({ id }): Entity => ({ __typename: 'Message', id }))
        .filter((one) => {
          const key = cache.keyOfEntity(one) as Key
          return !held.includes(key) && seqOf(key) > seqOf(held[0]) && seqOf(key) < last
        })
      if (added.length > 0) arrange(cache, page, added, 'MessageEdge', bySeq)
    }
}

/** Adds a conversation to the viewer's list. Lists with a filter are read again. */
export function addToList(cache: Cache, { id, ...rest }: { readonly id: string }): void {
  const { __typename } = rest as { __typename?: string }
  const pages = pagesIn(cache, 'Query', 'conversations')
  if (!__typename) return
  const key = cache.keyOfEntity({ __typename, id }) as Key
  for (const { fieldName, fieldKey, arguments: args } of cache.inspectFields('Query'))
    if (fieldName === 'conversations' && args?.filter) cache.invalidate('Query', fieldKey)
  const open = pages.filter(({ args }) => !args.filter)
  const [first] = open.filter(({ args }) => !args.after && !args.before)
  if (!first || open.some(({ page }) => nodesOf(cache, page).includes(key))) return
  arrange(cache, first.page, [{ __typename, id }], 'ConversationEdge', (keys) => keys)
}

export function removeFromLists(cache: Cache, gone: readonly (Key | null)[]): void {
  for (const { page } of pagesIn(cache, 'Query', 'conversations'))
    if (nodesOf(cache, page).some((key) => gone.includes(key)))
      arrange(cache, page, [], 'ConversationEdge', (keys) => keys.filter((key) => !gone.includes(key)))
}

/** The viewer's list, in the order of the server as far as a query selected what decides it. */
export const inOrder =
  (pagination: Resolver): Resolver =>
  (parent, args, cache, info) => {
    const joined = pagination(parent, args, cache, info) as Record<string, unknown> | null | undefined
    if (!joined || typeof joined !== 'object') return joined
    const membershipOf = (key: Key) => cache.resolve(key, 'membership') as Key | null
    const rank = (key: Key) =>
      `${cache.resolve(membershipOf(key), 'pinned') ? 1 : 0} ${cache.resolve(key, 'lastActivityAt')} ${cache.resolve(key, 'id')}`
    const isShown = (key: Key) => args.filter || !cache.resolve(membershipOf(key), 'hidden')
    const arranged = (items: unknown, node: (item: Key) => Key) =>
      (items as Key[])
        .filter((item) => isShown(node(item)))
        .sort((a, b) => (rank(node(a)) < rank(node(b)) ? 1 : -1))
    return {
      ...joined,
      ...(Array.isArray(joined.nodes) && { nodes: arranged(joined.nodes, (key) => key) }),
      ...(Array.isArray(joined.edges) && {
        edges: arranged(joined.edges, (edge) => nodeOf(cache, edge)),
      }),
    }
  }
