import { expect, test } from 'vitest'
import { endsAccount } from '../../group/verbs.ts'
import { eventually } from '../../world/eventually.ts'
import { useWorld } from '../../world/world.ts'
import { reactionLines, reacts } from '../verbs.ts'

const world = useWorld()

test('reactions of a deleted account disappear from every conversation, live', async () => {
  const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
  const group = await bob.creates('group', [alice, carol])
  const left = await bob.creates('left before', [alice, carol])
  const direct = await bob.opens(alice)
  const first = await bob.sends(group.id, 'one')
  const others = [
    await bob.sends(group.id, 'two'),
    await bob.sends(left.id, 'three'),
    await bob.sends(direct.id, 'four'),
  ]
  for (const message of [first, ...others]) await reacts(alice, message, '🎂')
  await reacts(alice, first, '👍')
  await reacts(carol, first, '🎂')
  await alice.leaves(left.id)
  const inbox = await bob.listens({ after: await bob.syncCursor() })

  await endsAccount(alice)
  await eventually(async () => {
    expect(await reactionLines(bob, first)).toEqual(['🎂 1 carol'])
    for (const message of others) expect(await reactionLines(bob, message)).toEqual([])
  })

  // The latest copy of each message that arrives live is the one that a query returns.
  for (const message of [first, ...others]) {
    const present = await bob.message(message.id)
    const event = await inbox.sees('MessagesChanged', ({ messages }) =>
      messages.some(({ id, version }) => id === message.id && version === present?.version),
    )
    expect(event.messages.find(({ id }) => id === message.id)?.reactions).toEqual(present?.reactions)
    expect(present?.version).toBeGreaterThan(message.version)
  }
})
