import {
  type GraphQLField,
  type GraphQLOutputType,
  isAbstractType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql'
import { expect, test } from 'vitest'
import { buildSchema } from '../../../src/schema.ts'

const schema = buildSchema()

const fieldsWhere = (wanted: (field: GraphQLField<unknown, unknown>) => boolean) =>
  Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) || isInterfaceType(type))
    .flatMap((type) =>
      Object.values(type.getFields())
        .filter(wanted)
        .map((field) => `${type.name}.${field.name}`),
    )

test('a field that can be refused for another reason than its arguments is nullable', () => {
  const wrong = fieldsWhere(({ type, extensions }) => {
    const errors = (extensions.errors ?? []) as string[]
    return isNonNullType(type) && errors.some((code) => code !== 'INVALID_INPUT')
  })
  // A subscription that is refused has no result.
  const refused = wrong.filter((name) => !name.startsWith('Subscription.'))
  // Of a payload, which is null instead: the viewer was removed from the group after the change.
  expect(refused).toEqual(['GroupMember.group'])
})

/** Whether both fields may be selected by one name, by the rules of GraphQL for fields of different types. */
function canMerge(one: GraphQLOutputType, other: GraphQLOutputType): boolean {
  if (isNonNullType(one) || isNonNullType(other))
    return isNonNullType(one) && isNonNullType(other) && canMerge(one.ofType, other.ofType)
  if (isListType(one) || isListType(other))
    return isListType(one) && isListType(other) && canMerge(one.ofType, other.ofType)
  return isLeafType(one) || isLeafType(other) ? one === other : true
}

test('one selection may contain every field of every type of an interface', () => {
  const conflicts = Object.values(schema.getTypeMap())
    .filter(isAbstractType)
    // Clients select by the types of their domain; Node is all of them.
    .filter(({ name }) => name !== 'Node')
    .flatMap((type) => {
      const fields = schema
        .getPossibleTypes(type)
        .flatMap((each) => Object.values(each.getFields()).map((field) => ({ of: each.name, field })))
      return fields.flatMap((one, index) =>
        fields
          .slice(index + 1)
          .filter(({ field }) => field.name === one.field.name && !canMerge(field.type, one.field.type))
          .map(({ of }) => `${type.name}: ${one.of}.${one.field.name} and ${of}.${one.field.name}`),
      )
    })
  expect(conflicts).toEqual([])
})
