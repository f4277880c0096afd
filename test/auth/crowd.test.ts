import { expect, test, vi } from 'vitest'
import { refusalOf } from '../world/client.ts'
import { useWorld } from '../world/world.ts'
import { logsIn } from './verbs.ts'

const proofs = vi.hoisted(() => {
  let go = () => {}
  const awaited = new Promise<void>((resolve) => {
    go = resolve
  })
  return { awaited, go: () => go() }
})

// However fast the machine is, no password is proved before the queue for it is full.
vi.mock('@node-rs/argon2', async (original) => {
  const argon2 = await original<typeof import('@node-rs/argon2')>()
  const verify: typeof argon2.verify = async (...args) => {
    await proofs.awaited
    return argon2.verify(...args)
  }
  return { ...argon2, verify }
})

const world = useWorld()

test('people are turned away at once when too many sign in, and those before them are not', async () => {
  const attempts = Array.from({ length: 80 }, () =>
    refusalOf(logsIn(world.url, { handle: 'who.is.this', password: 'not the password' })),
  )
  await Promise.race(attempts)
  proofs.go()
  const refused = await Promise.all(attempts)
  const busy = refused.filter((one) => one.code === 'UNAVAILABLE')
  expect(busy.length).toBeGreaterThan(0)
  expect(busy.every((one) => one.extensions.retryable === true)).toBe(true)
  expect(refused.filter((one) => one.code === 'BAD_CREDENTIALS').length).toBeGreaterThanOrEqual(64)
})
