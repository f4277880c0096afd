import { expect, test } from 'vitest'
import { graphql } from '../../generated/gql.ts'
import { refusalOf } from '../../world/client.ts'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'

const world = useWorld()

const Around = graphql(`
  query Around($id: ID!, $around: Int!, $first: Int, $last: Int, $after: String, $afterSeq: Int) {
    conversation(id: $id) {
      messages(around: $around, first: $first, last: $last, after: $after, afterSeq: $afterSeq) {
        edges {
          node {
            seq
            plainText
          }
        }
        pageInfo {
          hasPreviousPage
          hasNextPage
          startCursor
          endCursor
        }
      }
    }
  }
`)

type Args = { first?: number; last?: number; after?: string; afterSeq?: number }

async function pageAround(person: Person, id: string, around: number, args: Args = { first: 3 }) {
  const { conversation } = await person.do(Around, { id, around, ...args })
  const { edges, pageInfo } = conversation?.messages ?? {}
  return {
    seqs: edges?.map(({ node }) => node.seq),
    texts: edges?.map(({ node }) => node.plainText),
    previous: pageInfo?.hasPreviousPage,
    next: pageInfo?.hasNextPage,
  }
}

async function talk(count: number) {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id, maxSeq } = await alice.opens(bob)
  for (let n = maxSeq + 1; n <= count; n += 1) await alice.sends(id, `${n}`)
  return { alice, bob, id }
}

test('a page around a message has it in the middle and says on which sides there is more', async () => {
  const { bob, id } = await talk(9)
  expect(await pageAround(bob, id, 5)).toMatchObject({ seqs: [4, 5, 6], previous: true, next: true })
  expect(await pageAround(bob, id, 5, { last: 3 })).toMatchObject({ seqs: [4, 5, 6] })
  expect(await pageAround(bob, id, 5, { first: 4 })).toMatchObject({ seqs: [4, 5, 6, 7] })
  expect(await pageAround(bob, id, 5, { first: 1 })).toMatchObject({ seqs: [5], previous: true, next: true })
  expect(await pageAround(bob, id, 5, {})).toMatchObject({
    seqs: [1, 2, 3, 4, 5, 6, 7, 8, 9],
    previous: false,
    next: false,
  })
})

test('near an end of the history the page is filled from the other side', async () => {
  const { bob, id } = await talk(9)
  expect(await pageAround(bob, id, 1)).toMatchObject({ seqs: [1, 2, 3], previous: false, next: true })
  expect(await pageAround(bob, id, 2)).toMatchObject({ seqs: [1, 2, 3], previous: false, next: true })
  expect(await pageAround(bob, id, 8)).toMatchObject({ seqs: [7, 8, 9], previous: true, next: false })
  expect(await pageAround(bob, id, 9)).toMatchObject({ seqs: [7, 8, 9], previous: true, next: false })
})

test('a page around a recalled message shows the recall in its place', async () => {
  const { alice, bob, id } = await talk(5)
  const recalled = ((await alice.history(id)) ?? []).find(({ seq }) => seq === 3)
  await alice.recalls(recalled as { id: string })
  expect(await pageAround(bob, id, 3)).toMatchObject({ texts: ['2', 'Message recalled', '4'] })
})

test('a page around a message that is missing or before the history is refused with INVALID_INPUT', async () => {
  const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
  const { id } = await alice.creates('group', [bob])
  const before = await alice.sends(id, 'before carol')
  await alice.adds(id, carol)
  const after = await alice.sends(id, 'after')
  const last = await alice.sends(id, 'last')

  const hidden = await refusalOf(pageAround(carol, id, before.seq))
  const missing = await refusalOf(pageAround(carol, id, last.seq + 1))
  expect(hidden).toMatchObject({ code: 'INVALID_INPUT' })
  expect(hidden.message).toBe(missing.message)
  const { visibleFromSeq } = (await carol.conversation(id))?.membership ?? {}
  expect(await pageAround(carol, id, after.seq, { first: 50 })).toMatchObject({
    seqs: Array.from({ length: last.seq - (visibleFromSeq ?? 0) + 1 }, (_, n) => (visibleFromSeq ?? 0) + n),
    previous: false,
    next: false,
  })
  const mallory = await world.person('mallory')
  expect((await mallory.do(Around, { id, around: after.seq })).conversation).toBeNull()
})

test('around is refused with a number below 1, another position and two page sizes', async () => {
  const { bob, id } = await talk(3)
  const refused: [number, Args, string][] = [
    [0, {}, 'around'],
    [-1, {}, 'around'],
    [2, { afterSeq: 1 }, 'afterSeq'],
    [2, { after: 'x' }, 'after'],
    [2, { first: 1, last: 1 }, 'first'],
    [2, { first: 0 }, 'first'],
    [2, { last: 0 }, 'last'],
  ]
  for (const [around, args, path] of refused)
    expect(await refusalOf(pageAround(bob, id, around, args)), JSON.stringify(args)).toMatchObject({
      code: 'INVALID_INPUT',
      extensions: { issues: [{ path }] },
    })
  expect((await pageAround(bob, id, 2, { first: 101 })).seqs).toEqual([1, 2, 3])
})
