import type { FieldFunctionOptions, FieldPolicy, Reference } from '@apollo/client'

export interface Page {
  nodes?: readonly Reference[]
  edges?: readonly Edge[]
  pageInfo?: Record<string, unknown>
}

export interface Edge {
  __typename?: string
  cursor?: string
  node?: Reference
}

/** Joins pages, of which a query may select `nodes`, `edges` or both. A query without a cursor begins anew. */
export const pagesOf = (keyArgs: string[]): FieldPolicy<Page> => ({
  keyArgs,
  // Apollo Client leaves out what was evicted from lists of objects, but not from edges.
  read: (existing, { canRead }) =>
    existing?.edges
      ? { ...existing, edges: existing.edges.filter(({ node }) => !node || canRead(node)) }
      : existing,
  merge(existing, incoming, { args }) {
    if (!existing || !(args?.after || args?.before)) return incoming
    const [first, second] = args.after ? [existing, incoming] : [incoming, existing]
    return {
      ...existing,
      ...incoming,
      ...joined('nodes', first, second, (node) => node),
      ...joined('edges', first, second, ({ node }) => node),
      ...(incoming.pageInfo && {
        pageInfo: {
          ...incoming.pageInfo,
          ...ends(first.pageInfo, ['startCursor', 'hasPreviousPage']),
          ...ends(second.pageInfo, ['endCursor', 'hasNextPage']),
        },
      }),
    }
  },
})

function joined<Name extends 'nodes' | 'edges'>(
  name: Name,
  first: Page,
  second: Page,
  nodeOf: (item: NonNullable<Page[Name]>[number]) => Reference | undefined,
): Page {
  type Items = NonNullable<Page[Name]>
  if (!first[name] || !second[name]) return {}
  const known = new Set((second[name] as Items).map((item) => nodeOf(item)?.__ref))
  const others = (first[name] as Items).filter((item) => !known.has(nodeOf(item)?.__ref))
  return { [name]: [...others, ...(second[name] as Items)] }
}

const ends = (pageInfo: Page['pageInfo'], names: string[]) =>
  Object.fromEntries(
    names.filter((name) => pageInfo && name in pageInfo).map((name) => [name, pageInfo?.[name]]),
  )

/** The viewer's list, in the order of the server as far as a query selected what decides it. */
export function inOrder(policy: FieldPolicy<Page>): FieldPolicy<Page> {
  const { read } = policy
  if (typeof read !== 'function') return policy
  return {
    ...policy,
    read(existing, options) {
      const page = read(existing, options)
      if (!page) return page
      const rank = rankIn(options)
      const later = (a?: Reference, b?: Reference) => (rank(a) < rank(b) ? 1 : -1)
      const shown = (node?: Reference) => options.args?.filter || !membershipSays('hidden', node, options)
      return {
        ...page,
        ...(page.nodes && { nodes: page.nodes.filter(shown).sort(later) }),
        ...(page.edges && {
          edges: page.edges.filter(({ node }) => shown(node)).sort((a, b) => later(a.node, b.node)),
        }),
      }
    },
  }
}

type Reading = Pick<FieldFunctionOptions, 'readField'>

function membershipSays(name: 'hidden' | 'pinned', node: Reference | undefined, { readField }: Reading) {
  const membership = node && readField<Reference>('membership', node)
  return membership ? (readField<boolean>(name, membership) ?? false) : false
}

const rankIn = (reading: Reading) => (node?: Reference) =>
  node
    ? `${membershipSays('pinned', node, reading) ? 1 : 0} ${reading.readField('lastActivityAt', node)} ${reading.readField('id', node)}`
    : ''
