import { describe, expect, test } from 'vitest'
import { blocks } from '../../contact/verbs.ts'
import { refusal, refusalOf } from '../../world/client.ts'
import { liveEqualsRefetch } from '../../world/mirror.ts'
import { useWorld } from '../../world/world.ts'
import { dissolves, invites, joins, lines, members, roles, transfers } from '../verbs.ts'

const world = useWorld({ GROUP_ADDITIONS_FROM: 'friends' })

describe('adding members', () => {
  test('shows them the group from there on, with nothing unread', async () => {
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

  test('shows them everything when the group says so', async () => {
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

  test('refuses people who left by choice; an invite brings them back, and then they are added again', async () => {
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

  test('passes over those who are in, friends or not', async () => {
    const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
    await alice.befriends(bob)
    await alice.befriends(carol)
    const { id } = await alice.creates('Team', [bob, carol])
    await alice.appoints(id, bob, 'ADMIN')
    const before = await lines(alice, id)
    expect((await bob.adds(id, carol, alice, bob)).memberCount).toBe(3)
    expect(await lines(alice, id)).toEqual(before)
  })

  test('is for friends of the one who adds: all or nobody', async () => {
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

describe('whoever goes', () => {
  test('sees nothing of the group any more when removed', async () => {
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

  test('may come back, and sees what came while they were away only if the group says so', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.creates('Team', [bob])
    const { cursor } = await bob.sync()
    await alice.removes(id, bob)
    await alice.sends(id, 'secret')
    await liveEqualsRefetch([bob], () => alice.adds(id, bob))
    expect(await lines(bob, id)).toEqual(['alice added bob'])
    const page = await bob.sync(cursor)
    expect(page.removedConversationIds).toEqual([id])
    // The conversation of the two may still have been on its way to bob at that cursor.
    const groups = page.conversations.filter(({ __typename }) => __typename === 'GroupConversation')
    expect(groups.map((group) => group.id)).toEqual([id])
  })

  test('may leave, unless they own it and others are there', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.creates('Team', [bob])
    expect(await refusal(alice.leaves(id))).toBe('CONFLICT')
    await liveEqualsRefetch([alice, bob], () => bob.leaves(id))
    expect((await lines(alice, id))?.at(-1)).toBe('bob left')
    expect(await refusal(bob.leaves(id))).toBe('NOT_FOUND')
    expect(await liveEqualsRefetch([alice], () => alice.leaves(id))).toBe(true)
    expect(await alice.conversation(id)).toBeNull()
  })
})

test('an owner hands the group over and stays as an admin', async () => {
  const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
  const { id } = await alice.creates('Team', [bob])
  expect(await refusal(transfers(alice, id, alice))).toBe('INVALID_INPUT')
  expect(await refusal(transfers(alice, id, carol))).toBe('NOT_FOUND')
  const group = await liveEqualsRefetch([alice, bob], () => transfers(alice, id, bob))
  expect(group).toMatchObject({ owner: { id: bob.id }, membership: { role: 'ADMIN' } })
  expect((await lines(bob, id))?.at(-1)).toBe('bob is the owner now')
  expect(await refusal(transfers(alice, id, bob))).toBe('FORBIDDEN')
  expect(await alice.leaves(id)).toBe(true)
})

test('a role is told to all', async () => {
  const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
  const { id } = await alice.creates('Team', [bob, carol])
  await liveEqualsRefetch([alice, bob, carol], () => alice.appoints(id, bob, 'ADMIN'))
  expect((await bob.conversation(id))?.membership.role).toBe('ADMIN')
  expect((await lines(carol, id))?.at(-1)).toBe('alice changed the role of bob')
})

test('a dissolved group is gone for everybody', async () => {
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

test('a nickname is live to the others in the group', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await alice.creates('Team', [bob])
  const inbox = await alice.listens()
  await liveEqualsRefetch([alice, bob], () => bob.changesView(id, { nickname: 'Bobby' }))
  await inbox.sees('ConversationChanged', ({ conversation }) => conversation.id === id)
  const { edges } = await members(alice, id, { query: 'bobby' })
  expect(edges.map(({ node }) => node.nickname)).toEqual(['Bobby'])
})
