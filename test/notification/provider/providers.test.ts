import { afterEach, describe, expect, test, vi } from 'vitest'
import type { PushProvider } from '../../generated/graphql.ts'
import { refusalOf } from '../../world/client.ts'
import { liveEqualsRefetch } from '../../world/mirror.ts'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { useBackOffs } from '../back-off.ts'
import { useProviders } from '../servers/all-providers.ts'
import { decrypt, vapidClaims } from '../servers/browser-push.ts'
import { contentOf, isSigned, tokenOf } from '../servers/gateway.ts'
import { apnsToken, attempts, browser, registersDevice, sendsTestPush } from '../verbs.ts'

const { apns, fcm, browsers, gateway, env } = await useProviders()
const world = useWorld({
  ...env,
  LIMIT_PUSH_DELAY_MS: '0',
  LIMIT_PUSH_TRIES: '3',
  // Long enough for a response on a slow machine.
  LIMIT_PUSH_TIMEOUT_MS: '5000',
  LIMIT_TEST_PUSHES_PER_HOUR: '5',
})
const skipsBackOff = useBackOffs(world)

const devicesOf = async (person: Person) => (await person.me()).pushDevices.map(({ id }) => id)

/** Alice sends bob a message. */
async function writes(bob: Person, alice: Person, text = 'hello') {
  const { id } = await alice.opens(bob)
  return { id, message: await alice.sends(id, text) }
}

const status = async (alice: Person, message: { id: string }) => {
  const [attempt] = await attempts(alice, message)
  return attempt && [attempt.status, attempt.providerStatus]
}

/** Waits until the only attempt has the given status. */
const becomes = (alice: Person, message: { id: string }, expected: [string, string]) =>
  vi.waitFor(async () => expect(await status(alice, message)).toEqual(expected), 15_000)

describe('APNs', () => {
  test('gets alerts over one connection with one token; a later alert replaces the earlier', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const token = apnsToken()
    await registersDevice(bob, 'APNS', token)
    const { id, message } = await writes(bob, alice)
    const [notification] = await apns.gets(token)

    expect(notification?.headers).toMatchObject({
      ':method': 'POST',
      'apns-topic': 'com.example.chat',
      'apns-push-type': 'alert',
      'apns-priority': '10',
      'apns-collapse-id': id.slice(0, 64),
    })
    expect(notification?.payload).toEqual({
      aps: { alert: { title: 'alice', body: 'hello' }, badge: 1, sound: 'default', 'thread-id': id },
      conversationId: id,
      messageId: message.id,
      seq: String(message.seq),
      badge: '1',
      tag: id,
    })
    await becomes(alice, message, ['SENT', '200'])

    await alice.sends(id, 'again')
    await apns.gets(token, 2)
    expect(apns.connections()).toBe(1)
    expect(apns.bearers()).toBe(1)
  })

  test.each([
    [410, 'Unregistered'],
    [400, 'BadDeviceToken'],
  ])('a device that is gone (%i %s) is removed', async (code, reason) => {
    const [alice, bob] = await world.friends('alice', 'bob')
    await registersDevice(bob, 'APNS', apnsToken())
    apns.replies.push({ status: code, reason })
    const { message } = await liveEqualsRefetch([bob], async () => {
      const written = await writes(bob, alice)
      await becomes(alice, written.message, ['GONE', `${code} ${reason}`])
      return written
    })
    expect(await devicesOf(bob)).toEqual([])
    expect((await attempts(alice, message))[0]?.device.provider).toBe('APNS')
  })

  test('a refused notification fails with the reason', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    await registersDevice(bob, 'APNS', apnsToken())
    apns.replies.push({ status: 413, reason: 'PayloadTooLarge' })
    const { message } = await writes(bob, alice)
    await becomes(alice, message, ['FAILED', '413 PayloadTooLarge'])
    expect(await devicesOf(bob)).toHaveLength(1)
  })

  test('an ended connection is reopened, and an expired token is replaced', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const token = apnsToken()
    await registersDevice(bob, 'APNS', token)
    const before = { connections: apns.connections(), bearers: apns.bearers() }
    apns.replies.push('HANG_UP', { status: 403, reason: 'ExpiredProviderToken' })
    const { message } = await writes(bob, alice)
    for (const tries of [1, 2]) await skipsBackOff(message, tries)
    await becomes(alice, message, ['SENT', '200'])
    expect(await apns.gets(token, 3)).toHaveLength(3)
    expect(apns.connections()).toBe(before.connections + 1)
    expect(apns.bearers()).toBe(before.bearers + 1)
  })
})

