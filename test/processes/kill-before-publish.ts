import { expect } from 'vitest'
import { timed } from '../world/stopwatch.ts'
import type { Fleet } from './fleet.ts'

// Heads of all streams are checked once in 16 s anyway, an eighth of them every two seconds. If all are checked in half of
// that, the end of the server was detected.
const detectionMs = 8_000

/** Kills the first server after it has committed a message, before it publishes it; the second delivers it to its readers. */
export async function killedBeforePublishing(fleet: Fleet): Promise<void> {
  const alice = await fleet.person('alice', 0)
  const names = Array.from({ length: 8 }, (_, index) => `reader${index}`)
  const readers = await Promise.all(names.map((name) => fleet.person(name, 1)))
  const { id } = await alice.creates('team', readers)
  const inboxes = await Promise.all(readers.map((reader) => reader.listens()))
  const checkpoints = () =>
    inboxes.map(({ events }) => events.filter((event) => event.__typename === 'Checkpoint').length)
  // A check of the heads has read which servers there are.
  const begun = checkpoints()
  await expect.poll(checkpoints, { timeout: 10_000 }).not.toEqual(begun)

  fleet.networks[0]?.swallows()
  const message = await alice.sends(id, 'last words')
  process.kill(fleet.servers[0]?.pid ?? 0, 'SIGKILL')
  const delivered = inboxes.map((inbox) =>
    inbox.sees('MessagesChanged', ({ messages }) => messages.some((each) => each.id === message.id)),
  )
  const [, waited] = await timed(Promise.all(delivered))
  expect(waited).toBeLessThan(detectionMs)
}
