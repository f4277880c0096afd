import { expect, test } from 'vitest'
import { liveEqualsRefetch } from '../../world/mirror.ts'
import { useWorld } from '../../world/world.ts'
import { pinned, pins, reactionLines, reacts, unpins, unreacts } from '../verbs.ts'

const world = useWorld({ LIMIT_INLINE_GROUP_SIZE: '2', DIRECT_MESSAGES_FROM: 'everyone' })

test('edits, reactions and recalls in a large group arrive with its signal', async () => {
  const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
  const { id, deliveryMode } = await alice.creates('crowd', [bob, carol])
  expect(deliveryMode).toBe('SIGNAL')
  const message = await bob.sends(id, 'hello')
  const people = [alice, bob, carol]

  await liveEqualsRefetch(people, () => reacts(carol, message, '👍'))
  expect(await reactionLines(alice, message)).toEqual(['👍 1 carol'])
  await liveEqualsRefetch(people, () => unreacts(carol, message, '👍'))
  await liveEqualsRefetch(people, () => pins(alice, message))
  expect(await pinned(carol, id)).toEqual(['hello'])
  await liveEqualsRefetch(people, () => unpins(alice, message))
  await pins(alice, message)
  await reacts(carol, message, '👍')
  const recalled = await liveEqualsRefetch(people, () => bob.recalls(message))
  expect(recalled.reactions).toEqual([])
  expect(await pinned(carol, id)).toEqual([])
})
