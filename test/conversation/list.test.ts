import { describe, expect, test } from 'vitest'
import type { ConversationFilter } from '../generated/graphql.ts'
import { refusal } from '../world/client.ts'
import { liveEqualsRefetch } from '../world/mirror.ts'
import { ConversationsQuery } from '../world/operations.ts'
import type { Person } from '../world/person.ts'
import { useWorld } from '../world/world.ts'

const world = useWorld()

async function list(person: Person, filter: ConversationFilter = {}): Promise<string[]> {
  const { conversations } = await person.do(ConversationsQuery, { filter })
  return conversations.edges.map((edge) => edge.node.id)
}

describe('the conversation list', () => {
  test('has pinned conversations first, then the latest activity, over pages', async () => {
    const [alice, bob, carol, dave] = await world.friends('alice', 'bob', 'carol', 'dave')
    const ids = [
      (await alice.opens(bob)).id,
      (await alice.opens(carol)).id,
      (await alice.opens(dave)).id,
    ] as const
    const [withBob, withCarol, withDave] = ids
    await dave.sends(withDave, '1')
    await bob.sends(withBob, '2')
    await carol.sends(withCarol, '3')
    expect(await list(alice)).toEqual([withCarol, withBob, withDave])

    await liveEqualsRefetch([alice, dave], () => alice.changesView(withDave, { pinned: true }))
    const whole = await list(alice)
    expect(whole).toEqual([withDave, withCarol, withBob])

    const paged: string[] = []
    for (let after: string | null = null, more = true; more; ) {
      const {
        conversations,
      }: {
        conversations: {
          edges: readonly { node: { id: string } }[]
          pageInfo: { endCursor?: string | null; hasNextPage: boolean }
        }
      } = await alice.do(ConversationsQuery, { first: 1, after })
      paged.push(...conversations.edges.map((edge) => edge.node.id))
      after = conversations.pageInfo.endCursor ?? null
      more = conversations.pageInfo.hasNextPage
    }
    expect(paged).toEqual(whole)
    expect(await refusal(alice.do(ConversationsQuery, { first: 0 }))).toBe('INVALID_INPUT')
  })

  test('filters by kind, unread and hidden', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const direct = (await alice.opens(bob)).id
    const group = (await bob.creates('group', [alice])).id
    await bob.sends(group, 'unread')

    expect(await list(alice, { kind: 'DIRECT' })).toEqual([direct])
    expect(await list(alice, { kind: 'GROUP' })).toEqual([group])
    expect(await list(alice, { unreadOnly: true })).toEqual([group])

    await liveEqualsRefetch([alice], () => alice.changesView(group, { hidden: true }))
    expect(await list(alice)).toEqual([direct])
    expect(await list(alice, { includeHidden: true })).toContain(group)
    await liveEqualsRefetch([alice], () => bob.sends(group, 'it is back'))
    expect(await list(alice)).toContain(group)
  })
})

describe('a membership', () => {
  test('has the same pin, draft and do-not-disturb on every device, and others do not see them', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const phone = await alice.onAnotherDevice('phone')
    const { id } = await alice.opens(bob)
    await bob.sends(id, 'hello')

    const view = { doNotDisturb: true, draft: 'I was about to', pinned: true }
    await liveEqualsRefetch([alice, phone, bob], () => alice.changesView(id, view))

    expect((await phone.conversation(id))?.membership).toMatchObject(view)
    expect((await bob.conversation(id))?.membership).toMatchObject({
      doNotDisturb: false,
      draft: null,
      pinned: false,
    })
    expect((await alice.me()).unreadCount).toBe(0)
    await alice.changesView(id, { draft: '', doNotDisturb: false })
    expect((await phone.conversation(id))?.membership).toMatchObject({
      draft: null,
      doNotDisturb: false,
      pinned: true,
    })
    expect((await alice.me()).unreadCount).toBe(1)
  })

  test('takes a nickname in groups only, up to the limit, which all members see', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const group = await alice.creates('names', [bob])

    expect(await refusal(alice.changesView(id, { nickname: 'al' }))).toBe('INVALID_INPUT')
    await liveEqualsRefetch([alice, bob], () => alice.changesView(group.id, { nickname: '小艾' }))
    expect((await alice.conversation(group.id))?.membership.nickname).toBe('小艾')
    expect((await alice.changesView(group.id, { nickname: 'n'.repeat(64) })).nickname).toHaveLength(64)
    expect(await refusal(alice.changesView(group.id, { nickname: 'n'.repeat(65) }))).toBe('INVALID_INPUT')
    const mallory = await world.person('mallory')
    expect(await refusal(mallory.changesView(group.id, { pinned: true }))).toBe('NOT_FOUND')
  })
})
