import { randomUUID } from 'node:crypto'
import { describe, expect, test, vi } from 'vitest'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { useProviders } from '../servers/all-providers.ts'
import { tokenOf } from '../servers/gateway.ts'
import { apnsToken, attempts, browser, registersDevice, sendsTestPush } from '../verbs.ts'

const { apns, fcm, browsers, gateway, env } = await useProviders()
const world = useWorld({
  ...env,
  LIMIT_PUSH_DELAY_MS: '0',
  LIMIT_PUSH_TIMEOUT_MS: '4000',
})

type Fault = 'HANG' | { status: number; retryAfter?: string }

/** One provider, in its own protocol: a token of a new device, what it answers next, and when that device was told. */
const providers = {
  APNS: () => {
    const token = apnsToken()
    return {
      token,
      faces: (fault: Fault) => void apns.replies.push(fault),
      times: () => apns.received.filter((one) => one.token === token).map(({ at }) => at),
      gone: () => void apns.replies.push({ status: 410, reason: 'Unregistered' }),
    }
  },
  FCM: () => {
    const token = `token-${randomUUID()}`
    return {
      token,
      faces: (fault: Fault) => void fcm.replies.push(overHttp(fault)),
      times: () => fcm.received.filter(({ body }) => body.includes(token)).map(({ at }) => at),
      gone: () => {
        const details = [{ errorCode: 'UNREGISTERED' }]
        fcm.replies.push({ status: 404, body: { error: { status: 'NOT_FOUND', details } } })
      },
    }
  },
  WEB_PUSH: () => {
    const path = `/${randomUUID()}`
    return {
      token: browser(`${browsers.url}${path}`).token,
      faces: (fault: Fault) => void browsers.replies.push(overHttp(fault)),
      times: () => browsers.received.filter((one) => one.path === path).map(({ at }) => at),
      gone: () => void browsers.replies.push({ status: 410 }),
    }
  },
  WEBHOOK: () => {
    const token = randomUUID()
    return {
      token,
      faces: (fault: Fault) => void gateway.replies.push(overHttp(fault)),
      times: () => gateway.received.filter((one) => tokenOf(one) === token).map(({ at }) => at),
      gone: () => void gateway.replies.push({ status: 410 }),
    }
  },
}

const overHttp = (fault: Fault) =>
  fault === 'HANG' || !fault.retryAfter
    ? fault
    : { status: fault.status, headers: { 'retry-after': fault.retryAfter } }

/** A telephone that a provider has reached once, so that it has given access to whoever asks for it. */
async function telephone(person: Person, provider: keyof typeof providers) {
  const way = providers[provider]()
  const { id } = await registersDevice(person, provider, way.token)
  expect(await sendsTestPush(person, id)).toMatchObject({ status: 'SENT' })
  const before = way.times().length
  return { ...way, id, times: () => way.times().slice(before) }
}

const becomes = (asker: Person, message: { id: string }, expected: string) =>
  vi.waitFor(
    async () => expect((await attempts(asker, message)).map(({ status }) => status)).toEqual([expected]),
    20_000,
  )

// Side by side: they wait for pauses most of the time, and each provider's answers are its own.
describe.concurrent.each(Object.keys(providers) as (keyof typeof providers)[])(
  'a notice by %s',
  (provider) => {
    test.sequential.each<[string, Fault]>([
      ['fails for a while', { status: 503 }],
      ['says nothing', 'HANG'],
      ['asks for patience', { status: 429, retryAfter: '3' }],
    ])('is sent in the end when the provider %s', async (_what, fault) => {
      const [alice, bob] = await world.friends('alice', 'bob')
      const { faces, times } = await telephone(bob, provider)
      faces(fault)
      const message = await alice.sends((await alice.opens(bob)).id, 'hello')
      await becomes(alice, message, 'SENT')
      const [first = 0, second = 0] = times()
      const pauseMs = fault !== 'HANG' && fault.retryAfter ? 3_000 : 1_000
      // Two clocks that round.
      expect(second - first).toBeGreaterThan(pauseMs - 50)
    })

    test.sequential('is not sent again before the date that the provider names', async () => {
      const [alice, bob] = await world.friends('alice', 'bob')
      const { faces, times } = await telephone(bob, provider)
      const { id } = await alice.opens(bob)
      const retryAfter = new Date(Date.now() + 5_000).toUTCString()
      faces({ status: 503, retryAfter })
      await becomes(alice, await alice.sends(id, 'hello'), 'SENT')
      expect(times().at(-1)).toBeGreaterThan(Date.parse(retryAfter) - 50)
    })

    test.sequential('is the last when the device is gone, and the device is removed at once', async () => {
      const [alice, bob] = await world.friends('alice', 'bob')
      const { id: deviceId, gone, times } = await telephone(bob, provider)
      const { id } = await alice.opens(bob)
      gone()
      await becomes(alice, await alice.sends(id, 'hello'), 'GONE')
      expect((await bob.me()).pushDevices.map((device) => device.id)).not.toContain(deviceId)
      const later = await alice.sends(id, 'still there?')
      const other = await telephone(bob, provider)
      await becomes(alice, await alice.sends(id, 'there again'), 'SENT')
      expect(await attempts(alice, later)).not.toContainEqual(
        expect.objectContaining({ device: expect.objectContaining({ id: deviceId }) }),
      )
      expect(times()).toHaveLength(1)
      expect(other.times().length).toBeGreaterThan(0)
    })
  },
)
