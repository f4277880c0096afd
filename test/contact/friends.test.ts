import { describe, expect, test } from 'vitest'
import { refusal } from '../world/client.ts'
import { liveEqualsRefetch } from '../world/mirror.ts'
import type { Person } from '../world/person.ts'
import { useWorld } from '../world/world.ts'
import { friendsOf, nodes, relation, remarks, unfriends } from './verbs.ts'

const world = useWorld()

describe('a friendship', () => {
  test('ends for both users, and the history stays', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    await alice.sends(id, 'before')
    await liveEqualsRefetch([alice, bob], () => unfriends(alice, bob))

    for (const [one, other] of [
      [alice, bob],
      [bob, alice],
    ] as [Person, Person][]) {
      expect(await relation(one, other)).toMatchObject({ friendship: null, friendRequest: null })
      expect(nodes(await friendsOf(one))).toEqual([])
      expect(await refusal(one.sends(id, 'after'))).toBe('NOT_FRIENDS')
      expect((await one.history(id))?.at(-1)?.plainText).toBe('before')
      expect((await one.opens(other)).id).toBe(id)
    }
  })

  test('can be removed when there is none', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    expect((await unfriends(alice, bob)).id).toBe(bob.id)
    expect(await refusal(unfriends(alice, { id: 'unknown' }))).toBe('NOT_FOUND')
  })

  test('can begin again in the same conversation', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    await unfriends(bob, alice)
    expect(await liveEqualsRefetch([alice, bob], () => alice.befriends(bob))).toBe(id)
    const history = await bob.history(id)
    expect(history?.map((message) => message.plainText)).toEqual([
      'You are friends now',
      'You are friends now',
    ])
    await bob.sends(id, 'again')
  })
})

describe('a remark', () => {
  test('is the title of the conversation for its author only', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const friendship = await liveEqualsRefetch([alice, bob], () => remarks(alice, bob, '张经理'))
    expect(friendship.remark).toBe('张经理')
    expect((await alice.conversation(id))?.title).toBe('张经理')
    expect((await bob.conversation(id))?.title).toBe('alice')
    expect((await relation(bob, alice)).friendship?.remark).toBeNull()

    await liveEqualsRefetch([alice], () => remarks(alice, bob, null))
    expect((await alice.conversation(id))?.title).toBe('bob')
  })

  test('is removed with the friendship', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    await remarks(alice, bob, 'Bobby')
    await liveEqualsRefetch([alice, bob], () => unfriends(bob, alice))
    const conversation = await alice.opens(bob)
    expect(conversation.title).toBe('bob')
  })

  test('is limited to 64 code points and to friends', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const carol = await world.person('carol')
    expect((await remarks(alice, bob, '🙂'.repeat(64))).remark).toBe('🙂'.repeat(64))
    expect(await refusal(remarks(alice, bob, '🙂'.repeat(65)))).toBe('INVALID_INPUT')
    expect(await refusal(remarks(alice, carol, 'Carrie'))).toBe('NOT_FRIENDS')
  })
})

test('friends are paged, sorted by remark or else display name', async () => {
  const [alice, ...others] = await world.people('alice', 'dave', 'bob', 'Carol', 'erin')
  for (const other of others) await alice.befriends(other)
  await remarks(alice, others[1], 'Zoe')
  const names: string[] = []
  for (let after: string | null | undefined = null; after !== undefined; ) {
    const page = await friendsOf(alice, { first: 1, after })
    names.push(...nodes(page).map((friendship) => friendship.remark ?? friendship.user.displayName))
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined
  }
  expect(names).toEqual(['Carol', 'dave', 'erin', 'Zoe'])
  expect(await refusal(friendsOf(alice, { after: 'nonsense' }))).toBe('INVALID_INPUT')
})
