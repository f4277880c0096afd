import { expect, test } from 'vitest'
import { useWorld } from '../../world/world.ts'
import { ask, codesOf } from '../wire.ts'

const world = useWorld({ LIMIT_QUERY_COST: '100' })

// Three fields for each item, and the list itself.
const literal = (first: number) => `{ conversations(first: ${first}) { edges { node { id } } } }`
const variable = 'query ($first: Int) { conversations(first: $first) { edges { node { id } } } }'
const fallback = variable.replace('Int', 'Int = 34')

test('an operation may cost at most the limit', async () => {
  const { accessToken } = (await world.person('ada')).credentials
  expect(codesOf(await ask(world.url, literal(33), accessToken))).toBeUndefined()
  const answer = await ask(world.url, literal(34), accessToken)
  expect(codesOf(answer)).toEqual(['QUERY_TOO_COMPLEX'])
  expect(answer.body.errors?.[0]?.extensions).toMatchObject({ limit: 100, actual: 103 })
})

test('the page size counts as a literal, a variable and a default', async () => {
  const { accessToken } = (await world.person('bob')).credentials
  const costs = async (query: string, variables = {}) =>
    (await ask(world.url, query, accessToken, variables)).body.errors?.[0]?.extensions.actual
  expect(await costs(variable, { first: 33 })).toBeUndefined()
  expect(await costs(variable, { first: 34 })).toBe(103)
  expect(await costs(fallback)).toBe(103)
  expect(await costs(fallback, { first: 33 })).toBeUndefined()
  expect(await costs('{ conversations { edges { node { id } } } }')).toBe(151)
})

test('nested pages multiply', async () => {
  const { accessToken } = (await world.person('cem')).credentials
  const nested = (last: number) =>
    `{ conversations(first: 5) { edges { node { messages(last: ${last}) { edges { cursor } } } } } }`
  expect(codesOf(await ask(world.url, nested(8), accessToken))).toBeUndefined()
  expect((await ask(world.url, nested(9), accessToken)).body.errors?.[0]?.extensions.actual).toBe(106)
})
