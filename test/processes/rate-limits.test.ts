import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { inDatabase } from '../auth/verbs.ts'
import { ask, send } from '../server/wire.ts'
import { createRedis, installedRedis, type RedisProcess } from '../setup/redis.ts'
import { perform, refusal, refusalOf } from '../world/client.ts'
import { Login } from '../world/operations.ts'
import type { Person } from '../world/person.ts'
import { timed } from '../world/stopwatch.ts'
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
    {
      LIMIT_LOGINS: '4',
      LIMIT_SENDS_PER_SECOND: '2',
      LIMIT_SEND_BURST: '10',
      LIMIT_INVITES_PER_HOUR: '4',
      LIMIT_REGISTRATIONS_PER_HOUR: '2',
      LIMIT_SAME_TEXT_CONVERSATIONS: '4',
      LIMIT_SAME_TEXT_PAUSE_SECONDS: '600',
      TRUST_PROXY: '127.0.0.1',
    },
    () => redis.url,
  )

  const everyNetwork = (does: 'swallows' | 'passes') => {
    for (const network of fleet.networks) network[does]()
  }

  const guesses = async (person: Person, server: number) => {
    const input = { handle: person.handle, password: 'a wrong guess' }
    return refusal(perform(fleet.urls[server] ?? '', Login, { input }, null))
  }

  test('password guesses at one server count at the other', async () => {
    const alice = await fleet.person('alice', 0)
    for (const server of [0, 1, 0, 1]) expect(await guesses(alice, server)).toBe('BAD_CREDENTIALS')
    for (const server of [0, 1]) expect(await guesses(alice, server)).toBe('RATE_LIMITED')
  })

  /** Requests an invite to a group that does not exist, which is checked after the limit; returns how long the answer took. */
  const invites = async (person: Person) => {
    const query = `mutation { createGroupInvite(input: { groupId: "none" }) { invite { inviteCode } } }`
    const [{ body }, tookMs] = await timed(ask(person.url, query, person.credentials.accessToken))
    return { code: body.errors?.[0]?.extensions.code, tookMs }
  }

  test('actions of a user at one server count at the other', async () => {
    const alice = await fleet.person('alice', 0)
    const places = [alice, fleet.at(alice, 1)]
    for (let round = 1; round <= 2; round += 1)
      for (const place of places) expect((await invites(place)).code).toBe('NOT_FOUND')
    for (const place of places) expect((await invites(place)).code).toBe('RATE_LIMITED')
  })

  test('registrations of an address at one server count at the other', async () => {
    const signsUp = async (server: number, handle: string) => {
      const query = `mutation { register(input: { handle: "${handle}", displayName: "A User", password: "a good password" }) { accessToken } }`
      const from = { 'x-forwarded-for': '198.51.100.1' }
      const { body } = await send(fleet.urls[server] ?? '', JSON.stringify({ query }), from)
      return body.errors?.[0]?.extensions.code ?? 'OK'
    }
    expect(await signsUp(0, 'first.one')).toBe('OK')
    expect(await signsUp(1, 'second.one')).toBe('OK')
    for (const server of [0, 1]) expect(await signsUp(server, 'third.one')).toBe('RATE_LIMITED')
  })

  test('a text sent to many conversations at one server is slowed down at the other, and is reported once', async () => {
    const alice = await fleet.person('alice', 0)
    const text = 'Buy now, it is cheap!'
    const groups = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => alice.creates(name, [])))
    for (const { id } of groups) await alice.sends(id, text)
    // The other server knows of one conversation until it receives the counts. The general send limit alone would ask for
    // less than a second.
    const waitMs = async (person: Person) =>
      Number((await refusalOf(person.sends(groups[0]?.id ?? '', text))).extensions.retryAfterMs)
    const there = fleet.at(alice, 1)
    await vi.waitFor(async () => expect(await waitMs(there)).toBeGreaterThan(60_000), {
      interval: 500,
      timeout: 10_000,
    })
    await vi.waitFor(async () => expect(await waitMs(alice)).toBeGreaterThan(60_000), {
      interval: 500,
      timeout: 10_000,
    })
    const reports = () =>
      inDatabase(fleet, `select from report r join message m on m.id = r.message_id where m.sender_id = $1`, [
        alice.id,
      ])
    await expect.poll(reports).toHaveLength(1)
  })

  test('sends at one server count at the other', async () => {
    const alice = await fleet.person('alice', 0)
    const { id } = await alice.creates('notes', [])
    const there = fleet.at(alice, 1)
    const since = performance.now()
    let sent = 0
    // Each server allows its own burst; afterwards both share one rate.
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
    'while Redis is %s, each server counts alone, and no request waits for Redis',
    async (_how, begins, ends) => {
      const alice = await fleet.person('alice', 0)
      await begins()
      for (let time = 1; time <= 4; time += 1) {
        const [code, ms] = await timed(guesses(alice, 0))
        expect(code).toBe('BAD_CREDENTIALS')
        expect(ms).toBeLessThan(3_000)
      }
      // At most the timeout of a command, shared by several limits, and only until the outage is detected.
      const asked = await Promise.all([invites(alice), invites(alice), invites(alice), invites(alice)])
      expect(asked.map(({ code }) => code)).toEqual(Array.from({ length: 4 }, () => 'NOT_FOUND'))
      const again = await invites(alice)
      expect(again.code).toBe('RATE_LIMITED')
      expect(Math.max(again.tookMs, ...asked.map(({ tookMs }) => tookMs))).toBeLessThan(3_000)
      const { extensions } = await refusalOf(
        perform(fleet.urls[0] ?? '', Login, { input: { handle: alice.handle, password: 'wrong' } }, null),
      )
      expect(extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) })
      await ends()
    },
  )
})
