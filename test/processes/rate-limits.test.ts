import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createRedis, installedRedis, type RedisProcess } from '../setup/redis.ts'
import { perform, refusal, refusalOf } from '../world/client.ts'
import { Login } from '../world/operations.ts'
import type { Person } from '../world/person.ts'
import { hasRedis, useFleet } from './fleet.ts'

describe.skipIf(!hasRedis || !installedRedis())('limits of two servers are one', () => {
  let redis: RedisProcess
  beforeAll(async () => {
    redis = await createRedis()
    await redis.start()
  })
  afterAll(() => redis.kill())
  const fleet = useFleet(
    2,
    { LIMIT_LOGINS: '4', LIMIT_SENDS_PER_SECOND: '2', LIMIT_SEND_BURST: '10' },
    () => redis.url,
  )

  const everyNetwork = (does: 'swallows' | 'passes') => {
    for (const network of fleet.networks) network[does]()
  }

  const guesses = async (person: Person, server: number) => {
    const input = { handle: person.handle, password: 'a wrong guess' }
    return refusal(perform(fleet.urls[server] ?? '', Login, { input }, null))
  }

  test('guesses at one count at the other', async () => {
    const alice = await fleet.person('alice', 0)
    for (const server of [0, 1, 0, 1]) expect(await guesses(alice, server)).toBe('BAD_CREDENTIALS')
    for (const server of [0, 1]) expect(await guesses(alice, server)).toBe('RATE_LIMITED')
  })

  test('what is sent at one is paid for at the other', async () => {
    const alice = await fleet.person('alice', 0)
    const { id } = await alice.creates('notes', [])
    const there = fleet.at(alice, 1)
    const since = performance.now()
    let sent = 0
    // Each server lets its own burst pass; the debt of both is then paid off together.
    for (let round = 0; round < 60; round += 1)
      for (const person of [alice, there])
        await person.sends(id, `message ${round}`).then(
          () => (sent += 1),
          (error: unknown) => expect(error).toMatchObject({ code: 'RATE_LIMITED' }),
        )
    const seconds = (performance.now() - since) / 1_000
    expect(sent).toBeLessThanOrEqual(20 + 2 * seconds)
  })

  test.each([
    ['dead', () => redis.kill(), () => redis.start()],
    ['silent', async () => everyNetwork('swallows'), async () => everyNetwork('passes')],
  ])(
    'while Redis is %s, each server counts for itself, and nobody waits for it',
    async (_how, begins, ends) => {
      const alice = await fleet.person('alice', 0)
      await begins()
      for (let time = 1; time <= 4; time += 1) {
        const since = performance.now()
        expect(await guesses(alice, 0)).toBe('BAD_CREDENTIALS')
        expect(performance.now() - since).toBeLessThan(3_000)
      }
      const { extensions } = await refusalOf(
        perform(fleet.urls[0] ?? '', Login, { input: { handle: alice.handle, password: 'wrong' } }, null),
      )
      expect(extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) })
      await ends()
    },
  )
})
