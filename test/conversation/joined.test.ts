import { parse } from 'graphql'
import pg from 'pg'
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { perform } from '../world/client.ts'
import type { Person } from '../world/person.ts'
import { useWorld } from '../world/world.ts'

const world = useWorld()

let alice: Person
let bob: Person
let carol: Person
let dave: Person
let groupId: string

beforeAll(async () => {
  ;[alice, bob, carol, dave] = await world.friends('alice', 'bob', 'carol', 'dave')
  groupId = (await alice.creates('climbers', [bob], { historyVisibility: 'SINCE_JOINED' })).id
  const direct = await alice.opens(bob)
  for (const text of ['one', 'two', 'three', 'four', 'five', 'six']) {
    await alice.sends(groupId, text)
    await bob.sends(direct.id, text)
  }
  const recalled = await bob.sends(groupId, 'regretted')
  await bob.recalls(recalled)
  await bob.reads(groupId, 3)
  await alice.adds(groupId, carol)
  await bob.sends(groupId, 'welcome')
})

// A field that a directive may leave out is not joined, so the same operation reads it by itself.
const asks = (person: Person, text: string, variables: object = {}, alone = '') =>
  perform(
    person.url,
    parse(text.replaceAll('#', alone)),
    { ...variables, ...(alone ? { always: true } : {}) } as never,
    person.credentials.accessToken,
  ) as Promise<Record<string, unknown>>

const alone = '@include(if: $always)'

const readsConversations =
  /\b(from|join) (membership|conversation|message|"user"|friendship|group_conversation)\b/

/** Statements that read conversations, or what belongs to them, for a request. Work in the background adds to some turns. */
async function leastReads(request: () => Promise<unknown>): Promise<number> {
  const spy = vi.spyOn(pg.Client.prototype, 'query')
  onTestFinished(() => spy.mockRestore())
  const counts: number[] = []
  for (let turn = 0; turn < 5; turn += 1) {
    spy.mockClear()
    await request()
    const given = spy.mock.calls as unknown as [{ text?: string }][]
    counts.push(given.filter(([statement]) => readsConversations.test(statement.text ?? '')).length)
  }
  return Math.min(...counts)
}

const messageFields = 'id seq version senderName sentAt editedAt recalledAt plainText content { __typename }'

const page = (declared: string) => `
  query Page($id: ID!, $first: Int, $after: String, $last: Int, $before: String, $afterSeq: Int, $beforeSeq: Int, $around: Int${declared}) {
    conversation(id: $id) {
      messages(first: $first, after: $after, last: $last, before: $before, afterSeq: $afterSeq, beforeSeq: $beforeSeq, around: $around) # {
        totalCount
        edges { cursor node { ${messageFields} } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }
  }`

const list = (declared: string) => `
  query List${declared} {
    conversations(first: 10) {
      edges {
        node {
          id title # maxSeq
          lastMessage # { ${messageFields} }
          ... on DirectConversation { peer # { id handle displayName } }
          ... on GroupConversation { name # description # owner # { id } joinPolicy # }
        }
      }
    }
  }`

test('a page of messages and a list of conversations with what is shown of them take one statement each', async () => {
  expect(await leastReads(() => asks(alice, page(''), { id: groupId, last: 3 }))).toBe(1)
  expect(await leastReads(() => asks(alice, list('').replace('owner # { id }', '')))).toBe(1)
})

test('joined pages are those that the field reads by itself, for every range and member', async () => {
  const compared: unknown[] = []
  for (const person of [alice, bob, carol]) {
    const all = await asks(person, page(''), { id: groupId })
    const { edges } = (all.conversation as { messages: { edges: { cursor: string }[] } }).messages
    const cursor = edges.at(-2)?.cursor
    const ranges = [
      {},
      { last: 2 },
      { first: 2 },
      { first: 3, afterSeq: 2 },
      { last: 3, beforeSeq: 6 },
      { after: cursor },
      { before: cursor, last: 2 },
      { afterSeq: 1_000 },
      { afterSeq: 2_147_483_647 },
      { beforeSeq: -2_147_483_648 },
      { beforeSeq: 0 },
      { around: 9, last: 3 },
      { afterSeq: 3, beforeSeq: 5 },
    ]
    for (const range of ranges) {
      const joined = await asks(person, page(''), { id: groupId, ...range })
      compared.push(joined)
      expect(joined).toEqual(
        await asks(person, page(', $always: Boolean!'), { id: groupId, ...range }, alone),
      )
    }
  }
  const lengths = compared.map((each) => JSON.stringify(each).split('"cursor"').length - 1)
  expect(new Set(lengths).size).toBeGreaterThan(3)
})

test('a joined list is the one whose fields read by themselves', async () => {
  for (const person of [alice, bob, carol, dave])
    expect(await asks(person, list(''))).toEqual(await asks(person, list('($always: Boolean!)'), {}, alone))
})

test('two pages of one conversation in an operation, and pages of several, each have their own range', async () => {
  const direct = await alice.opens(bob)
  const several = (await asks(
    alice,
    `query ($group: ID!, $direct: ID!) {
      a: conversation(id: $group) { newest: messages(last: 1) { nodes { seq } } oldest: messages(first: 2) { nodes { seq } } }
      b: conversation(id: $group) { messages(first: 1) { nodes { seq } } }
      c: conversation(id: $direct) { ...page }
    }
    fragment page on Conversation { messages(last: 2) { nodes { plainText } } }`,
    { group: groupId, direct: direct.id },
  )) as never
  expect(several).toEqual({
    a: { newest: { nodes: [{ seq: 10 }] }, oldest: { nodes: [{ seq: 1 }, { seq: 2 }] } },
    b: { messages: { nodes: [{ seq: 1 }] } },
    c: { messages: { nodes: [{ plainText: 'five' }, { plainText: 'six' }] } },
  })
})

test('joins show nothing to a viewer who is not a member, or was removed', async () => {
  const direct = await alice.opens(bob)
  expect(await asks(dave, page(''), { id: groupId })).toEqual({ conversation: null })
  expect(await asks(carol, page(''), { id: direct.id })).toEqual({ conversation: null })
  await alice.adds(groupId, dave)
  expect(await asks(dave, page(''), { id: groupId })).toMatchObject({ conversation: {} })
  await alice.removes(groupId, dave)
  expect(await asks(dave, page(''), { id: groupId })).toEqual({ conversation: null })
  expect(JSON.stringify(await asks(dave, list('')))).not.toContain(groupId)
})

test('an invalid range is refused with its path', async () => {
  await expect(asks(alice, page(''), { id: groupId, first: 0 })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
  })
  await expect(asks(alice, page(''), { id: groupId, after: 'x' })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
  })
})
