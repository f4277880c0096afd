import type { FieldFunctionOptions, FieldPolicy, Reference, TypePolicies } from '@apollo/client'
import type { CacheDescription } from './description.ts'

interface Page {
  nodes?: readonly Reference[]
  edges?: readonly { node?: Reference }[]
  pageInfo?: Record<string, unknown>
}

/** Type policies for `InMemoryCache`; `possibleTypes` of the description goes beside them. */
export function apolloPolicies(description: CacheDescription): TypePolicies {
  const { parts, merged, lists, connections, lookups, ended } = description
  const policies: TypePolicies = {
    Subscription: { fields: { inbox: { merge: false } } },
    Mutation: { fields: mapValues(ended, evictEnded) },
  }
  const add = (type: string, fields: Record<string, FieldPolicy>) => {
    const policy = policies[type] ?? {}
    policies[type] = { ...policy, fields: { ...policy.fields, ...fields } }
  }
  for (const type of parts) policies[type] = { keyFields: false, merge: merged.includes(type) }
  for (const [type, fields] of Object.entries(lists))
    add(type, Object.fromEntries(fields.map((field) => [field, { merge: false }])))
  for (const [type, fields] of Object.entries(connections)) add(type, mapValues(fields, pagesOf))
  add('Query', mapValues(lookups, findById))
  return policies
}

const mapValues = <Value, Result>(
  record: Record<string, Value>,
  map: (value: Value) => Result,
): Record<string, Result> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]))

/** Joins pages, of which a query may select `nodes`, `edges` or both. A query without a cursor begins anew. */
const pagesOf = (keyArgs: string[]): FieldPolicy<Page> => ({
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

/** An object that another query loaded is not loaded again. */
const findById = (types: string[]): FieldPolicy => ({
  read(existing, { args, toReference, canRead }: FieldFunctionOptions) {
    const held = types.map((type) => toReference({ __typename: type, id: args?.id }))
    return existing ?? held.find((one) => canRead(one))
  },
})

const evictEnded = (ended: Record<string, string[]>): FieldPolicy => ({
  merge(_existing, payload, { cache, readField }) {
    for (const [field, types] of Object.entries(ended)) {
      const id = readField<string>(field, payload)
      for (const type of types) if (id) cache.evict({ id: cache.identify({ __typename: type, id }) })
    }
    return payload
  },
})
