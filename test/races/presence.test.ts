import { expect, test } from 'vitest'
import { blocks, unblocks } from '../contact/verbs.ts'
import { useProxiedWorld } from '../faults/database/proxied-world.ts'
import { presenceOf, seesStatus, watches } from '../presence/verbs.ts'
import { everythingIsNumbered } from '../world/outbox.ts'
import { manyConnections } from '../world/world.ts'

const { world, proxy } = useProxiedWorld(manyConnections)

test('a former friend never sees a block without the end of the friendship, whatever is read later', async () => {
  const [alice, bob] = await world.people('alice', 'bob')
  await seesStatus(watches(bob, bob), bob, 'ONLINE')

  const answers: unknown[] = []
  for (let earlier = 0; ; earlier += 1) {
    await alice.befriends(bob)
    await everythingIsNumbered(world.databaseUrl)
    const held = proxy().holdsTheStatementWith([alice.id, bob.id], { earlier })
    const answer = presenceOf(alice, bob)
    const release = await Promise.race([held, answer.then(() => null)])
    if (!release) {
      void held.then((releaseLater) => releaseLater())
      break
    }
    await blocks(bob, alice)
    release()
    answers.push(await answer)
    await unblocks(bob, alice)
  }
  const hidden = { status: 'OFFLINE', lastSeenAt: null }
  expect(answers).toContainEqual(hidden)
  for (const answer of answers)
    expect([hidden, { status: 'ONLINE', lastSeenAt: expect.any(String) }]).toContainEqual(answer)
})
