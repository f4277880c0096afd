import { expect, test } from 'vitest'
import { cheapHashing } from '../../setup/cheap-hashing.ts'
import { refusalOf } from '../../world/client.ts'
import { useWorld } from '../../world/world.ts'
import { logsIn } from '../verbs.ts'

let go = () => {}
const queueIsFull = new Promise<void>((resolve) => {
  go = resolve
})

// No password is verified before the queue is full, however fast the machine is.
const world = useWorld(
  {},
  {
    passwordHashing: {
      ...cheapHashing,
      async verify(...args) {
        await queueIsFull
        return cheapHashing.verify(...args)
      },
    },
  },
)

test('sign-ins above the queue capacity fail with UNAVAILABLE, and queued ones succeed', async () => {
  const attempts = Array.from({ length: 80 }, () =>
    refusalOf(logsIn(world.url, { handle: 'who.is.this', password: 'not the password' })),
  )
  await Promise.race(attempts)
  go()
  const refused = await Promise.all(attempts)
  const busy = refused.filter((one) => one.code === 'UNAVAILABLE')
  expect(busy.length).toBeGreaterThan(0)
  expect(busy.every((one) => one.extensions.retryable === true)).toBe(true)
  expect(refused.filter((one) => one.code === 'BAD_CREDENTIALS').length).toBeGreaterThanOrEqual(64)
})
