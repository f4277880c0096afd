import {
  type GraphQLNamedType,
  type GraphQLSchema,
  type GraphQLType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isScalarType,
  isSpecifiedScalarType,
} from 'graphql'

/** The pages of the reference, by what is on them. */
export const pages = {
  queries: 'Queries',
  mutations: 'Mutations',
  subscriptions: 'Subscriptions',
  objects: 'Objects',
  events: 'Events',
  connections: 'Connections',
  interfaces: 'Interfaces',
  inputs: 'Inputs',
  enums: 'Enums',
  scalars: 'Scalars',
} as const

export type Page = keyof typeof pages

/** The page of a type; null for the built-in scalars, roots, and parts of a mutation, which are with it. */
export function pageOf(schema: GraphQLSchema, type: GraphQLNamedType): Page | null {
  if (isSpecifiedScalarType(type) || type.name.startsWith('__') || isRoot(schema, type)) return null
  if (mutationOf(schema, type)) return 'mutations'
  if (isScalarType(type)) return 'scalars'
  if (isEnumType(type)) return 'enums'
  if (isInputObjectType(type)) return 'inputs'
  if (isInterfaceType(type)) return 'interfaces'
  if (/(Connection|Edge)$/.test(type.name)) return 'connections'
  const event = schema.getType('InboxEvent')
  return isInterfaceType(event) && schema.isSubType(event, type as never) ? 'events' : 'objects'
}

const isRoot = (schema: GraphQLSchema, type: GraphQLNamedType) =>
  [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].some(
    (root) => root === type,
  )

/** The mutation of which a type is the payload or the input alone. */
export function mutationOf(schema: GraphQLSchema, type: GraphQLNamedType): string | null {
  const [, stem] = type.name.match(/^(\w+)(?:Payload|Input)$/) ?? []
  const name = stem && `${stem[0]?.toLowerCase()}${stem.slice(1)}`
  return name && schema.getMutationType()?.getFields()[name] ? name : null
}

/** A type as Markdown, linked from a page. */
export function linkTo(schema: GraphQLSchema, type: GraphQLType): string {
  if (isNonNullType(type)) return `${linkTo(schema, type.ofType)}!`
  if (isListType(type)) return `\\[${linkTo(schema, type.ofType)}\\]`
  const page = pageOf(schema, type)
  if (!page) return type.name
  return `[${type.name}](${page}.md#${(mutationOf(schema, type) ?? type.name).toLowerCase()})`
}
