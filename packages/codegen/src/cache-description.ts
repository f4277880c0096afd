import {
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isListType,
  isObjectType,
} from 'graphql'

type ByType<Value> = Record<string, Record<string, Value>>

/** What a normalised cache has to know about the schema, as data that needs no schema at run time. */
export interface CacheDescription {
  /** The types of each interface and union. */
  possibleTypes: Record<string, string[]>
  /** Types without an id, which are stored in the object that contains them. */
  parts: string[]
  /** Those of them whose fields are merged; the others are replaced as a whole. */
  merged: string[]
  /** Fields with a list of objects, which a new one replaces. */
  lists: Record<string, string[]>
  /** Fields with pages, and those of their arguments that do not page. */
  connections: ByType<string[]>
  /** Query fields that return an object by its id, with its possible types. */
  lookups: Record<string, string[]>
  /** Fields of a mutation's payload with the id of an object that ended, with its possible types. */
  ended: ByType<string[]>
}

/** Parts of which there is one for each parent; docs/api.md says so, too. */
const merged = [
  'Capabilities',
  'CustomMessageKind',
  'Limits',
  'NotificationSettings',
  'Presence',
  'ServerInfo',
]

const paging = ['first', 'last', 'after', 'before']

export function describeCache(schema: GraphQLSchema): CacheDescription {
  const types = Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith('__'))
  const objects = types.filter(isObjectType).filter((type) => !isRoot(schema, type))
  return {
    possibleTypes: Object.fromEntries(
      types.filter(isAbstractType).map((type) => [type.name, possible(schema, type)]),
    ),
    parts: objects.filter((type) => !hasId(type)).map(({ name }) => name),
    merged,
    lists: present([...objects, schema.getQueryType()], (type) => listsOf(type)),
    connections: present([...objects, schema.getQueryType()], (type) => connectionsOf(type)),
    lookups: Object.fromEntries(lookupsOf(schema)),
    ended: endedBy(schema),
  }
}

const isRoot = (schema: GraphQLSchema, type: GraphQLObjectType) =>
  [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].includes(type)

const hasId = (type: GraphQLNamedType) => 'getFields' in type && 'id' in type.getFields()

const possible = (schema: GraphQLSchema, type: GraphQLNamedType | undefined): string[] =>
  isAbstractType(type)
    ? schema.getPossibleTypes(type).map(({ name }) => name)
    : isObjectType(type)
      ? [type.name]
      : []

/** What is found in each type, without the types in which nothing is. */
function present<Found extends object>(
  types: (GraphQLObjectType | null | undefined)[],
  find: (type: GraphQLObjectType) => Found,
): Record<string, Found> {
  const found = types.flatMap((type) => (type ? [[type.name, find(type)] as const] : []))
  return Object.fromEntries(found.filter(([, value]) => Object.keys(value).length > 0))
}

const isEnvelope = ({ name }: GraphQLNamedType) => /(Connection|Payload)$/.test(name)

const listsOf = (type: GraphQLObjectType): string[] =>
  isEnvelope(type)
    ? []
    : Object.values(type.getFields())
        .filter(
          (field) => isListType(getNullableType(field.type)) && isCompositeType(getNamedType(field.type)),
        )
        .map(({ name }) => name)

const connectionsOf = (type: GraphQLObjectType): Record<string, string[]> =>
  Object.fromEntries(
    Object.values(type.getFields())
      .filter((field) => getNamedType(field.type).name.endsWith('Connection'))
      .map(({ name, args }) => [name, args.map((one) => one.name).filter((one) => !paging.includes(one))]),
  )

const lookupsOf = (schema: GraphQLSchema): [string, string[]][] =>
  Object.values(schema.getQueryType()?.getFields() ?? {})
    .filter(({ args }) => args.length === 1 && args[0]?.name === 'id')
    .map(({ name, type }) => [name, possible(schema, getNamedType(type))])

/** Such as `leftConversationId` and `removedMemberId`. */
const endedId = /^(?:left|dissolved|ended|removed|revoked)([A-Z]\w*)Id$/

function endedBy(schema: GraphQLSchema): ByType<string[]> {
  const mutations = Object.values(schema.getMutationType()?.getFields() ?? {}).map(({ name, type }) => {
    const payload = getNamedType(type) as GraphQLObjectType
    const ended = Object.keys(payload.getFields()).flatMap((field) => {
      const noun = field.match(endedId)?.[1]
      const named = noun ? (schema.getType(noun) ?? schema.getType(`Group${noun}`)) : undefined
      return named ? [[field, possible(schema, named)] as const] : []
    })
    return [name, Object.fromEntries(ended)] as const
  })
  return Object.fromEntries(mutations.filter(([, ended]) => Object.keys(ended).length > 0))
}
