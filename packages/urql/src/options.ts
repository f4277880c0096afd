import { schemaFacts } from '@parlance/client/adapter'
import type {
  Cache,
  CacheExchangeOpts,
  KeyGenerator,
  Resolver,
  UpdateResolver,
} from '@urql/exchange-graphcache'
import { relayPagination } from '@urql/exchange-graphcache/extras'
import { foldInto } from './fold-into.ts'
import { pages } from './generated/cache.ts'
import { inOrder } from './place.ts'

type ByField<Value> = Record<string, Record<string, Value>>
type Introspection = NonNullable<CacheExchangeOpts['schema']>
type Options = CacheExchangeOpts & Required<Pick<CacheExchangeOpts, 'keys' | 'resolvers' | 'updates'>>

/** Options for `cacheExchange`. `schema` is the one that @parlance/codegen writes; it may have the used types only. */
export function parlanceGraphcache(schema?: Introspection): Options {
  const { parts, connections, lookups, ended } = schemaFacts
  const isKnown = knownIn(schema)
  const keys: [string, KeyGenerator][] = [...parts, ...pages].map((type) => [type, () => null])
  // An edge has no id, but its message or conversation has. So an event can add one to a list.
  for (const type of ['MessageEdge', 'ConversationEdge'])
    keys.push([type, ({ node }) => (node as { id?: string } | undefined)?.id ?? null])
  const resolvers: ByField<Resolver> = mapValues(connections, (fields) =>
    mapValues(fields, () => relayPagination()),
  )
  resolvers.Query = {
    ...resolvers.Query,
    ...mapValues(lookups, findById),
    conversations: inOrder(relayPagination()),
  }
  const fold: UpdateResolver = (data, _args, cache: Cache) => foldInto(cache)(data)
  const updates: ByField<UpdateResolver> = {
    Mutation: {
      // Without an updater, the cache drops all messages when it receives a new one.
      sendMessage: () => {},
      forwardMessages: () => {},
      ...Object.fromEntries(Object.entries(ended).map(([field, ids]) => [field, dropEnded(field, ids)])),
    },
    Subscription: { inbox: fold },
    Query: { conversationChanges: fold },
  }
  const known = <Value>(all: ByField<Value>): ByField<Value> =>
    mapValues(all, (fields, type) => filtered(fields, (field) => isKnown(type, field)))
  return {
    ...(schema && { schema }),
    keys: Object.fromEntries(keys.filter(([type]) => isKnown(type))),
    resolvers: filtered(known(resolvers), (type) => isKnown(type)),
    updates: filtered(known(updates), (type) => isKnown(type)),
  }
}

interface Named {
  readonly name: string
  readonly fields?: readonly { readonly name: string }[]
}

/** The cache warns of options for types and fields that its schema does not have. */
function knownIn(schema: Introspection | undefined) {
  const types = (schema as { __schema: { types?: readonly Named[] } } | undefined)?.__schema.types
  const byName = types && new Map(types.map(({ name, fields }) => [name, fields?.map((field) => field.name)]))
  return (type: string, field?: string): boolean =>
    !byName || (byName.has(type) && (!field || (byName.get(type)?.includes(field) ?? false)))
}

const mapValues = <Value, Result>(
  record: Record<string, Value>,
  map: (value: Value, key: string) => Result,
): Record<string, Result> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]))

const filtered = <Value>(record: Record<string, Value>, fits: (key: string) => boolean) =>
  Object.fromEntries(Object.entries(record).filter(([key]) => fits(key)))

/** An object that another query loaded is not loaded again. */
const findById =
  (types: string[]): Resolver =>
  (_parent, args, cache, { parentKey, fieldName }) => {
    const { id } = args
    const held = types
      .map((type) => ({ __typename: type, id: String(id) }))
      .find((one) => cache.resolve(one, 'id') !== undefined)
    // null if it is known that there is none.
    return held ?? cache.resolve(parentKey, fieldName, args)
  }

const dropEnded =
  (mutation: string, ids: Record<string, string[]>): UpdateResolver =>
  (result, _args, cache) => {
    const payload = result[mutation] as Record<string, string | null> | null
    for (const [field, types] of Object.entries(ids))
      for (const type of types)
        if (payload?.[field]) cache.invalidate({ __typename: type, id: payload[field] })
  }
