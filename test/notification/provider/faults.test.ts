import { randomUUID } from 'node:crypto'
import { describe, expect, test, vi } from 'vitest'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { useBackOffs } from '../back-off.ts'
import { useProviders } from '../servers/all-providers.ts'
import { tokenOf } from '../servers/gateway.ts'
import { apnsToken, attempts, browser, registersDevice, sendsTestPush } from '../verbs.ts'

const { apns, fcm, browsers, gateway, env } = await useProviders()
const world = useWorld({
  ...env,
  LIMIT_PUSH_DELAY_MS: '0',
  LIMIT_PUSH_TIMEOUT_MS: '4000',
})
const skipsBackOff = useBackOffs(world)

type Fault = 'HANG' | { status: number; retryAfter?: string }

/** Each provider in its own protocol: the token of a new device, the next response, and how many requests it got. */
const providers = {
  APNS: () => {
    const token = apnsToken()
    return {
      token,
      fail: (fault: Fault) => void apns.replies.push(fault),
      requests: () => apns.received.filter((one) => one.token === token).length,
      gone: () => void apns.replies.push({ status: 410, reason: 'Unregistered' }),
    }
  },
  FCM: () => {
    const token = `token-${randomUUID()}`
    return {
      token,
      fail: (fault: Fault) => void fcm.replies.push(overHttp(fault)),
      requests: () => fcm.received.filter(({ body }) => body.includes(token)).length,
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
      fail: (fault: Fault) => void browsers.replies.push(overHttp(fault)),
      requests: () => browsers.received.filter((one) => one.path === path).length,
      gone: () => void browsers.replies.push({ status: 410 }),
    }
  },
  WEBHOOK: () => {
    const token = randomUUID()
    return {
      token,
      fail: (fault: Fault) => void gateway.replies.push(overHttp(fault)),
      requests: () => gateway.received.filter((one) => tokenOf(one) === token).length,
      gone: () => void gateway.replies.push({ status: 410 }),
    }
  },
}

const overHttp = (fault: Fault) =>
  fault === 'HANG' || !fault.retryAfter
    ? fault
    : { status: fault.status, headers: { 'retry-after': fault.retryAfter } }

/** Registers a device and sends a test push, so that the provider's access token exists. */
async function phone(person: Person, provider: keyof typeof providers) {
  const device = providers[provider]()
  const { id } = await registersDevice(person, provider, device.token)
  expect(await sendsTestPush(person, id)).toMatchObject({ status: 'SENT' })
  const before = device.requests()
  return { ...device, id, requests: () => device.requests() - before }
}

const becomes = (asker: Person, message: { id: string }, expected: string) =>
  vi.waitFor(
    async () => expect((await attempts(asker, message)).map(({ status }) => status)).toEqual([expected]),
    20_000,
  )

// Concurrent, since each provider has its own responses, and one that does not respond is waited for.
describe.concurrent.each(Object.keys(providers) as (keyof typeof providers)[])(
  'a notification by %s',
  (provider) => {
    test.sequential.each<[string, Fault, number]>([
      ['responds with 503', { status: 503 }, 1_000],
      ['does not respond', 'HANG', 1_000],
      ['responds with Retry-After', { status: 429, retryAfter: '30' }, 30_000],
    ])('is sent after the back-off when the provider %s', async (_what, fault, pauseMs) => {
      const [alice, bob] = await world.friends('alice', 'bob')
      const { fail, requests } = await phone(bob, provider)
      fail(fault)
      const message = await alice.sends((await alice.opens(bob)).id, 'hello')
      const backOff = await skipsBackOff(message, 1)
      await becomes(alice, message, 'SENT')
      // Tolerance for two clocks that round.
      expect(backOff.pauseMs).toBeGreaterThan(pauseMs - 50)
      expect(backOff.pauseMs).toBeLessThan(pauseMs + 50)
      expect(requests()).toBe(2)
    })

    test.sequential('is not retried before the date of Retry-After', async () => {
      const [alice, bob] = await world.friends('alice', 'bob')
      const { fail } = await phone(bob, provider)
      const { id } = await alice.opens(bob)
      const retryAfter = new Date(Date.now() + 60_000).toUTCString()
      fail({ status: 503, retryAfter })
      const message = await alice.sends(id, 'hello')
      const { dueAt } = await skipsBackOff(message, 1)
      await becomes(alice, message, 'SENT')
      expect(dueAt.getTime()).toBeGreaterThan(Date.parse(retryAfter) - 50)
    })

    test.sequential('removes the device when the provider reports it as gone', async () => {
      const [alice, bob] = await world.friends('alice', 'bob')
      const { id: deviceId, gone, requests } = await phone(bob, provider)
      const { id } = await alice.opens(bob)
      gone()
      await becomes(alice, await alice.sends(id, 'hello'), 'GONE')
      expect((await bob.me()).pushDevices.map((device) => device.id)).not.toContain(deviceId)
      const later = await alice.sends(id, 'still there?')
      const other = await phone(bob, provider)
      await becomes(alice, await alice.sends(id, 'there again'), 'SENT')
      expect(await attempts(alice, later)).not.toContainEqual(
        expect.objectContaining({ device: expect.objectContaining({ id: deviceId }) }),
      )
      expect(requests()).toBe(1)
      expect(other.requests()).toBeGreaterThan(0)
    })
  },
)
