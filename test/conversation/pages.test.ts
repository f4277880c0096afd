import { describe, expect, test } from 'vitest'
import { asks, blocks } from '../contact/verbs.ts'
import { asksToJoin } from '../group/verbs.ts'
import { reacts } from '../message/verbs.ts'
import { ask } from '../server/wire.ts'
import type { Person } from '../world/person.ts'
import { useWorld } from '../world/world.ts'

const world = useWorld({ LIMIT_PAGE_SIZE: '2', LIMIT_PAGE_SIZE_MAX: '3' })

interface Page {
  nodes: { id: string }[]
  edges: { cursor: string; node: { id: string } }[]
  pageInfo: {
    hasNextPage: boolean
    hasPreviousPage: boolean
    startCursor: string | null
    endCursor: string | null
  }
  totalCount?: number | null
}

interface Args {
  first?: number
  after?: string | null
  last?: number
  before?: string | null
}

const fields =
  'nodes { id } edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }'

const reads = async (person: Person, query: string, variables: object) =>
  ask(world.url, query, person.credentials.accessToken, variables)

const declared = '$first: Int, $after: String, $last: Int, $before: String'
const given = 'first: $first, after: $after, last: $last, before: $before'

const query = {
  conversations: `query (${declared}) { list: conversations(${given}) { ${fields} } }`,
  members: `query ($id: ID!, ${declared}) { conversation(id: $id) { ... on GroupConversation {
    list: members(${given}) { ${fields} totalCount } } } }`,
  messages: `query ($id: ID!, ${declared}) { conversation(id: $id) {
    list: messages(${given}) { ${fields} totalCount } } }`,
}

const listed = (data: unknown): Page => {
  const { list, conversation } = data as { list?: Page; conversation?: { list: Page } }
  return (list ?? conversation?.list) as Page
}

const ids = ({ nodes }: Page) => nodes.map(({ id }) => id)

/** Alice is in groups and with many people in one of them, which has messages. */
async function arrange() {
  const [alice, ...others] = await world.people('alice', 'bob', 'carol', 'dan', 'eve', 'finn')
  const { id } = await alice.creates('house', others)
  for (const text of ['1', '2', '3', '4', '5']) await alice.sends(id, text)
  for (const name of ['a', 'b', 'c', 'd', 'e']) await alice.creates(name, [])
  return { alice, others, id }
}

describe.each(Object.keys(query) as (keyof typeof query)[])('%s', (list) => {
  test('is paged in both directions, with nodes, edges and cursors that agree', async () => {
    const { alice, id } = await arrange()
    const page = async (args: Args) => listed((await reads(alice, query[list], { id, ...args })).body.data)
    const forward: string[] = []
    const sizes: number[] = []
    for (let after: string | null = null, more = true; more; ) {
      const { pageInfo, edges, ...rest }: Page = await page({ first: 2, after })
      expect(edges.map(({ node }) => node)).toEqual(rest.nodes)
      expect([pageInfo.startCursor, pageInfo.endCursor]).toEqual([edges[0]?.cursor, edges.at(-1)?.cursor])
      expect(pageInfo.hasPreviousPage).toBe(after !== null)
      sizes.push(edges.length)
      forward.push(...rest.nodes.map((node) => node.id))
      after = pageInfo.endCursor
      more = pageInfo.hasNextPage
    }
    expect(sizes).toEqual([2, 2, 2])
    expect(new Set(forward).size).toBe(6)

    const backward: string[] = []
    for (let before: string | null = null, more = true; more; ) {
      const found: Page = await page({ last: 2, before })
      expect(found.pageInfo.hasNextPage).toBe(before !== null)
      backward.unshift(...ids(found))
      before = found.pageInfo.startCursor
      more = found.pageInfo.hasPreviousPage
    }
    expect(backward).toEqual(forward)
  })

  test('has pages of the default size without an argument, and of the maximum at most', async () => {
    const { alice, id } = await arrange()
    const size = async (args: Args) =>
      ids(listed((await reads(alice, query[list], { id, ...args })).body.data)).length
    expect(
      await Promise.all([{}, { first: 3 }, { first: 4 }, { first: 2147483647 }, { last: 4 }].map(size)),
    ).toEqual([2, 3, 3, 3, 3])
  })

  test('refuses two directions and a size below 1', async () => {
    const { alice, id } = await arrange()
    for (const [args, path] of [
      [{ first: 1, last: 1 }, list === 'messages' ? 'first' : 'last'],
      [{ first: 0 }, 'first'],
      [{ last: 0 }, 'last'],
      [{ last: 1, before: 'x' }, 'before'],
      [{ first: 1, after: 'x' }, 'after'],
    ] as const) {
      const { body } = await reads(alice, query[list], { id, ...args })
      expect(body.errors?.[0]?.extensions, JSON.stringify(args)).toMatchObject({
        code: 'INVALID_INPUT',
        issues: [{ path }],
      })
    }
  })
})

describe('totalCount', () => {
  test('counts all pages of friends, blocked users, reactions, readers, members, requests and messages', async () => {
    const [alice, bob, carol, dan, eve] = await world.friends('alice', 'bob', 'carol', 'dan', 'eve')
    const { id } = await alice.creates('house', [bob, carol, dan], { joinPolicy: 'APPROVAL' })
    const message = await alice.sends(id, 'hello')
    for (const person of [bob, carol, dan]) {
      await reacts(person, message, '👍')
      await person.reads(id, message.seq)
    }
    await asksToJoin(eve, id)
    for (const person of await world.people('x', 'y', 'z')) {
      await blocks(alice, person)
      await asks(person, bob)
    }
    const { body } = await reads(
      alice,
      `query ($id: ID!, $message: ID!) {
        friends { totalCount } blockedUsers { totalCount } searchUsers(query: "a") { totalCount }
        message(id: $message) { readBy { totalCount } reactions { users { totalCount } } }
        conversation(id: $id) { maxSeq messages { totalCount } ... on GroupConversation {
          members { totalCount } admins: members(role: ADMIN) { totalCount } bobs: members(query: "bob") { totalCount }
          joinRequests { totalCount } } } }`,
      { id, message: message.id },
    )
    expect(body.data).toEqual({
      friends: { totalCount: 4 },
      blockedUsers: { totalCount: 3 },
      searchUsers: { totalCount: null },
      message: { readBy: { totalCount: 3 }, reactions: [{ users: { totalCount: 3 } }] },
      conversation: {
        maxSeq: message.seq,
        messages: { totalCount: message.seq },
        members: { totalCount: 4 },
        admins: { totalCount: null },
        bobs: { totalCount: null },
        joinRequests: { totalCount: 1 },
      },
    })
  })

  test('counts no more than the viewer may see', async () => {
    const [alice, bob, eve] = await world.friends('alice', 'bob', 'eve')
    const { id } = await alice.creates('house', [], { joinPolicy: 'APPROVAL' })
    await alice.sends(id, 'before bob')
    await alice.adds(id, bob)
    await alice.sends(id, 'hello')
    await asksToJoin(eve, id)
    const { body } = await reads(
      bob,
      `query ($id: ID!) { conversation(id: $id) { membership { visibleFromSeq } maxSeq messages { totalCount }
        ... on GroupConversation { joinRequests { totalCount } } } }`,
      { id },
    )
    expect(body.data?.conversation).toMatchObject({
      membership: { visibleFromSeq: 3 },
      maxSeq: 4,
      messages: { totalCount: 2 },
      joinRequests: { totalCount: 0 },
    })
  })
})
