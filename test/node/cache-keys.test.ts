import { readFileSync } from 'node:fs'
import { type GraphQLObjectType, isInterfaceType, isObjectType } from 'graphql'
import { expect, test } from 'vitest'
import { buildSchema } from '../../src/schema.ts'

const schema = buildSchema()

function isOf(type: GraphQLObjectType, name: string): boolean {
  const wanted = schema.getType(name)
  return isInterfaceType(wanted) && type.getInterfaces().includes(wanted)
}

/** Types that are the same everywhere: roots, pages, payloads and events. */
const isEnvelope = (type: GraphQLObjectType) =>
  type.name.startsWith('__') ||
  [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].includes(type) ||
  /(Connection|Edge|Payload|Result)$/.test(type.name) ||
  isOf(type, 'InboxEvent')

test('every object has an id, or docs/api.md says of what it is a part', () => {
  const section =
    readFileSync('docs/api.md', 'utf8').split('## Objects without an id')[1]?.split('\n## ')[0] ?? ''
  const rows = section.split('\n').filter((line) => line.startsWith('| `'))
  const documented = rows.flatMap((row) => row.split('|')[1]?.match(/\w+/g) ?? [])
  const parts = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter((type) => !isOf(type, 'Node') && !isEnvelope(type))
    .map(({ name }) => name)
  expect(documented.sort()).toEqual(parts.sort())
})
