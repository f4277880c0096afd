import { describe, expect, test } from 'vitest'
import { blocks } from '../../contact/verbs.ts'
import { refusal, refusalOf } from '../../world/client.ts'
import { liveEqualsRefetch } from '../../world/mirror.ts'
import { useWorld } from '../../world/world.ts'
import { dissolves, invites, joins, lines, members, roles, transfers } from '../verbs.ts'

const world = useWorld({ GROUP_ADDITIONS_FROM: 'friends' })

describe('addGroupMembers', () => {
  test('shows new members the history since they joined, with nothing unread', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const { id } = await alice.creates('Team', [bob])
    await bob.sends(id, 'before')
    await liveEqualsRefetch([alice, bob, carol], () => alice.adds(id, carol))
    expect(await lines(carol, id)).toEqual(['alice added carol'])
    expect((await carol.conversation(id))?.membership).toMatchObject({
      visibleFromSeq: 3,
      unreadCount: 0,
      readSeq: 2,
    })
    await liveEqualsRefetch([alice, bob, carol], () => bob.sends(id, 'after'))
    expect((await carol.conversation(id))?.membership.unreadCount).toBe(1)
  })

  test('shows new members the whole history with historyVisibility ALL', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const { id } = await alice.creates('Team', [bob], { historyVisibility: 'ALL' })
    await bob.sends(id, 'before')
    await liveEqualsRefetch([alice, carol], () => alice.adds(id, carol))
    expect(await lines(carol, id)).toEqual([
      'alice created the group with bob',
      'before',
      'alice added carol',
    ])
    expect((await carol.conversation(id))?.membership).toMatchObject({ visibleFromSeq: 1, unreadCount: 0 })
  })

  test('is rejected for users who left by choice, until they return by an invite', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const { id } = await alice.creates('Team', [bob, carol])
    await bob.leaves(id)
    const { code, extensions } = await refusalOf(alice.adds(id, bob))
    expect([code, extensions.userIds]).toEqual(['FORBIDDEN', [bob.id]])
    const { inviteCode } = await invites(alice, id)
    await joins(bob, { inviteCode })
    await alice.removes(id, bob)
    await alice.adds(id, bob)
    expect(await roles(alice, id)).toEqual(['alice OWNER', 'carol MEMBER', 'bob MEMBER'])
  })

  test('ignores users who are members, friends or not', async () => {
    const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
    await alice.befriends(bob)
    await alice.befriends(carol)
    const { id } = await alice.creates('Team', [bob, carol])
    await alice.appoints(id, bob, 'ADMIN')
    const before = await lines(alice, id)
    expect((await bob.adds(id, carol, alice, bob)).memberCount).toBe(3)
    expect(await lines(alice, id)).toEqual(before)
  })

  test('adds friends of the viewer only, all or none', async () => {
    const [alice, bob, carol, dave] = await world.people('alice', 'bob', 'carol', 'dave')
    await alice.befriends(bob)
    await alice.befriends(carol)
    const { id } = await alice.creates('Team', [])
    expect(await refusal(alice.adds(id, bob, dave))).toBe('NOT_FRIENDS')
    await blocks(carol, alice)
    expect(await refusal(alice.adds(id, bob, carol))).toBe('NOT_FRIENDS')
    await blocks(alice, carol)
    expect(await refusal(alice.adds(id, bob, carol))).toBe('BLOCKED')
    expect(await roles(alice, id)).toEqual(['alice OWNER'])
    expect((await alice.adds(id, bob)).memberCount).toBe(2)
  })
})

describe('a former member', () => {
  test('who was removed has no access to the group', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const { id } = await alice.creates('Team', [bob, carol])
    const message = await bob.sends(id, 'mine')
    await liveEqualsRefetch([alice, bob, carol], () => alice.removes(id, bob))
    expect(await bob.conversation(id)).toBeNull()
    expect(await bob.message(message.id)).toBeNull()
    expect(await refusal(bob.sends(id, 'still here'))).toBe('NOT_FOUND')
    expect((await lines(carol, id))?.at(-1)).toBe('alice removed bob')
    expect((await bob.sync()).conversations.map((conversation) => conversation.id)).not.toContain(id)
  })

  test('who is added again does not see the messages sent in between with SINCE_JOINED', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.creates('Team', [bob])
    const { cursor } = await bob.sync()
    await alice.removes(id, bob)
    await alice.sends(id, 'secret')
    await liveEqualsRefetch([bob], () => alice.adds(id, bob))
    expect(await lines(bob, id)).toEqual(['alice added bob'])
    const page = await bob.sync(cursor)
    expect(page.removedConversationIds).toEqual([id])
    // Their direct conversation may not have been delivered to bob at that cursor.
    const groups = page.conversations.filter(({ __typename }) => __typename === 'GroupConversation')
    expect(groups.map((group) => group.id)).toEqual([id])
  })

  test('left by choice; an owner may leave only as the last member', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.creates('Team', [bob])
    expect(await refusal(alice.leaves(id))).toBe('CONFLICT')
    await liveEqualsRefetch([alice, bob], () => bob.leaves(id))
    expect((await lines(alice, id))?.at(-1)).toBe('bob left')
    expect(await refusal(bob.leaves(id))).toBe('NOT_FOUND')
    expect(await liveEqualsRefetch([alice], () => alice.leaves(id))).toBe(id)
    expect(await alice.conversation(id)).toBeNull()
  })
})

test('transferGroup makes the previous owner an admin', async () => {
  const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
  const { id } = await alice.creates('Team', [bob])
  expect(await refusal(transfers(alice, id, alice))).toBe('INVALID_INPUT')
  expect(await refusal(transfers(alice, id, carol))).toBe('NOT_FOUND')
  const group = await liveEqualsRefetch([alice, bob], () => transfers(alice, id, bob))
  expect(group).toMatchObject({ owner: { id: bob.id }, membership: { role: 'ADMIN' } })
  expect((await lines(bob, id))?.at(-1)).toBe('bob is the owner now')
  expect(await refusal(transfers(alice, id, bob))).toBe('FORBIDDEN')
  expect(await alice.leaves(id)).toBe(id)
})

test('a role change is delivered to all members', async () => {
  const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
  const { id } = await alice.creates('Team', [bob, carol])
  await liveEqualsRefetch([alice, bob, carol], () => alice.appoints(id, bob, 'ADMIN'))
  expect((await bob.conversation(id))?.membership.role).toBe('ADMIN')
  expect((await lines(carol, id))?.at(-1)).toBe('alice made bob an admin')
})

test('a dissolved group is not found by any former member', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await alice.creates('Team', [bob], { idempotencyKey: 'once' })
  await bob.sends(id, 'hello')
  await liveEqualsRefetch([alice, bob], () => dissolves(alice, id))
  for (const person of [alice, bob]) {
    expect(await person.history(id)).toBeNull()
    expect(await refusal(person.sends(id, 'hello?'))).toBe('NOT_FOUND')
  }
  expect(await refusal(dissolves(alice, id))).toBe('NOT_FOUND')
  expect(await refusal(alice.creates('Team', [bob], { idempotencyKey: 'once' }))).toBe('NOT_FOUND')
})

test('a changed nickname is delivered to the other members', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await alice.creates('Team', [bob])
  const inbox = await alice.listens()
  await liveEqualsRefetch([alice, bob], () => bob.changesView(id, { nickname: 'Bobby' }))
  await inbox.sees('ConversationChanged', ({ conversation }) => conversation.id === id)
  const { edges } = await members(alice, id, { query: 'bobby' })
  expect(edges.map(({ node }) => node.nickname)).toEqual(['Bobby'])
})
