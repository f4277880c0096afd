import type { FieldFunctionOptions, FieldPolicy, InMemoryCacheConfig, TypePolicies } from '@apollo/client'
import { schemaFacts } from '@parlance/client/adapter'
import { lists, merged, possibleTypes } from './generated/cache.ts'
import { inOrder, pagesOf } from './pages.ts'

/** Options for `InMemoryCache`. Type policies of the application go over them. */
export const parlanceCache = (typePolicies: TypePolicies = {}): InMemoryCacheConfig => ({
  possibleTypes,
  typePolicies: { ...policiesOfSchema(), ...typePolicies },
})

function policiesOfSchema(): TypePolicies {
  const { parts, connections, lookups, ended } = schemaFacts
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
  add('Query', { conversations: inOrder(pagesOf(connections.Query?.conversations ?? [])) })
  return policies
}

const mapValues = <Value, Result>(
  record: Record<string, Value>,
  map: (value: Value) => Result,
): Record<string, Result> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]))

/** An object that another query loaded is not loaded again. */
const findById = (types: string[]): FieldPolicy => ({
  read(existing, { args, toReference, canRead }: FieldFunctionOptions) {
    const held = types.map((type) => toReference({ __typename: type, id: args?.id }))
    // null if it is known that there is none.
    return held.find((one) => canRead(one)) ?? existing
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
