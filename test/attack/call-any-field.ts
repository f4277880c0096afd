import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  isScalarType,
} from 'graphql'

/** One place for text in the arguments of a root field, and the operation that puts a value there. */
export interface TextPlace {
  /** Such as `sendMessage.input.content.text`. */
  name: string
  scalar: string
  query: string
  variables: (value: unknown) => Record<string, unknown>
}

const textScalars = new Set([
  'String',
  'ID',
  'URL',
  'DateTime',
  'LocalTime',
  'TimeZone',
  'SyncCursor',
  'JSONObject',
])
const levelsMax = 4

type Kind = 'query' | 'mutation' | 'subscription'

/** Every place of the schema in which a client can put text, with valid values for what else is required. */
export const textPlaces = (
  schema: GraphQLSchema,
  known: Record<string, unknown>,
  kinds: readonly Kind[] = ['query', 'mutation'],
): TextPlace[] => placesOfScalars(schema, known, textScalars, kinds)

/** Every place of the schema with one of these scalars. */
export function placesOfScalars(
  schema: GraphQLSchema,
  known: Record<string, unknown>,
  scalars: ReadonlySet<string>,
  kinds: readonly Kind[] = ['query', 'mutation'],
): TextPlace[] {
  const roots = {
    query: schema.getQueryType(),
    mutation: schema.getMutationType(),
    subscription: schema.getSubscriptionType(),
  }
  return kinds.flatMap((kind) =>
    Object.values(roots[kind]?.getFields() ?? {}).flatMap((field) =>
      field.args.flatMap((argument) =>
        [...pathsIn(argument.type, scalars, [])].map(({ path, scalar }) => ({
          name: [field.name, argument.name, ...path].join('.'),
          scalar,
          query: operation(kind, field.name, field.args, isCompositeType(getNamedType(field.type))),
          variables: (value: unknown) => ({
            ...defaults(field.args, known),
            [argument.name]: at(argument.type, path, value, known, argument.name),
          }),
        })),
      ),
    ),
  )
}

function operation(kind: string, name: string, args: readonly GraphQLArgument[], selects: boolean): string {
  const given = args.map((argument) => `$${argument.name}: ${argument.type}`).join(', ')
  const used = args.map((argument) => `${argument.name}: $${argument.name}`).join(', ')
  return `${kind} (${given}) { ${name}(${used})${selects ? ' { __typename }' : ''} }`
}

type Place = { path: string[]; scalar: string }

function* pathsIn(type: GraphQLInputType, scalars: ReadonlySet<string>, path: string[]): Generator<Place> {
  const named = getNamedType(type)
  if (isScalarType(named) && scalars.has(named.name)) yield { path, scalar: named.name }
  if (!isInputObjectType(named) || path.length >= levelsMax) return
  for (const field of Object.values(named.getFields()))
    yield* pathsIn(field.type, scalars, [...path, field.name])
}

const defaults = (args: readonly GraphQLArgument[], known: Record<string, unknown>) =>
  Object.fromEntries(
    args.filter(({ type }) => isNonNullType(type)).map(({ name, type }) => [name, plain(type, name, known)]),
  )

/** A value of the type that has `value` at the path. */
function at(
  type: GraphQLInputType,
  [head, ...rest]: string[],
  value: unknown,
  known: Record<string, unknown>,
  name: string,
): unknown {
  if (isNonNullType(type)) return at(type.ofType, head ? [head, ...rest] : [], value, known, name)
  if (isListType(type)) return [at(type.ofType, head ? [head, ...rest] : [], value, known, name)]
  if (!isInputObjectType(type) || !head) return value
  const fields = type.getFields()
  const others = Object.values(fields).filter((field) => field.name !== head && needed(field))
  return {
    ...(type.isOneOf
      ? {}
      : Object.fromEntries(others.map((field) => [field.name, plain(field.type, field.name, known)]))),
    [head]: at((fields[head] as GraphQLInputField).type, rest, value, known, head),
  }
}

const needed = (field: GraphQLInputField) => isRequiredInputField(field)

function plain(type: GraphQLInputType, name: string, known: Record<string, unknown>): unknown {
  if (isNonNullType(type)) return plain(type.ofType, name, known)
  if (isListType(type)) return Array.isArray(known[name]) ? known[name] : [plain(type.ofType, name, known)]
  if (name in known) return known[name]
  if (isEnumType(type)) return type.getValues()[0]?.name
  if (isInputObjectType(type))
    return Object.fromEntries(
      Object.values(type.getFields())
        .filter((field, index) => (type.isOneOf ? index === 0 : needed(field)))
        .map((field) => [field.name, plain(field.type, field.name, known)]),
    )
  const scalars: Record<string, unknown> = { Int: 1, Float: 1, Boolean: true, JSONObject: {} }
  return scalars[getNamedType(type).name] ?? (String(type) === 'DateTime' ? '2026-01-31T09:30:00.000Z' : 'x')
}
