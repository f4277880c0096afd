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
  test('is registered once, seen on all devices, and removed', async () => {
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

  test('is nobody else’s to remove or to try, and not there is the same', async () => {
    const [alice, mallory] = await world.people('alice', 'mallory')
    const { id } = await registersDevice(alice, 'APNS', apnsToken())

    for (const wrong of [id, 'nothing']) {
      expect(await refusal(removesDevice(mallory, wrong))).toBe('NOT_FOUND')
      expect(await refusal(sendsTestPush(mallory, wrong))).toBe('NOT_FOUND')
    }
    expect(await devicesOf(alice)).toEqual([id])
  })

  test('goes with its token to whoever registers that last', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const token = apnsToken()
    const { id } = await registersDevice(alice, 'APNS', token)

    const hers = await liveEqualsRefetch([alice, bob], () => registersDevice(bob, 'APNS', token))

    expect(hers.id).not.toBe(id)
    expect(await devicesOf(alice)).toEqual([])
    expect(await devicesOf(bob)).toEqual([hers.id])
  })

  test('of two people who register one token at once one has it', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const token = apnsToken()
    await Promise.all([alice, bob, alice, bob].map((person) => registersDevice(person, 'APNS', token)))
    expect([...(await devicesOf(alice)), ...(await devicesOf(bob))]).toHaveLength(1)
  })

  test('follows its person to the session that registered it last, and keeps its id', async () => {
    const alice = await world.person('alice')
    const telephone = await alice.onAnotherDevice('telephone')
    const token = apnsToken()
    const { id } = await registersDevice(alice, 'APNS', token)
    expect((await registersDevice(telephone, 'APNS', token)).id).toBe(id)

    await logsOut(telephone)
    expect(await devicesOf(alice)).toEqual([])
  })

  test('ends with its session, however that ends', async () => {
    const alice = await world.person('alice')
    const telephone = await alice.onAnotherDevice('telephone')
    const { id } = await registersDevice(telephone, 'APNS', apnsToken())
    expect(await devicesOf(alice)).toEqual([id])

    await liveEqualsRefetch([alice], () => revokes(alice, telephone.credentials.sessionId))

    expect(await devicesOf(alice)).toEqual([])
    expect(await refusal(sendsTestPush(alice, id))).toBe('NOT_FOUND')
    await deletesAccount(alice)
  })

  test('three of one person, and not four', async () => {
    const alice = await world.person('alice')
    for (let count = 0; count < 3; count += 1) await registersDevice(alice, 'APNS', apnsToken())
    const refused = await refusalOf(registersDevice(alice, 'APNS', apnsToken()))
    expect(refused).toMatchObject({ code: 'LIMIT_EXCEEDED', extensions: { limit: 3 } })
  })

  test('that nothing is set up for says so when it is tried', async () => {
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
  ] as const)('of %s is refused when it cannot be one: %s', async (provider, token) => {
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
  ] as const)('of %s is taken: %s', async (provider, token) => {
    const alice = await world.person('alice')
    expect((await registersDevice(alice, provider, token)).provider).toBe(provider)
  })

  test('and its language is one', async () => {
    const alice = await world.person('alice')
    expect(await refusal(registersDevice(alice, 'APNS', apnsToken(), 'not a language'))).toBe('INVALID_INPUT')
    await registersDevice(alice, 'APNS', apnsToken(), 'zh-hant-tw')
  })
})

test('what became of notices is for the sender of the message, and for nobody else', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const mallory = await world.person('mallory')
  const message = await alice.sends((await alice.opens(bob)).id, 'hello')

  expect(await attempts(alice, message)).toEqual([])
  expect(await refusal(attempts(bob, message))).toBe('FORBIDDEN')
  expect(await refusal(attempts(mallory, message))).toBe('NOT_FOUND')
  expect(await refusal(attempts(mallory, { id: 'nothing' }))).toBe('NOT_FOUND')
})
