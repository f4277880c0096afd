import { readFileSync } from 'node:fs'
import { buildSchema, isInterfaceType, isObjectType } from 'graphql'
import { beforeAll, describe, expect, test } from 'vitest'
import { reacts } from '../message/verbs.ts'
import { ask } from '../server/wire.ts'
import type { Person } from '../world/person.ts'
import { useWorld } from '../world/world.ts'

const world = useWorld({ ADMIN_HANDLES: 'alice.c' })

const page = '{ nodes { __typename } pageInfo { hasNextPage } }'

const inGroup = (field: string) => `conversation(id: $id) { ... on GroupConversation { ${field} } }`

/** One operation for each list; SIZE is the page size. */
const lists: Record<string, string> = {
  'Conversation.changes': 'conversation(id: $id) { changes(afterVersion: 0, first: SIZE) { version } }',
  'Conversation.messages': `conversation(id: $id) { messages(first: SIZE) ${page} }`,
  'GroupConversation.announcements': inGroup(`announcements(first: SIZE) ${page}`),
  'GroupConversation.joinRequests': inGroup(`joinRequests(first: SIZE) ${page}`),
  'GroupConversation.members': inGroup(`members(first: SIZE) ${page}`),
  'Message.readBy': `message(id: $message) { readBy(first: SIZE) ${page} }`,
  'Query.auditLog': `auditLog(first: SIZE) ${page}`,
  'Query.blockedUsers': `blockedUsers(first: SIZE) ${page}`,
  'Query.conversationChanges':
    'conversationChanges(since: [{ conversationId: $id, afterVersion: 0 }], first: SIZE) { version }',
  'Query.conversations': `conversations(first: SIZE) ${page}`,
  'Query.friendRequests': `friendRequests(first: SIZE) ${page}`,
  'Query.friends': `friends(first: SIZE) ${page}`,
  'Query.reports': `reports(first: SIZE) ${page}`,
  'Query.searchMessages': `searchMessages(query: "hello", first: SIZE) ${page}`,
  'Query.searchSuggestions': 'searchSuggestions(prefix: "he", first: SIZE)',
  'Query.searchUsers': `searchUsers(query: "alice", first: SIZE) ${page}`,
  'Query.sync': 'sync(first: SIZE) { hasMore }',
  'ReactionGroup.users': `message(id: $message) { reactions { users(first: SIZE) ${page} } }`,
}

let alice: Person
let variables: { id: string; message: string }

beforeAll(async () => {
  alice = await world.person('alice')
  const { id } = await alice.creates('lists', [])
  const message = await alice.sends(id, 'hello')
  await reacts(alice, message, '👍')
  variables = { id, message: message.id }
})

const query = (list: string, size: number) =>
  ask(
    world.url,
    `query ($id: ID! = "", $message: ID! = "") { ${lists[list]?.replace('SIZE', String(size))}
       used: conversation(id: $id) { id } alsoUsed: message(id: $message) { id } }`,
    alice.credentials.accessToken,
    variables,
  )

test('every list of the schema is in the table', () => {
  const schema = buildSchema(readFileSync('schema.graphql', 'utf8'))
  const found = Object.values(schema.getTypeMap()).flatMap((type) => {
    if (!isObjectType(type) && !isInterfaceType(type)) return []
    const inherited = isObjectType(type)
      ? type.getInterfaces().flatMap((each) => Object.keys(each.getFields()))
      : []
    return Object.values(type.getFields())
      .filter(({ name, args }) => args.some((arg) => arg.name === 'first') && !inherited.includes(name))
      .map(({ name }) => `${type.name}.${name}`)
  })
  expect(found.sort()).toEqual(Object.keys(lists).sort())
})

describe('a page size above the maximum is reduced to it', () => {
  test.each(Object.keys(lists))('%s', async (list) => {
    const { body } = await query(list, 500)
    expect(body.errors).toBeUndefined()
    expect(body.data).toEqual((await query(list, 100)).body.data)
  })
})

describe('a page size of 0 is refused, and the error names field and argument', () => {
  test.each(Object.keys(lists))('%s', async (list) => {
    const { body } = await query(list, 0)
    const [error] = body.errors ?? []
    expect(error?.path?.map(String).at(-1)).toBe(list.split('.')[1])
    expect(error?.extensions).toMatchObject({ code: 'INVALID_INPUT', issues: [{ path: 'first' }] })
  })
})
