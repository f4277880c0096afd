import { expect, onTestFinished, test, vi } from 'vitest'
import { errorWith } from '../../../packages/client/src/errors.ts'
import { createSendQueue } from '../../../packages/client/src/outbox/send-queue.ts'
import { repeated } from '../../../packages/client/src/transport/repeated.ts'
import type { Wake } from '../../../packages/client/src/transport/wake.ts'

type Attempt = () => Promise<void>

const waiting: [string, (attempt: Attempt, wake: Wake) => () => void][] = [
  [
    'work that is repeated',
    (attempt, wake) => {
      const work = repeated(attempt, wake)
      work.run()
      return work.stop
    },
  ],
  [
    'a message that is being sent',
    (attempt, wake) => {
      const queue = createSendQueue(attempt, () => {}, wake)
      queue.add('key')
      return queue.stop
    },
  ],
]

test.each(waiting)('%s is tried with short pauses again after the page woke', async (_, begin) => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  let attempts = 0
  let wakes = () => {}
  const attempt = async () => {
    attempts += 1
    throw errorWith('NETWORK', 'The server was not reached.')
  }
  const stop = begin(attempt, (listener) => {
    wakes = listener
    return () => {}
  })
  onTestFinished(stop)
  while (attempts < 8) await vi.advanceTimersByTimeAsync(100)
  await vi.advanceTimersByTimeAsync(300 + 600)
  expect(attempts, 'a long pause').toBe(8)
  wakes()
  await vi.advanceTimersByTimeAsync(300 + 600)
  expect(attempts, 'short pauses').toBeGreaterThanOrEqual(8 + 3)
})
