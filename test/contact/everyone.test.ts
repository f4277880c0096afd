import { expect, test } from 'vitest'
import { refusal, refusalOf } from '../world/client.ts'
import { liveEqualsRefetch } from '../world/mirror.ts'
import { useWorld } from '../world/world.ts'
import { blocks } from './verbs.ts'

const world = useWorld({ DIRECT_MESSAGES_FROM: 'everyone' })

test('with DIRECT_MESSAGES_FROM=everyone non-friends may write to each other', async () => {
  const [alice, bob] = await world.people('alice', 'bob')
  const { id } = await liveEqualsRefetch([alice, bob], () => alice.opens(bob))
  expect(await bob.opens(alice)).toMatchObject({ id, title: 'alice' })
  await liveEqualsRefetch([alice, bob], () => alice.sends(id, 'hello'))
  await bob.sends(id, 'who are you?')
})

test('opened by both users at once, the direct conversation is the same', async () => {
  const [alice, bob] = await world.people('alice', 'bob')
  const [one, other] = await Promise.all([alice.opens(bob), bob.opens(alice)])
  expect(one.id).toBe(other.id)
})

test('a block prevents messages between non-friends in both directions', async () => {
  const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
  const { id } = await alice.opens(bob)
  await blocks(alice, bob)
  expect(await refusal(alice.sends(id, 'no'))).toBe('BLOCKED')
  expect(await refusal(bob.sends(id, 'no'))).toBe('NOT_FRIENDS')
  await blocks(alice, carol)
  expect(await refusal(alice.opens(carol))).toBe('BLOCKED')
  expect(await refusal(carol.opens(alice))).toBe('NOT_FRIENDS')
})

test('with GROUP_ADDITIONS_FROM=everyone a user who blocks the viewer is answered with NOT_FOUND', async () => {
  const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
  const group = await liveEqualsRefetch([alice, bob, carol], () => carol.creates('together', [bob]))
  await blocks(alice, carol)

  const blocked = await refusalOf(carol.adds(group.id, alice))
  expect([blocked.code, blocked.extensions.userIds]).toEqual(['NOT_FOUND', [alice.id]])
  const stranger = { id: '01ARZ3NDEKTSV4RRFFQ69G5FAV' } as typeof alice
  expect((await refusalOf(carol.adds(group.id, stranger))).message).toBe(blocked.message)
  expect(await refusal(alice.creates('no', [carol]))).toBe('BLOCKED')
  expect((await carol.conversation(group.id))?.membership.role).toBe('OWNER')
})
