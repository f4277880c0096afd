import { describe, expect, test } from 'vitest'
import { deletesAccount, logsOut, revokes } from '../../auth/verbs.ts'
import { refusal, refusalOf } from '../../world/client.ts'
import { liveEqualsRefetch } from '../../world/mirror.ts'
import { useWorld } from '../../world/world.ts'
import { apnsToken, attempts, browser, registersDevice, removesDevice, sendsTestPush } from '../verbs.ts'

const world = useWorld({ LIMIT_PUSH_DEVICES: '3', PUSH_PORTS: '443, 8443' })

const devicesOf = async (person: Awaited<ReturnType<typeof world.person>>) =>
  (await person.me()).pushDevices.map(({ id }) => id)

describe('a push device', () => {
  test('is registered once, visible on all devices, and removed', async () => {
    const alice = await world.person('alice')
    const token = apnsToken()

    const device = await liveEqualsRefetch([alice], () => registersDevice(alice, 'APNS', token, 'zh-CN'))
    expect(device.provider).toBe('APNS')
    expect(await registersDevice(alice, 'APNS', token.toUpperCase(), 'zh-CN')).toEqual(device)
    expect(await devicesOf(alice)).toEqual([device.id])

    const me = await liveEqualsRefetch([alice], () => removesDevice(alice, device.id))
    expect(me.pushDevices).toEqual([])
    expect((await removesDevice(alice, device.id)).pushDevices).toEqual([])
  })

  test('of another user is NOT_FOUND like an unknown one, for removal and test push', async () => {
    const [alice, mallory] = await world.people('alice', 'mallory')
    const { id } = await registersDevice(alice, 'APNS', apnsToken())

    for (const wrong of [id, 'nothing']) {
      expect(await refusal(removesDevice(mallory, wrong))).toBe('NOT_FOUND')
      expect(await refusal(sendsTestPush(mallory, wrong))).toBe('NOT_FOUND')
    }
    expect(await devicesOf(alice)).toEqual([id])
  })

  test('moves with its token to the user who registers it last', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const token = apnsToken()
    const { id } = await registersDevice(alice, 'APNS', token)

    const moved = await liveEqualsRefetch([alice, bob], () => registersDevice(bob, 'APNS', token))

    expect(moved.id).not.toBe(id)
    expect(await devicesOf(alice)).toEqual([])
    expect(await devicesOf(bob)).toEqual([moved.id])
  })

  test('that two users register at once belongs to one of them', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const token = apnsToken()
    await Promise.all([alice, bob, alice, bob].map((person) => registersDevice(person, 'APNS', token)))
    expect([...(await devicesOf(alice)), ...(await devicesOf(bob))]).toHaveLength(1)
  })

  test('moves to the user’s session that registered it last, and keeps its id', async () => {
    const alice = await world.person('alice')
    const phone = await alice.onAnotherDevice('phone')
    const token = apnsToken()
    const { id } = await registersDevice(alice, 'APNS', token)
    expect((await registersDevice(phone, 'APNS', token)).id).toBe(id)

    await logsOut(phone)
    expect(await devicesOf(alice)).toEqual([])
  })

  test('ends with its session', async () => {
    const alice = await world.person('alice')
    const phone = await alice.onAnotherDevice('phone')
    const { id } = await registersDevice(phone, 'APNS', apnsToken())
    expect(await devicesOf(alice)).toEqual([id])

    await liveEqualsRefetch([alice], () => revokes(alice, phone.credentials.sessionId))

    expect(await devicesOf(alice)).toEqual([])
    expect(await refusal(sendsTestPush(alice, id))).toBe('NOT_FOUND')
    await deletesAccount(alice)
  })

  test('beyond LIMIT_PUSH_DEVICES is rejected with LIMIT_EXCEEDED', async () => {
    const alice = await world.person('alice')
    for (let count = 0; count < 3; count += 1) await registersDevice(alice, 'APNS', apnsToken())
    const refused = await refusalOf(registersDevice(alice, 'APNS', apnsToken()))
    expect(refused).toMatchObject({ code: 'LIMIT_EXCEEDED', extensions: { limit: 3 } })
  })

  test('of a provider that is not configured fails its test push with the reason', async () => {
    const alice = await world.person('alice')
    const { id } = await registersDevice(alice, 'FCM', 'a-registration-token')
    expect(await sendsTestPush(alice, id)).toMatchObject({
      status: 'FAILED',
      providerStatus: 'Provider FCM is not configured.',
      device: { id },
    })
  })
})

