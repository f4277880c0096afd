import { describe, expect, test } from 'vitest'
import { refusal } from '../world/client.ts'
import { liveEqualsRefetch } from '../world/mirror.ts'
import { useWorld } from '../world/world.ts'
import { accepts, asks, cancels, declines, incoming, nodes, outgoing, relation, unfriends } from './verbs.ts'

const world = useWorld()

describe('a friend request', () => {
  test('is pending for its recipient, who sees its note', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const request = await liveEqualsRefetch([alice, bob], () => asks(alice, bob, '  it is me '))

    expect(request).toMatchObject({
      status: 'PENDING',
      note: 'it is me',
      from: { id: alice.id },
      to: { id: bob.id },
    })
    expect(nodes(await incoming(bob))).toEqual([request])
    expect(nodes(await outgoing(alice))).toEqual([request])
    expect(await relation(bob, alice)).toMatchObject({ friendRequest: request, pendingFriendRequestCount: 1 })
    expect(await relation(alice, bob)).toMatchObject({ friendRequest: request, pendingFriendRequestCount: 0 })
  })

  test('is returned again when it is repeated', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const request = await asks(alice, bob, 'first')
    expect(await asks(alice, bob, 'second')).toEqual(request)
  })

  test('opens the direct conversation once accepted', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const request = await asks(alice, bob)
    const accepted = await liveEqualsRefetch([alice, bob], () => accepts(bob, request))

    expect(accepted).toMatchObject({ id: request.id, status: 'ACCEPTED' })
    expect(accepted.friendship).toMatchObject({
      user: { id: alice.id },
      conversation: { title: 'alice', maxSeq: 1 },
    })
    expect(accepted.friendship?.conversation?.lastMessage?.content).toEqual({
      __typename: 'SystemContent',
      event: 'FRIENDSHIP_STARTED',
      actor: { id: bob.id },
      subjects: [{ id: alice.id }],
      subjectCount: 1,
      change: null,
    })
    expect((await relation(alice, bob)).friendship?.user.id).toBe(bob.id)
    expect(await relation(bob, alice)).toMatchObject({ friendRequest: null, pendingFriendRequestCount: 0 })
  })

  test('can be accepted twice, but not declined or cancelled afterwards', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const request = await asks(alice, bob)
    const [first, second] = [await accepts(bob, request), await accepts(bob, request)]
    expect(second).toEqual(first)
    expect(await refusal(declines(bob, request))).toBe('CONFLICT')
    expect(await refusal(cancels(alice, request))).toBe('CONFLICT')
  })

  test('opposite to a pending one is accepted at once', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const request = await asks(alice, bob)
    const met = await liveEqualsRefetch([alice, bob], () => asks(bob, alice))
    expect(met).toMatchObject({ id: request.id, status: 'ACCEPTED' })
    expect(nodes(await outgoing(bob))).toEqual([])
  })

  test('is accepted also when both users send one concurrently', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [alice, bob] = await world.people('alice', 'bob')
      const both = await Promise.all([asks(alice, bob), asks(bob, alice)])
      expect(both.map((request) => request.status).sort()).toEqual(['ACCEPTED', 'PENDING'])
      expect(both[0].id).toBe(both[1].id)
      expect((await relation(alice, bob)).friendship?.user.id).toBe(bob.id)
      expect((await relation(bob, alice)).friendship?.user.id).toBe(alice.id)
    }
  })

  test('can be sent again after it was declined', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const first = await asks(alice, bob)
    await liveEqualsRefetch([alice, bob], () => declines(bob, first))
    expect((await declines(bob, first)).status).toBe('DECLINED')
    expect(await refusal(accepts(bob, first))).toBe('CONFLICT')

    const second = await asks(alice, bob)
    expect(nodes(await incoming(bob)).map(({ id, status }) => [id, status])).toEqual([
      [second.id, 'PENDING'],
      [first.id, 'DECLINED'],
    ])
    expect((await accepts(bob, second)).status).toBe('ACCEPTED')
  })

  test('can be cancelled by its sender', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const request = await asks(alice, bob)
    await liveEqualsRefetch([alice, bob], () => cancels(alice, request))
    expect((await cancels(alice, request)).status).toBe('CANCELLED')
    expect(await relation(bob, alice)).toMatchObject({ friendRequest: null, pendingFriendRequestCount: 0 })
    expect(await refusal(accepts(bob, request))).toBe('CONFLICT')
    expect(await refusal(declines(bob, request))).toBe('CONFLICT')
  })

  test('has one outcome when it is accepted and cancelled concurrently', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [alice, bob] = await world.people('alice', 'bob')
      const request = await asks(alice, bob)
      const outcomes = await Promise.allSettled([accepts(bob, request), cancels(alice, request)])
      expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected'])
      const [{ status } = { status: null }] = nodes(await incoming(bob))
      expect((await relation(bob, alice)).friendship !== null).toBe(status === 'ACCEPTED')
    }
  })

  test('is accepted or declined by its recipient, cancelled by its sender, and invisible to others', async () => {
    const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
    const request = await asks(alice, bob)
    expect(await refusal(accepts(alice, request))).toBe('FORBIDDEN')
    expect(await refusal(declines(alice, request))).toBe('FORBIDDEN')
    expect(await refusal(cancels(bob, request))).toBe('FORBIDDEN')
    for (const verb of [accepts, declines, cancels]) {
      expect(await refusal(verb(carol, request))).toBe('NOT_FOUND')
      expect(await refusal(verb(carol, { id: 'nothing' }))).toBe('NOT_FOUND')
    }
  })

  test('is rejected for the viewer, unknown users and friends', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    expect(await refusal(asks(alice, alice))).toBe('INVALID_INPUT')
    expect(await refusal(asks(alice, { id: 'unknown' }))).toBe('NOT_FOUND')
    expect(await refusal(asks(alice, bob))).toBe('CONFLICT')
    await unfriends(bob, alice)
    expect((await asks(alice, bob)).status).toBe('PENDING')
  })

  test('has a note of at most 200 code points', async () => {
    const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
    expect((await asks(alice, bob, '好'.repeat(200))).note).toHaveLength(200)
    expect(await refusal(asks(alice, carol, '好'.repeat(201)))).toBe('INVALID_INPUT')
    expect((await asks(alice, carol, '')).note).toBeNull()
  })
})

test('friend requests are paged, newest first', async () => {
  const [alice, ...others] = await world.people('alice', 'bob', 'carol', 'dave')
  const made = []
  for (const other of others) made.unshift(await asks(other, alice))
  const first = await incoming(alice, { first: 2 })
  expect(first.pageInfo.hasNextPage).toBe(true)
  const second = await incoming(alice, { first: 2, after: first.pageInfo.endCursor })
  expect(second.pageInfo.hasNextPage).toBe(false)
  expect([...nodes(first), ...nodes(second)]).toEqual(made)
})