describe('FCM', () => {
  test('grants one access token to the signed request, and gets the message', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    await registersDevice(bob, 'FCM', 'token-of-bob')
    const { id, message } = await writes(bob, alice)
    const isSend = ({ path }: { path: string }) => path.endsWith('messages:send')
    const [request] = await fcm.gets(1, isSend)

    expect(JSON.parse(String(request?.body))).toEqual({
      message: {
        token: 'token-of-bob',
        notification: { title: 'alice', body: 'hello' },
        data: { conversationId: id, messageId: message.id, seq: String(message.seq), badge: '1', tag: id },
        android: { collapse_key: id, priority: 'HIGH', notification: { tag: id, notification_count: 1 } },
        apns: {
          headers: { 'apns-priority': '10', 'apns-collapse-id': id.slice(0, 64) },
          payload: { aps: { badge: 1, 'thread-id': id, sound: 'default' } },
        },
      },
    })
    await becomes(alice, message, ['SENT', '200'])
    await alice.sends(id, 'again')
    await fcm.gets(2, isSend)
    const asked = fcm.received.filter(({ path }) => path === '/token')
    expect(asked).toHaveLength(1)
    expect(await fcm.isSigned(asked[0] as (typeof asked)[0])).toBe(true)
  })

  test('concurrent sends request a new access token only once', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    for (let number = 1; number <= 8; number += 1)
      await registersDevice(bob, 'FCM', `device-${number}-of-bob`)
    fcm.revokeAccess()
    const before = fcm.received.filter(({ path }) => path === '/token').length
    const { message } = await writes(bob, alice)
    await vi.waitFor(async () => {
      const found = await attempts(alice, message)
      expect(found.map(({ status: each }) => each)).toEqual(Array(8).fill('SENT'))
    }, 15_000)
    expect(fcm.received.filter(({ path }) => path === '/token')).toHaveLength(before + 1)
  })

  test('a device that is gone is removed', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    await registersDevice(bob, 'FCM', 'token-that-is-gone')
    const details = [
      { '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode: 'UNREGISTERED' },
    ]
    fcm.replies.push({ status: 404, body: { error: { code: 404, status: 'NOT_FOUND', details } } })
    const { message } = await writes(bob, alice)
    await becomes(alice, message, ['GONE', '404 UNREGISTERED'])
    expect(await devicesOf(bob)).toEqual([])
  })

  test.each([
    ['message.token', 'GONE', 0],
    ['message.data', 'FAILED', 1],
  ])('an invalid argument (%s) removes the device only if it is the token', async (field, outcome, left) => {
    const [alice, bob] = await world.friends('alice', 'bob')
    await registersDevice(bob, 'FCM', 'token-of-nothing')
    const details = [
      { '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode: 'INVALID_ARGUMENT' },
      { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field }] },
    ]
    fcm.replies.push({ status: 400, body: { error: { code: 400, status: 'INVALID_ARGUMENT', details } } })
    const { message } = await writes(bob, alice)
    await becomes(alice, message, [outcome, '400 INVALID_ARGUMENT'])
    expect(await devicesOf(bob)).toHaveLength(left)
  })
})

describe('Web Push', () => {
  test('gets the message encrypted for the browser and signed with the VAPID key', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const firefox = browser(`${browsers.url}/firefox`)
    await registersDevice(bob, 'WEB_PUSH', firefox.token)
    const { id, message } = await writes(bob, alice, '只有你能看到')
    const [request] = await browsers.gets(1, ({ path }) => path === '/firefox')
    if (!request) throw new Error('No request.')

    expect(request.body.toString()).not.toContain('alice')
    expect(decrypt(request.body, firefox)).toEqual({
      title: 'alice',
      body: '只有你能看到',
      silent: false,
      data: { conversationId: id, messageId: message.id, seq: String(message.seq), badge: '1', tag: id },
    })
    expect(request.headers).toMatchObject({ 'content-encoding': 'aes128gcm', urgency: 'high', ttl: '86400' })
    expect(String(request.headers.topic)).toMatch(/^[\w-]{32}$/)
    expect(await vapidClaims(request, browsers.publicKey)).toMatchObject({
      aud: browsers.url,
      sub: 'mailto:admin@example.com',
    })
    await becomes(alice, message, ['SENT', '201'])
  })

  test.each([404, 410])('a subscription that is gone (%i) is removed', async (code) => {
    const [alice, bob] = await world.friends('alice', 'bob')
    await registersDevice(bob, 'WEB_PUSH', browser(`${browsers.url}/gone`).token)
    browsers.replies.push({ status: code })
    const { message } = await writes(bob, alice)
    await becomes(alice, message, ['GONE', String(code)])
    expect(await devicesOf(bob)).toEqual([])
  })
})

/** Sends a message whose first push by the gateway fails. */
async function repeatsAfterFailure() {
  const [alice, bob] = await world.friends('alice', 'bob')
  await registersDevice(bob, 'WEBHOOK', `token-${alice.handle}`)
  const { message } = await writes(bob, alice)
  await skipsBackOff(message, 1)
  await becomes(alice, message, ['SENT', '202'])
  const requests = gateway.received.filter((one) => tokenOf(one) === `token-${alice.handle}`)
  expect(requests).toHaveLength(2)
  expect(requests.every((request) => isSigned(request))).toBe(true)
}

