import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client'
import { Client, fetchExchange } from '@urql/core'
import { cacheExchange } from '@urql/exchange-graphcache'
import { buildSchema, type DocumentNode, parse } from 'graphql'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parlanceCache } from '../../../packages/apollo/src/type-policies.ts'
import { describeCache } from '../../../packages/codegen/src/cache-description.ts'
import { parlanceGraphcache } from '../../../packages/urql/src/options.ts'
import { notingFetch } from '../../clients/chat-app.ts'
import { documents, read } from '../../docs/documents.ts'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'

const world = useWorld()
const description = describeCache(buildSchema(read('schema.graphql')))

interface CachingClient {
  /** Answers from the cache if it can. */
  query(document: DocumentNode, variables: object): Promise<Result>
  /** Loads another page, as `fetchMore` does. */
  loadMore(document: DocumentNode, variables: object): Promise<unknown>
  mutate(document: DocumentNode, variables: object): Promise<unknown>
  /** The names of the operations that were sent. */
  requests: string[]
}

interface Result {
  conversation: { messages: { nodes: { plainText: string }[]; edges: Edge[]; pageInfo: PageInfo } }
  conversations: { nodes: { id: string }[]; edges: { node: { id: string } }[] }
  message: { plainText: string }
}

interface Edge {
  node: { id: string; plainText: string }
}

interface PageInfo {
  startCursor: string
  hasPreviousPage: boolean
  hasNextPage: boolean
}

function apollo(person: Person): CachingClient {
  const requests: string[] = []
  const headers = { authorization: `Bearer ${person.credentials.accessToken}` }
  const client = new ApolloClient({
    link: new HttpLink({ uri: `${world.url}/graphql`, headers, fetch: notingFetch(requests) }),
    cache: new InMemoryCache(parlanceCache()),
  })
  onTestFinished(() => client.stop())
  return {
    requests,
    query: async (query, variables) => (await client.query({ query, variables })).data as Result,
    loadMore: (query, variables) => client.query({ query, variables, fetchPolicy: 'network-only' }),
    mutate: (mutation, variables) => client.mutate({ mutation, variables }),
  }
}

function urql(person: Person): CachingClient {
  const requests: string[] = []
  const client = new Client({
    url: `${world.url}/graphql`,
    preferGetMethod: false,
    fetch: notingFetch(requests),
    fetchOptions: { headers: { authorization: `Bearer ${person.credentials.accessToken}` } },
    exchanges: [cacheExchange(parlanceGraphcache()), fetchExchange],
  })
  const data = ({ data, error }: { data?: unknown; error?: Error }) => {
    if (error) throw error
    return data as Result
  }
  const query = async (document: DocumentNode, variables: object) =>
    data(await client.query(document, variables).toPromise())
  return {
    requests,
    query,
    loadMore: query,
    mutate: async (mutation, variables) => data(await client.mutation(mutation, variables).toPromise()),
  }
}

const History = parse(`
  query History($id: ID!, $before: String) {
    conversation(id: $id) {
      __typename
      id
      messages(last: 3, before: $before) {
        __typename
        nodes { __typename id plainText }
        edges { __typename cursor node { __typename id plainText } }
        pageInfo { __typename startCursor endCursor hasPreviousPage hasNextPage }
      }
    }
  }
`)

const OneMessage = parse('query OneMessage($id: ID!) { message(id: $id) { __typename id plainText } }')

const List = parse(`
  query List {
    conversations(first: 10) {
      __typename
      nodes { __typename id }
      edges { __typename node { __typename id } }
    }
  }
`)

const Leave = parse(
  'mutation Leave($id: ID!) { leaveGroup(input: { groupId: $id }) { __typename leftConversationId } }',
)

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `message ${from + index}`)

describe.each([
  ['Apollo Client', apollo],
  ['Graphcache', urql],
] as const)('the policies for %s', (_name, createClient) => {
  test('join the pages of a history, in nodes and edges, and look a message up', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    for (const text of numbers(1, 7)) await bob.sends(id, text)
    const client = createClient(alice)
    const first = (await client.query(History, { id, before: null })).conversation.messages
    const { startCursor } = first.pageInfo
    await client.loadMore(History, { id, before: startCursor })
    const { nodes, edges, pageInfo } = (await client.query(History, { id, before: null })).conversation
      .messages
    expect(nodes.map(({ plainText }) => plainText)).toEqual(numbers(2, 7))
    expect(edges.map(({ node }) => node.plainText)).toEqual(numbers(2, 7))
    expect(pageInfo).toMatchObject({ hasPreviousPage: true, hasNextPage: false })
    const found = await client.query(OneMessage, { id: edges[0]?.node.id })
    expect(found.message.plainText).toBe('message 2')
    expect(client.requests).toEqual(['History', 'History'])
  })

  test('drop a group that the viewer left from the list', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const group = await bob.creates('the club', [alice])
    const other = await bob.creates('another club', [alice])
    const client = createClient(alice)
    expect((await client.query(List, {})).conversations.nodes).toHaveLength(2)
    await client.mutate(Leave, { id: group.id })
    const { nodes, edges } = (await client.query(List, {})).conversations
    expect(nodes.map(({ id }) => id)).toEqual([other.id])
    expect(edges.map(({ node }) => node.id)).toEqual([other.id])
  })
})

test('docs/api.md says which parts caches merge', () => {
  const section = documents
    .find(({ path }) => path === 'docs/api.md')
    ?.prose.split('## Objects without an id')[1]
  const rows = section?.match(/^\| `.*\| merge\b.*\|$/gm) ?? []
  const documented = rows.flatMap((row) => row.split('|')[1]?.match(/\w+/g) ?? [])
  expect(documented.sort()).toEqual(description.merged)
})

test('every id of an object that ended is known to the caches', () => {
  const schema = buildSchema(read('schema.graphql'))
  const named = Object.values(schema.getTypeMap())
    .filter(({ name }) => name.endsWith('Payload'))
    .flatMap((type) => ('getFields' in type ? Object.keys(type.getFields()) : []))
    .filter((field) => /^(left|dissolved|ended|removed|revoked)[A-Z]\w*Id$/.test(field))
  const known = Object.values(description.ended).flatMap((fields) => Object.keys(fields))
  expect(known.sort()).toEqual(named.sort())
  expect(description.ended.leaveGroup?.leftConversationId?.sort()).toEqual([
    'DirectConversation',
    'GroupConversation',
  ])
})
