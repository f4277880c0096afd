import { describe, expect, test } from 'vitest'
import { refusal } from '../../world/client.ts'
import { ChangesQuery, HistoryQuery } from '../../world/operations.ts'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'

const world = useWorld()

async function talk(count: number) {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id, maxSeq } = await alice.opens(bob)
  for (let n = 0; n < count; n += 1) await alice.sends(id, `${n}`)
  return { alice, bob, id, first: maxSeq + 1, last: maxSeq + count }
}

type Paging = Omit<Parameters<typeof page>[1], 'id'>

async function page(
  person: Person,
  args: {
    id: string
    first?: number
    after?: string | null
    last?: number
    before?: string | null
    afterSeq?: number
    beforeSeq?: number
  },
) {
  const { conversation } = await person.do(HistoryQuery, args)
  if (!conversation) throw new Error('No such conversation')
  const { edges, pageInfo } = conversation.messages
  return { seqs: edges.map((edge) => edge.node.seq), pageInfo }
}

describe('history', () => {
  test('pages read forward and backward have the same messages and order', async () => {
    const { bob, id, last } = await talk(9)
    const walk = async (next: (at: Awaited<ReturnType<typeof page>>['pageInfo'] | null) => Paging | null) => {
      const pages: number[][] = []
      let at: Awaited<ReturnType<typeof page>>['pageInfo'] | null = null
      for (let args = next(at); args; args = next(at)) {
        const got = await page(bob, { id, ...args })
        pages.push(got.seqs)
        at = got.pageInfo
      }
      return pages
    }
    const forward = await walk((at) =>
      at === null || at.hasNextPage ? { first: 4, after: at?.endCursor } : null,
    )
    const backward = await walk((at) =>
      at === null || at.hasPreviousPage ? { last: 4, before: at?.startCursor } : null,
    )

    const all = Array.from({ length: last }, (_, n) => n + 1)
    expect(forward.flat()).toEqual(all)
    expect(backward.reverse().flat()).toEqual(all)
  })

  test('the newest page is the default, and afterSeq and beforeSeq bound a page', async () => {
    const { bob, id, last } = await talk(5)
    expect((await page(bob, { id })).seqs.at(-1)).toBe(last)
    expect((await page(bob, { id, afterSeq: last - 2 })).seqs).toEqual([last - 1, last])
    expect((await page(bob, { id, beforeSeq: 3, last: 1 })).seqs).toEqual([2])
    expect((await page(bob, { id, afterSeq: 1, beforeSeq: 4 })).seqs).toEqual([2, 3])
  })

  test('a page size below 1 or in two directions is refused', async () => {
    const { bob, id } = await talk(1)
    expect((await page(bob, { id, first: 100 })).seqs.length).toBeGreaterThan(0)
    for (const args of [{ first: 0 }, { last: -1 }, { first: 1, last: 1 }, { after: 'nonsense' }])
      expect(await refusal(bob.do(HistoryQuery, { id, ...args })), JSON.stringify(args)).toBe('INVALID_INPUT')
  })
})

describe('changes', () => {
  test('contain each changed message once in its current state, over pages', async () => {
    const { alice, bob, id } = await talk(6)
    const before = await bob.conversation(id)
    const messages = (await alice.history(id)) ?? []
    const [edited, recalled] = messages.slice(-2)
    await alice.edits(edited as { id: string }, 'edited')
    await alice.recalls(recalled as { id: string })

    const changes = await bob.changes(id, before?.version ?? 0)
    expect(changes?.messages.map((message) => message.plainText)).toEqual(['edited', 'Message recalled'])
    expect(changes).toMatchObject({ hasMore: false, version: (await bob.conversation(id))?.version })

    const seen: number[] = []
    for (let after = 0, more = true; more; ) {
      const part = await bob.changes(id, after, 2)
      seen.push(...(part?.messages ?? []).map((message) => message.seq))
      after = part?.version ?? 0
      more = part?.hasMore ?? false
    }
    expect([...seen].sort((a, b) => a - b)).toEqual(messages.map((message) => message.seq))
  })

  test('reduce a page size above 100, and refuse 0 and a negative version', async () => {
    const { bob, id } = await talk(1)
    expect(
      (await bob.do(ChangesQuery, { id, afterVersion: 0, first: 101 })).conversation?.changes.hasMore,
    ).toBe(false)
    expect(await refusal(bob.do(ChangesQuery, { id, afterVersion: 0, first: 0 }))).toBe('INVALID_INPUT')
    expect(await refusal(bob.do(ChangesQuery, { id, afterVersion: -1 }))).toBe('INVALID_INPUT')
  })
})

describe('a conversation of others', () => {
  test('does not exist for a non-member', async () => {
    const { alice, id } = await talk(1)
    const mallory = await world.person('mallory')
    const [message] = (await alice.history(id)) ?? []
    expect(await mallory.conversation(id)).toBeNull()
    expect(await mallory.message(message?.id ?? '')).toBeNull()
    expect(await mallory.history(id)).toBeNull()
  })
})
