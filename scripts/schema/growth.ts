import {
  DangerousChangeType,
  findBreakingChanges,
  findDangerousChanges,
  type GraphQLInputObjectType,
  type GraphQLSchema,
  isInputObjectType,
  isScalarType,
} from 'graphql'

/** What breaks a client of a released schema in a later one: a released schema only grows. */
export function shrinkage(released: GraphQLSchema, later: GraphQLSchema): string[] {
  return [
    ...findBreakingChanges(released, later).map(({ description }) => description),
    // The other dangerous changes are growth: values, optional arguments and input fields, types of an interface.
    ...findDangerousChanges(released, later)
      .filter(({ type }) => type === DangerousChangeType.ARG_DEFAULT_VALUE_CHANGE)
      .map(({ description }) => description),
    ...Object.keys(released.getTypeMap()).flatMap((name) => changedMeaning(name, released, later)),
  ]
}

/** Changes that graphql-js does not look for. */
function changedMeaning(name: string, released: GraphQLSchema, later: GraphQLSchema): string[] {
  const [old, now] = [released.getType(name), later.getType(name)]
  if (isScalarType(old) && isScalarType(now) && old.specifiedByURL !== now.specifiedByURL)
    return [`${name} has another specification.`]
  if (!isInputObjectType(old) || !isInputObjectType(now)) return []
  return [
    ...(old.isOneOf === now.isOneOf ? [] : [`${name} is ${now.isOneOf ? 'now' : 'no longer'} @oneOf.`]),
    ...changedDefaults(old, now),
  ]
}

function changedDefaults(old: GraphQLInputObjectType, now: GraphQLInputObjectType): string[] {
  const present = now.getFields()
  return Object.values(old.getFields())
    .filter(({ name, defaultValue }) => {
      const field = present[name]
      return field && JSON.stringify(field.defaultValue) !== JSON.stringify(defaultValue)
    })
    .map(({ name }) => `${old.name}.${name} has another default.`)
}
