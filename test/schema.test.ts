import {
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql'
import { expect, test } from 'vitest'
import { buildSchema } from '../src/schema.ts'

interface Described {
  name: string
  description?: string | null
  args?: readonly Described[]
}

const undescribed = (items: readonly Described[], path: string): string[] =>
  items.flatMap(({ name, description, args }) => [
    ...(description ? [] : [`${path}${name}`]),
    ...undescribed(args ?? [], `${path}${name}.`),
  ])

function partsOf(type: GraphQLNamedType): readonly Described[] {
  if (isEnumType(type)) return type.getValues()
  if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type))
    return Object.values(type.getFields())
  return []
}

test('every type, field, argument and enum value of the schema has a description', () => {
  const types = Object.values(buildSchema().getTypeMap()).filter(
    (type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type),
  )
  expect(types.length).toBeGreaterThan(50)
  expect([
    ...undescribed(types, ''),
    ...types.flatMap((type) => undescribed(partsOf(type), `${type.name}.`)),
  ]).toEqual([])
})