// Concurrent, since the tests wait for the time limit of a request. They use different providers.
describe.concurrent('a provider that does not respond', () => {
  test('gets the notification again', async () => {
    gateway.replies.push('HANG')
    await repeatsAfterFailure()
  })

  test('fails testPush after the time limit', async () => {
    const bob = await world.person('bob')
    const { id } = await registersDevice(bob, 'APNS', apnsToken())
    apns.replies.push('HANG')
    expect(await sendsTestPush(bob, id)).toMatchObject({
      status: 'FAILED',
      providerStatus: 'No response within 5000 ms.',
    })
  })
})

describe('a failing provider', () => {
  afterEach(() => {
    gateway.replies.length = 0
  })

  test.each([
    ['responds with 503', { status: 503 }],
    ['closes the connection', 'HANG_UP'],
  ] as const)('that %s gets the notification again', async (_what, reply) => {
    gateway.replies.push(reply)
    await repeatsAfterFailure()
  })

  test('that responds with Retry-After gets no request before', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const token = `token-${alice.handle}`
    await registersDevice(bob, 'WEBHOOK', token)
    gateway.replies.push({ status: 429, headers: { 'retry-after': '30' } })
    const { message } = await writes(bob, alice)
    await becomes(alice, message, ['QUEUED', '429'])
    expect(gateway.received.filter((one) => tokenOf(one) === token)).toHaveLength(1)
    // Tolerance for two clocks that round.
    expect((await skipsBackOff(message, 1)).pauseMs).toBeGreaterThan(29_950)
    await becomes(alice, message, ['SENT', '202'])
  })

  test('fails the notification after LIMIT_PUSH_TRIES attempts', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const token = `token-${alice.handle}`
    await registersDevice(bob, 'WEBHOOK', token)
    gateway.replies.push({ status: 500 }, { status: 502 }, { status: 503 })
    const { message } = await writes(bob, alice)
    const pauses = []
    for (const tries of [1, 2]) pauses.push(Math.round((await skipsBackOff(message, tries)).pauseMs / 100))
    expect(pauses).toEqual([10, 20])
    await becomes(alice, message, ['FAILED', '503'])
    expect(gateway.received.filter((one) => tokenOf(one) === token)).toHaveLength(3)
    expect(await devicesOf(bob)).toHaveLength(1)
  })

  test('does not delay another provider', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const token = apnsToken()
    await registersDevice(bob, 'WEBHOOK', `token-${alice.handle}`)
    await registersDevice(bob, 'APNS', token)
    gateway.replies.push('HANG', 'HANG', 'HANG')
    await writes(bob, alice)
    await apns.gets(token)
    expect(gateway.replies.length).toBeGreaterThan(0)
  })
})

describe('a notification that was read on another device is withdrawn', () => {
  /** Bob reads on his desk a message that was pushed to his phone. */
  async function reads(provider: PushProvider, token: string) {
    const [alice, bob] = await world.friends('alice', 'bob')
    const desk = await bob.onAnotherDevice('desk')
    await registersDevice(bob, provider, token)
    const { id, message } = await writes(bob, alice)
    await vi.waitFor(async () => expect((await status(alice, message))?.[0]).toBe('SENT'), 15_000)
    await desk.reads(id, message.seq)
    return id
  }
  const data = (id: string) => ({ conversationId: id, badge: '0', tag: id, withdrawn: 'true' })

  test('by APNs with a badge and without an alert', async () => {
    const token = apnsToken()
    const id = await reads('APNS', token)
    const [, withdrawal] = await apns.gets(token, 2)
    expect(withdrawal?.payload).toEqual({
      aps: { badge: 0, 'content-available': 1, 'thread-id': id },
      ...data(id),
    })
    expect(withdrawal?.headers).toMatchObject({
      'apns-priority': '5',
      'apns-collapse-id': id.slice(0, 64),
    })
  })

  test('by FCM with a data message', async () => {
    const token = 'a-token-that-reads'
    const id = await reads('FCM', token)
    const isForDevice = ({ body }: { body: Buffer }) => body.includes(token)
    const [, request] = await fcm.gets(2, isForDevice)
    expect(JSON.parse(String(request?.body))).toEqual({
      message: {
        token,
        data: data(id),
        android: { collapse_key: id, priority: 'NORMAL' },
        apns: {
          headers: { 'apns-priority': '5', 'apns-collapse-id': id.slice(0, 64) },
          payload: { aps: { badge: 0, 'content-available': 1 } },
        },
      },
    })
  })

  test('by Web Push under the same topic', async () => {
    const chrome = browser(`${browsers.url}/reads`)
    const id = await reads('WEB_PUSH', chrome.token)
    const [shown, request] = await browsers.gets(2, ({ path }) => path === '/reads')
    expect(request && decrypt(request.body, chrome)).toEqual({ withdrawn: true, data: data(id) })
    expect(request?.headers).toMatchObject({ urgency: 'low', topic: shown?.headers.topic })
  })
})