describe('a token', () => {
  const point = JSON.parse(browser('https://push.example.com/1').token).keys
  const subscription = (endpoint: string, keys: object = point) => JSON.stringify({ endpoint, keys })

  test.each([
    ['APNS', 'a'.repeat(63)],
    ['APNS', 'g'.repeat(64)],
    ['FCM', 'with a space in it'],
    ['FCM', 'short'],
    ['WEBHOOK', ''],
    ['EMAIL', 'bob@example.com'],
    ['SMS', '+4930123456'],
    ['WEBHOOK', 'a\nb'],
    ['WEB_PUSH', 'https://push.example.com/1'],
    ['WEB_PUSH', 'null'],
    ['WEB_PUSH', subscription('http://push.example.com/1')],
    ['WEB_PUSH', subscription('https://me:secret@push.example.com/1')],
    ['WEB_PUSH', subscription('https://localhost/1')],
    ['WEB_PUSH', subscription('https://intranet/1')],
    ['WEB_PUSH', subscription('https://127.0.0.1/1')],
    ['WEB_PUSH', subscription('https://2130706433/1')],
    ['WEB_PUSH', subscription('https://10.1.2.3/1')],
    ['WEB_PUSH', subscription('https://169.254.169.254/latest')],
    ['WEB_PUSH', subscription('https://[::1]/1')],
    ['WEB_PUSH', subscription('https://[::ffff:10.0.0.1]/1')],
    ['WEB_PUSH', subscription('https://[fd00::1]/1')],
    ['WEB_PUSH', subscription('https://push.example.com:22/1')],
    ['WEB_PUSH', subscription('https://push.example.com:5432/1')],
    ['WEB_PUSH', subscription('https://push.example.com:80/1')],
    ['WEB_PUSH', subscription('https://push.example.com/1', { ...point, auth: 'AAAA' })],
    ['WEB_PUSH', subscription('https://push.example.com/1', { ...point, p256dh: 'A'.repeat(87) })],
    ['WEB_PUSH', subscription('https://push.example.com/1', {})],
  ] as const)('of %s is rejected if it is invalid: %s', async (provider, token) => {
    const alice = await world.person('alice')
    const refused = await refusalOf(registersDevice(alice, provider, token))
    expect(refused.code).toBe('INVALID_INPUT')
    const issues = refused.extensions.issues as { path: string }[]
    expect(issues.every(({ path }) => path.startsWith('input.token'))).toBe(true)
    expect(await devicesOf(alice)).toEqual([])
  })

  test.each([
    ['APNS', 'A'.repeat(64)],
    ['FCM', 'dK3:APA91b-_token'],
    ['WEBHOOK', 'huawei:0123'],
    ['WEB_PUSH', subscription('https://push.example.com/1')],
    ['WEB_PUSH', subscription('https://93.184.215.14/1')],
    ['WEB_PUSH', subscription('https://push.example.com:443/1')],
    ['WEB_PUSH', subscription('https://push.example.com:8443/1')],
  ] as const)('of %s is accepted: %s', async (provider, token) => {
    const alice = await world.person('alice')
    expect((await registersDevice(alice, provider, token)).provider).toBe(provider)
  })

  test('with an invalid locale is rejected with INVALID_INPUT', async () => {
    const alice = await world.person('alice')
    expect(await refusal(registersDevice(alice, 'APNS', apnsToken(), 'not a language'))).toBe('INVALID_INPUT')
    await registersDevice(alice, 'APNS', apnsToken(), 'zh-hant-tw')
  })
})

test('pushAttempts are visible to the sender of the message only', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const mallory = await world.person('mallory')
  const message = await alice.sends((await alice.opens(bob)).id, 'hello')

  expect(await attempts(alice, message)).toEqual([])
  expect(await refusal(attempts(bob, message))).toBe('FORBIDDEN')
  expect(await refusal(attempts(mallory, message))).toBe('NOT_FOUND')
  expect(await refusal(attempts(mallory, { id: 'nothing' }))).toBe('NOT_FOUND')
})
