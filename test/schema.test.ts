import {
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
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

test('every scalar of the schema names its specification, except for the cursor, which is opaque', () => {
  const own = Object.values(buildSchema().getTypeMap())
    .filter(isScalarType)
    .filter((type) => !isSpecifiedScalarType(type))
  const unspecified = own.filter(({ specifiedByURL }) => !specifiedByURL).map(({ name }) => name)
  expect(unspecified).toEqual(['SyncCursor'])
})

test('a URL, a LocalTime and a TimeZone are checked when they are read', () => {
  const accepts = (name: string, value: unknown) => {
    const type = buildSchema().getType(name)
    if (!isScalarType(type)) throw new Error(`There is no scalar ${name}.`)
    try {
      type.parseValue(value)
      return true
    } catch {
      return false
    }
  }
  const accepted = {
    URL: ['https://example.org', 'http://127.0.0.1:4000/a?b#c'],
    LocalTime: ['00:00', '23:59'],
    TimeZone: ['UTC', 'Asia/Shanghai'],
  }
  const refused = {
    URL: ['', '/relative', 'example.org', 'javascript:alert(1)', 'ftp://example.org', 7, null],
    LocalTime: ['', '24:00', '7:00', '07:60', '07:00:00', 700, null],
    TimeZone: ['', 'Europe/Nowhere', 'x'.repeat(1000), 1, null],
  }
  for (const [name, values] of Object.entries(accepted))
    for (const value of values) expect([name, value, accepts(name, value)]).toEqual([name, value, true])
  for (const [name, values] of Object.entries(refused))
    for (const value of values) expect([name, value, accepts(name, value)]).toEqual([name, value, false])
})