describe('the notification of a recalled message is replaced without a sound', () => {
  /** Alice recalls the only unread message of bob, which was pushed to him. Returns the id of the conversation. */
  async function recalls(provider: PushProvider, token: string) {
    const [alice, bob] = await world.friends('alice', 'bob')
    await registersDevice(bob, provider, token)
    const { id, message } = await writes(bob, alice, 'a secret')
    await vi.waitFor(async () => expect((await status(alice, message))?.[0]).toBe('SENT'), 15_000)
    await alice.recalls(message)
    return id
  }
  const body = 'A message was recalled'
  const data = (id: string) => ({ conversationId: id, badge: '0', tag: id })

  test('by APNs', async () => {
    const token = apnsToken()
    const id = await recalls('APNS', token)
    const [shown, correction] = await apns.gets(token, 2)
    expect(correction?.payload).toEqual({
      aps: { alert: { title: 'alice', body }, badge: 0, 'thread-id': id },
      ...data(id),
    })
    expect(correction?.headers).toMatchObject({
      'apns-push-type': 'alert',
      'apns-priority': '5',
      'apns-collapse-id': shown?.headers['apns-collapse-id'],
    })
  })

  test('by FCM', async () => {
    const token = 'a-token-that-recalls'
    const id = await recalls('FCM', token)
    const [, request] = await fcm.gets(2, (one) => one.body.includes(token))
    expect(JSON.parse(String(request?.body))).toEqual({
      message: {
        token,
        notification: { title: 'alice', body },
        data: data(id),
        android: {
          collapse_key: id,
          priority: 'NORMAL',
          notification: { tag: id, notification_count: 0 },
        },
        apns: {
          headers: { 'apns-priority': '5', 'apns-collapse-id': id.slice(0, 64) },
          payload: { aps: { badge: 0, 'thread-id': id } },
        },
      },
    })
  })

  test('by Web Push', async () => {
    const chrome = browser(`${browsers.url}/recalls`)
    const id = await recalls('WEB_PUSH', chrome.token)
    const [shown, request] = await browsers.gets(2, ({ path }) => path === '/recalls')
    expect(request && decrypt(request.body, chrome)).toEqual({
      title: 'alice',
      body,
      silent: true,
      data: data(id),
    })
    expect(request?.headers).toMatchObject({ urgency: 'low', topic: shown?.headers.topic })
  })

  test('by the gateway', async () => {
    const token = 'a-gateway-token-that-recalls'
    const id = await recalls('WEBHOOK', token)
    const [, request] = await gateway.gets(2, (one) => tokenOf(one) === token)
    const notification = { title: 'alice', body, badge: 0, tag: id, silent: true, conversationId: id }
    expect(request && contentOf(request)).toMatchObject({ type: 'push', token, notification })
  })
})

describe('testPush', () => {
  test('sends a notification and returns the response of the provider', async () => {
    const bob = await world.person('bob')
    const token = apnsToken()
    const { id } = await registersDevice(bob, 'APNS', token, 'zh')
    expect(await sendsTestPush(bob, id)).toMatchObject({
      status: 'SENT',
      providerStatus: '200',
      device: { id },
    })
    expect((await apns.gets(token))[0]?.payload.aps.alert).toEqual({
      title: '测试',
      body: '此设备可以收到通知。',
    })

    apns.replies.push({ status: 429, reason: 'TooManyRequests' })
    expect(await sendsTestPush(bob, id)).toMatchObject({
      status: 'FAILED',
      providerStatus: '429 TooManyRequests',
    })
    apns.replies.push({ status: 410, reason: 'Unregistered' })
    expect(await sendsTestPush(bob, id)).toMatchObject({ status: 'GONE', device: { id } })
    expect(await devicesOf(bob)).toEqual([])
  })

  test('is limited to LIMIT_TEST_PUSHES_PER_HOUR', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const { id } = await registersDevice(alice, 'APNS', apnsToken())
    for (let count = 0; count < 5; count += 1)
      expect(await sendsTestPush(alice, id)).toMatchObject({ status: 'SENT' })
    const refused = await refusalOf(sendsTestPush(alice, id))
    expect(refused.code).toBe('RATE_LIMITED')
    expect(refused.extensions.retryAfterMs).toBeGreaterThan(0)
    const other = await registersDevice(bob, 'APNS', apnsToken())
    expect(await sendsTestPush(bob, other.id)).toMatchObject({ status: 'SENT' })
  })
})
