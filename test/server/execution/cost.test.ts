import { expect, test } from 'vitest'
import { useWorld } from '../../world/world.ts'
import { ask, codesOf } from '../wire.ts'

const world = useWorld({ LIMIT_QUERY_COST: '1000' })

// The list and its statement cost 51, each item 5 and its fields.
const literal = (first: number) => `{ conversations(first: ${first}) { edges { node { id } } } }`
const variable = 'query ($first: Int) { conversations(first: $first) { edges { node { id } } } }'
const fallback = variable.replace('Int', 'Int = 99')
const edges = (first: number) => 51 + 1 + first * (5 + 2)

/** The cost of an operation, whether it was run or refused. */
async function costOf(query: string, variables = {}) {
  const { accessToken } = (await world.person('ada')).credentials
  const { body } = await ask(world.url, query, accessToken, variables)
  return body.errors?.[0]?.extensions.actual ?? (body as { extensions?: { cost?: number } }).extensions?.cost
}

test('an operation may cost at most the limit, and its cost is returned', async () => {
  const { accessToken } = (await world.person('ada')).credentials
  const within = literal(100)
  const answer = await ask(world.url, within, accessToken)
  expect(codesOf(answer)).toBeUndefined()
  expect(answer.body).toMatchObject({ extensions: { cost: edges(100) } })

  const nodes = `{ conversations(first: 100) { nodes { ${Array.from({ length: 5 }, (_, i) => `a${i}: id`)} } } }`
  const refused = await ask(world.url, nodes, accessToken)
  expect(codesOf(refused)).toEqual(['QUERY_TOO_COMPLEX'])
  expect(refused.body.errors?.[0]?.extensions).toMatchObject({ limit: 1000, actual: 51 + 1 + 100 * 10 })
})

test('the cost is returned with mutations, with errors and over a socket', async () => {
  const ada = await world.person('ada')
  const { accessToken } = ada.credentials
  expect(
    (await ask(world.url, 'mutation { revokeOtherSessions { __typename } }', accessToken)).body,
  ).toMatchObject({
    extensions: { cost: 1 },
  })
  const failed = await ask(world.url, '{ me { id } conversations(first: 0) { nodes { id } } }', accessToken)
  expect(codesOf(failed)).toEqual(['INVALID_INPUT'])
  expect(failed.body).toMatchObject({ extensions: { cost: 2 + 51 + 1 + 6 } })
  const { value } = await ada.socket().iterate({ query: '{ me { id } }' }).next()
  expect(value).toMatchObject({ extensions: { cost: 2 } })
})

test('the page size counts as a literal, a variable and a default, up to the maximum', async () => {
  expect(await costOf(variable, { first: 33 })).toBe(edges(33))
  expect(await costOf(variable, { first: 34 })).toBe(edges(34))
  expect(await costOf(fallback)).toBe(edges(99))
  expect(await costOf(fallback, { first: 33 })).toBe(edges(33))
  expect(await costOf('{ conversations { edges { node { id } } } }')).toBe(edges(50))
  expect(await costOf(literal(500))).toBe(edges(100))
})

test('a page size multiplies the items of the page, not what is beside them', async () => {
  expect(await costOf('{ friends(first: 100) { totalCount pageInfo { hasNextPage } } }')).toBe(51 + 500 + 3)
  expect(await costOf('{ friends(first: 10) { totalCount nodes { id } } }')).toBe(51 + 1 + 1 + 10 * 6)
})

test('nested pages multiply', async () => {
  const nested = (last: number) =>
    `{ conversations(first: 5) { edges { node { messages(last: ${last}) { edges { cursor } } } } } }`
  expect(await costOf(nested(8))).toBe(51 + 1 + 5 * (5 + 1 + 51 + 1 + 8 * 6))
})

test('a fragment costs as much as the page that it is spread in', async () => {
  const query = `query { few: conversations(first: 1) { ...Page } many: conversations(first: 10) { ...Page } }
    fragment Page on ConversationConnection { nodes { id } }`
  expect(await costOf(query)).toBe(51 + 1 + 6 + 51 + 1 + 60)
})

test('list arguments multiply, as literals, variables, in variables and as single values', async () => {
  const ids = ['a', 'b', 'c']
  expect(await costOf('{ nodes(ids: ["a", "b", "c"]) { id } }')).toBe(1 + 3 * 51)
  expect(await costOf('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids })).toBe(1 + 3 * 51)
  expect(await costOf('query ($id: ID!) { nodes(ids: [$id, $id]) { id } }', { id: 'a' })).toBe(1 + 2 * 51)
  expect(await costOf('query ($id: [ID!]!) { nodes(ids: $id) { id } }', { id: 'a' })).toBe(1 + 51)

  const changes = `query ($since: [ConversationVersionInput!]!) {
    conversationChanges(since: $since, first: 10) { version messages { id } } }`
  const since = ids.map((conversationId) => ({ conversationId, afterVersion: 0 }))
  expect(await costOf(changes, { since })).toBe(1 + 3 * (50 + 1 + 1 + 10 * 6))
})

test('lists without pages multiply by the most items that they may have', async () => {
  const inGroup = (field: string) => `{ conversation(id: "x") { ${field} } }`
  expect(await costOf(inGroup('pinnedMessages { id }'))).toBe(1 + 1 + 50 * 2)
  expect(await costOf(inGroup('... on GroupConversation { invites { id } }'))).toBe(1 + 1 + 100 * 2)
  expect(await costOf('{ message(id: "x") { revisions { id } reactions { id } } }')).toBe(
    1 + 1 + 100 * 2 + 1 + 20 * 2,
  )
  expect(await costOf('{ message(id: "x") { mentions { id } } }')).toBe(1 + 1 + 10 * 2)
  expect(await costOf('{ me { sessions { id } } }')).toBe(1 + 1 + 100 * 2)
  expect(await costOf('{ pushAttempts(messageId: "x") { id } }')).toBe(1 + 500 * 2)
  expect(await costOf('{ sync(first: 7) { users { id } friendships { id } } }')).toBe(
    51 + 7 * 5 + 2 * (1 + 7),
  )
})
