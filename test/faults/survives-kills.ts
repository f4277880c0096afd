import { expect } from 'vitest'
import { Device } from '../inbox/device.ts'
import type { Person } from '../world/person.ts'
import { type Attempt, acknowledged, everythingIsThere, signsUp, tries } from './attempts.ts'
import { mortalServer } from './mortal-server.ts'

/** Its requests end with the server. */
const untilItEnds = async (act: (count: number) => Promise<unknown>): Promise<void> => {
  try {
    for (let count = 0; ; count += 1) await act(count)
  } catch {
    // The connection broke.
  }
}

/** Kills a server under load, twice; devices and the history then hold all that it acknowledged. */
export async function survivesKills(env: Record<string, string>): Promise<void> {
  // The direct conversation is delivered by the transaction of a change, the group by the worker.
  const server = await mortalServer({ ...env, LIMIT_IMMEDIATE_GROUP_SIZE: '2' })
  const names = ['alice', 'bob', 'carol']
  const people = await Promise.all(names.map((name) => signsUp(server.url, name)))
  const [alice, bob, carol] = people as [Person, Person, Person]
  const rooms = [(await alice.opens(bob)).id, (await alice.creates('large', [bob, carol])).id]
  const device = await Device.of(bob)
  const attempts: Attempt[] = []
  for (let kill = 0; kill < 2; kill += 1) {
    await device.opens()
    const before = attempts.length
    const busy = [alice, alice, bob, alice].map((sender) =>
      untilItEnds((count) => tries(sender, rooms[count % rooms.length] ?? '', attempts)),
    )
    busy.push(untilItEnds(() => device.folds()))
    const done = () => acknowledged(attempts.slice(before))
    await expect.poll(done, { timeout: 20_000, interval: 5 }).toBeGreaterThan(60)
    await server.dies()
    await Promise.all(busy)

    await server.comesBack()
    await everythingIsThere([alice, bob], attempts)
    await device.opens()
    await device.catchesUp()
    await device.isComplete()
    device.cut()
  }
}
