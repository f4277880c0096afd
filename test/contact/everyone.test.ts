import { expect, test } from 'vitest'
import { refusal, refusalOf } from '../world/client.ts'
import { liveEqualsRefetch } from '../world/mirror.ts'
import { useWorld } from '../world/world.ts'
import { blocks } from './verbs.ts'

const world = useWorld({ DIRECT_MESSAGES_FROM: 'everyone' })

test('everyone may write to everyone', async () => {
  const [alice, bob] = await world.people('alice', 'bob')
  const { id } = await liveEqualsRefetch([alice, bob], () => alice.opens(bob))
  expect(await bob.opens(alice)).toMatchObject({ id, title: 'alice' })
  await liveEqualsRefetch([alice, bob], () => alice.sends(id, 'hello'))
  await bob.sends(id, 'who are you?')
})

test('two who open their conversation in one moment open the same', async () => {
  const [alice, bob] = await world.people('alice', 'bob')
  const [one, other] = await Promise.all([alice.opens(bob), bob.opens(alice)])
  expect(one.id).toBe(other.id)
})

test('a block stops it in both directions', async () => {
  const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
  const { id } = await alice.opens(bob)
  await blocks(alice, bob)
  expect(await refusal(alice.sends(id, 'no'))).toBe('BLOCKED')
  expect(await refusal(bob.sends(id, 'no'))).toBe('NOT_FRIENDS')
  await blocks(alice, carol)
  expect(await refusal(alice.opens(carol))).toBe('BLOCKED')
  expect(await refusal(carol.opens(alice))).toBe('NOT_FRIENDS')
})

test('everyone may add everyone to a group, but whoever blocks them, who is not there for them', async () => {
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
