import type { CacheExchangeOpts, Resolver, UpdateResolver } from '@urql/exchange-graphcache'
import { relayPagination } from '@urql/exchange-graphcache/extras'
import type { CacheDescription } from './description.ts'

/** Options for `cacheExchange`; the schema, for queries that the cache answers in part, goes beside them. */
export function graphcacheOptions(
  description: CacheDescription,
): Required<Pick<CacheExchangeOpts, 'keys' | 'resolvers' | 'updates'>> {
  const { parts, connections, lookups, ended } = description
  const pages = Object.entries(connections).map(([type, fields]) => [
    type,
    Object.fromEntries(Object.keys(fields).map((field) => [field, relayPagination()])),
  ])
  const resolvers: Record<string, Record<string, Resolver>> = Object.fromEntries(pages)
  resolvers.Query = {
    ...resolvers.Query,
    ...Object.fromEntries(Object.entries(lookups).map(([field, types]) => [field, findById(types)])),
  }
  return {
    keys: Object.fromEntries(parts.map((type) => [type, () => null])),
    resolvers,
    updates: {
      Mutation: {
        // Without an updater, the cache drops all messages when it receives a new one.
        sendMessage: () => {},
        forwardMessages: () => {},
        ...Object.fromEntries(Object.entries(ended).map(([field, ids]) => [field, dropEnded(field, ids)])),
      },
    },
  }
}

/** An object that another query loaded is not loaded again. */
const findById =
  (types: string[]): Resolver =>
  (parent, { id }, cache, { parentFieldKey }) => {
    const held = types
      .map((type) => ({ __typename: type, id: String(id) }))
      .find((one) => cache.resolve(one, 'id') !== undefined)
    return held ?? parent[parentFieldKey]
  }

const dropEnded =
  (mutation: string, ids: Record<string, string[]>): UpdateResolver =>
  (result, _args, cache) => {
    const payload = result[mutation] as Record<string, string | null> | null
    for (const [field, types] of Object.entries(ids))
      for (const type of types)
        if (payload?.[field]) cache.invalidate({ __typename: type, id: payload[field] })
  }
