import { expect, test } from 'vitest'
import {
  asks,
  blockedBy,
  blocks,
  friendsOf,
  incoming,
  nodes,
  outgoing,
  relation,
} from '../../contact/verbs.ts'
import { refusal } from '../../world/client.ts'
import { liveEqualsRefetch } from '../../world/mirror.ts'
import { useWorld } from '../../world/world.ts'
import { endsAccount, lines, roles } from '../verbs.ts'

const world = useWorld()

test('deleting an account ends its friendships, friend requests and blocks', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const [carol, dave, erin] = await world.people('carol', 'dave', 'erin')
  const { id } = await alice.opens(bob)
  await alice.sends(id, 'goodbye')
  await asks(alice, carol)
  await asks(dave, alice)
  await blocks(erin, alice)
  await liveEqualsRefetch([bob, carol, dave, erin], () => endsAccount(alice))

  expect(nodes(await friendsOf(bob))).toEqual([])
  expect(await refusal(bob.sends(id, 'are you there?'))).toBe('NOT_FRIENDS')
  expect((await lines(bob, id))?.at(-1)).toBe('goodbye')
  expect(nodes(await incoming(carol)).map((request) => request.status)).toEqual(['CANCELLED'])
  expect((await relation(carol, alice)).pendingFriendRequestCount).toBe(0)
  expect(nodes(await outgoing(dave)).map((request) => request.status)).toEqual(['CANCELLED'])
  expect(nodes(await blockedBy(erin))).toEqual([])
  expect(await refusal(asks(carol, alice))).toBe('NOT_FOUND')
  expect(await refusal(blocks(carol, alice))).toBe('NOT_FOUND')
})

test('groups of a deleted account pass to the longest-standing admin, or else member, or end', async () => {
  const [alice, bob, carol, dave] = await world.friends('alice', 'bob', 'carol', 'dave')
  const withAdmin = await alice.creates('With an admin', [bob])
  await alice.adds(withAdmin.id, carol)
  await alice.appoints(withAdmin.id, carol, 'ADMIN')
  const withoutAdmin = await alice.creates('Without', [dave])
  await alice.adds(withoutAdmin.id, bob)
  const joined = await bob.creates('Of Bob', [alice])
  await alice.creates('Alone', [])
  const inbox = await bob.listens()
  await endsAccount(alice)
  for (const [group, successor] of [
    [withAdmin, carol],
    [withoutAdmin, dave],
  ] as const)
    await inbox.sees('ConversationChanged', ({ conversation }) => {
      return conversation.id === group.id && 'owner' in conversation && conversation.owner.id === successor.id
    })

  expect(await roles(bob, withAdmin.id)).toEqual(['carol OWNER', 'bob MEMBER'])
  expect(await roles(bob, withoutAdmin.id)).toEqual(['dave OWNER', 'bob MEMBER'])
  expect(await roles(bob, joined.id)).toEqual(['bob OWNER'])
  expect((await dave.conversation(withoutAdmin.id))?.membership.role).toBe('OWNER')
  expect((await bob.history(withAdmin.id))?.slice(-2).map(({ content }) => content)).toMatchObject([
    { event: 'OWNER_CHANGED', subjects: [{ id: carol.id }] },
    { event: 'MEMBER_LEFT', subjects: [{ id: alice.id }] },
  ])
})
