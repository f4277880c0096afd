import { describe, expect, test } from 'vitest'
import { refusal, refusalOf } from '../world/client.ts'
import { liveEqualsRefetch } from '../world/mirror.ts'
import { useWorld } from '../world/world.ts'
import { lines, roles } from './verbs.ts'

const world = useWorld({ LIMIT_GROUP_SIZE: '4', GROUP_ADDITIONS_FROM: 'friends' })
const few = useWorld({ LIMIT_GROUP_ADDITIONS: '2', GROUP_ADDITIONS_FROM: 'everyone' })

describe('createGroup', () => {
  test('makes the viewer the owner and friends the members, without duplicates', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const group = await liveEqualsRefetch([alice, bob, carol], () =>
      alice.creates('  Team 一 ', [bob, alice, carol, bob], { description: 'to talk' }),
    )
    expect(group).toMatchObject({
      name: 'Team 一',
      title: 'Team 一',
      description: 'to talk',
      memberCount: 3,
      owner: { id: alice.id },
      joinPolicy: 'INVITE_ONLY',
      postingPolicy: 'EVERYONE',
      historyVisibility: 'SINCE_JOINED',
      mutedAll: false,
      deliveryMode: 'INLINE',
      membership: { role: 'OWNER', unreadCount: 0 },
    })
    expect(group.id).toMatch(/^group_[0-9A-Z]{26}$/)
    expect(await roles(bob, group.id)).toEqual([
      'alice OWNER',
      ...(await roles(alice, group.id, { role: 'MEMBER' })),
    ])
    expect((await lines(carol, group.id))?.[0]).toMatch(
      /^alice created the group with (bob, carol|carol, bob)$/,
    )
    await bob.sends(group.id, 'hello')
  })

  test('accepts a group without other members', async () => {
    const alice = await world.person('alice')
    expect(await alice.creates('Notes', [])).toMatchObject({ memberCount: 1 })
  })

  test('creates nothing when one of the users is not a friend', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const carol = await world.person('carol')
    const { code, extensions } = await refusalOf(
      alice.creates('Team', [carol, bob, { id: 'nobody' } as never]),
    )
    expect([code, [...(extensions.userIds as string[])].sort()]).toEqual([
      'NOT_FRIENDS',
      [carol.id, 'nobody'].sort(),
    ])
    for (const person of [alice, bob, carol])
      expect((await person.sync()).conversations.map(({ __typename }) => __typename)).not.toContain(
        'GroupConversation',
      )
  })

  test('accepts a name of 1 to 100 and a description of up to 1,000 code points', async () => {
    const alice = await world.person('alice')
    expect((await alice.creates('群'.repeat(100), [])).name).toBe('群'.repeat(100))
    expect(await refusal(alice.creates('群'.repeat(101), []))).toBe('INVALID_INPUT')
    expect(await refusal(alice.creates(' ', []))).toBe('INVALID_INPUT')
    expect((await alice.creates('a', [], { description: '字'.repeat(1000) })).description).toBe(
      '字'.repeat(1000),
    )
    expect(await refusal(alice.creates('a', [], { description: '字'.repeat(1001) }))).toBe('INVALID_INPUT')
    expect((await alice.creates('a', [], { description: '' })).description).toBeNull()
  })

  test('a group at LIMIT_GROUP_SIZE accepts a member only after another leaves', async () => {
    const [alice, bob, carol, dave, erin] = await world.friends('alice', 'bob', 'carol', 'dave', 'erin')
    expect(await refusal(alice.creates('Team', [bob, carol, dave, erin]))).toBe('LIMIT_EXCEEDED')
    const group = await alice.creates('Team', [bob, carol, dave])
    expect(await refusal(alice.adds(group.id, erin))).toBe('LIMIT_EXCEEDED')
    await alice.removes(group.id, bob)
    expect((await alice.adds(group.id, erin)).memberCount).toBe(4)
  })
})

test('createGroup and addGroupMembers accept LIMIT_GROUP_ADDITIONS members, not counting duplicates, and reject more', async () => {
  const [alice, bob, carol, dave] = await few.people('alice', 'bob', 'carol', 'dave')
  const refused = await refusalOf(alice.creates('Team', [bob, carol, dave]))
  expect(refused).toMatchObject({ code: 'LIMIT_EXCEEDED', extensions: { limit: 2 } })
  const { id } = await alice.creates('Team', [bob, carol, bob, alice])
  expect((await alice.adds(id, dave, dave, bob)).memberCount).toBe(4)
  const empty = await alice.creates('Empty', [])
  expect(await refusal(alice.adds(empty.id, bob, carol, dave))).toBe('LIMIT_EXCEEDED')
  expect((await alice.adds(empty.id, bob, carol)).memberCount).toBe(3)
})

describe('idempotencyKey of createGroup', () => {
  test('returns the same group for the same creator, also after a change', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const key = { idempotencyKey: 'one' }
    const group = await alice.creates('Team', [bob], key)
    await alice.changesGroup(group.id, { name: 'Renamed' })
    expect((await alice.creates('Team', [bob, bob, alice], key)).id).toBe(group.id)
    expect((await bob.creates('Team', [alice], key)).id).not.toBe(group.id)
  })

  test('is rejected with CONFLICT for another group', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    await alice.creates('Team', [bob], { idempotencyKey: 'one' })
    const different = [
      alice.creates('Other', [bob], { idempotencyKey: 'one' }),
      alice.creates('Team', [], { idempotencyKey: 'one' }),
      alice.creates('Team', [bob], { idempotencyKey: 'one', historyVisibility: 'ALL' }),
    ]
    expect(await Promise.all(different.map(refusal))).toEqual(['CONFLICT', 'CONFLICT', 'CONFLICT'])
  })

  test('creates one group for concurrent calls', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const attempts = Array.from({ length: 8 }, () =>
      alice.creates('Team', [bob], { idempotencyKey: 'concurrent' }),
    )
    expect(new Set((await Promise.all(attempts)).map((group) => group.id)).size).toBe(1)
  })

  test('accepts 1 to 64 printable ASCII characters', async () => {
    const alice = await world.person('alice')
    await alice.creates('Team', [], { idempotencyKey: 'k'.repeat(64) })
    for (const idempotencyKey of ['', 'k'.repeat(65), 'ключ', 'a\nb'])
      expect(await refusal(alice.creates('Team', [], { idempotencyKey }))).toBe('INVALID_INPUT')
  })
})
