import { assertObjectType, buildSchema, parse } from 'graphql'
import { describe, expect, test } from 'vitest'
import { createDeprecationFinder } from '../../../src/platform/graphql/deprecations.ts'
import { buildSchema as buildOwnSchema } from '../../../src/schema.ts'
import { fetchPath, Wire } from '../../server/wire.ts'
import { useWorld } from '../../world/world.ts'

const find = createDeprecationFinder(
  buildSchema(`
    type Query {
      current(old: Int @deprecated, size: Size, filter: Filter, sizes: [Size!]): Thing
      former: Thing @deprecated(reason: "Use current.")
    }
    type Thing { name: String, title: String @deprecated, thing: Thing }
    enum Size { BIG, HUGE @deprecated }
    input Filter { name: String, title: String @deprecated, not: Filter }
  `),
)

describe('the deprecated parts that an operation uses', () => {
  test.each([
    ['nothing deprecated', '{ current(size: BIG, filter: { name: "a" }) { name } }', []],
    ['fields', '{ former { title } }', ['Query.former', 'Thing.title']],
    ['an argument', '{ current(old: 1) { name } }', ['Query.current(old:)']],
    ['an enum value', '{ current(size: HUGE) { name } }', ['Size.HUGE']],
    ['an enum value in a list', '{ current(sizes: [BIG, HUGE]) { name } }', ['Size.HUGE']],
    ['a nested input field', '{ current(filter: { not: { title: "a" } }) { name } }', ['Filter.title']],
    ['an enum value by default', 'query ($s: Size = HUGE) { current(size: $s) { name } }', ['Size.HUGE']],
    ['a fragment', '{ current { ...a } } fragment a on Thing { title }', ['Thing.title']],
    ['the same twice', '{ a: former { name } b: former { name } }', ['Query.former']],
  ])('%s', (_what, source, expected) => {
    expect(find(parse(source))).toEqual(expected)
  })

  test('are those of the operation by that name', () => {
    const document = parse('query A { former { name } } query B { current { name } }')
    expect([find(document, 'A'), find(document, 'B')]).toEqual([['Query.former'], []])
  })
})

describe('the metric of deprecated uses', () => {
  const schema = buildOwnSchema()
  const { cursor } = assertObjectType(schema.getType('SessionEnded')).getFields()
  if (cursor) cursor.deprecationReason = 'Nothing comes after it.'
  const world = useWorld({ METRICS_PORT: '0' }, { schema })

  test('counts operations by coordinate, and none that use nothing deprecated', async () => {
    const { credentials } = await world.person('ada')
    const wire = await Wire.ready(world.url, credentials.accessToken)
    const lines = async () =>
      (await fetchPath(world.parts.Metrics ?? '', '')).text
        .split('\n')
        .filter((line) => line.startsWith('parlance_deprecated_uses_total'))
    wire.subscribe('current', 'subscription { inbox { __typename ... on SessionEnded { endReason } } }')
    await wire.hears('next', 'current')
    expect(await lines()).toEqual([])
    for (const id of ['1', '2']) {
      wire.subscribe(id, 'subscription { inbox { __typename ... on SessionEnded { cursor } } }')
      await wire.hears('next', id)
    }
    expect(await lines()).toEqual(['parlance_deprecated_uses_total{coordinate="SessionEnded.cursor"} 2'])
  })
})
