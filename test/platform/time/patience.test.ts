import { pbkdf2 } from 'node:crypto'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { watchConnection } from '../../../src/platform/postgres/lock.ts'
import { startPatience } from '../../../src/platform/time/patience.ts'
import { eventually } from '../../world/eventually.ts'

const patienceMs = 200
const derive = promisify(pbkdf2)

/** Keeps the event loop busy, as a long computation does. */
function blockLoop(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}

test('an answer that arrived while the event loop was busy counts as an answer', async () => {
  const lost: Error[] = []
  let answered = 0
  const query = async () => {
    // The answer is ready in another thread while the loop is busy, and is read after the timers have run.
    const answer = derive('answer', 'salt', 10_000, 64, 'sha512')
    setImmediate(() => blockLoop(3 * patienceMs))
    await answer
    answered += 1
  }
  const connection = { query } as unknown as Parameters<typeof watchConnection>[0]
  const stop = watchConnection(connection, (error) => lost.push(error), { everyMs: 50, patienceMs })
  onTestFinished(stop)
  await eventually(() => expect(answered).toBeGreaterThan(2))
  expect(lost).toEqual([])
})

test('a connection that never answers is reported', async () => {
  const lost: Error[] = []
  const connection = { query: () => new Promise(() => {}) } as unknown as Parameters<
    typeof watchConnection
  >[0]
  const stop = watchConnection(connection, (error) => lost.push(error), { everyMs: 50, patienceMs })
  onTestFinished(stop)
  await eventually(() => expect(lost.length).toBeGreaterThan(0))
})

test('patience that is cancelled does not elapse', async () => {
  let elapsed = 0
  const cancel = startPatience(patienceMs, () => {
    elapsed += 1
  })
  cancel()
  startPatience(2 * patienceMs, () => {
    elapsed += 10
  })
  await eventually(() => expect(elapsed).toBe(10))
})
