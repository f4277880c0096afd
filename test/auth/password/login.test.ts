import { describe, expect, test } from 'vitest'
import { refusal, refusalOf } from '../../world/client.ts'
import { passwordOf } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { answer, logsIn, onDevice, registers } from '../verbs.ts'

const world = useWorld()

describe('login', () => {
  test('normalises the handle', async () => {
    const alice = await world.person('alice')
    const password = passwordOf(alice.handle)
    const { user } = await logsIn(world.url, { handle: ` ${alice.handle.toUpperCase()}`, password })
    expect(user.id).toBe(alice.id)
  })

  test('gives the same error for a wrong password and an unknown handle', async () => {
    const alice = await world.person('alice')
    const wrong = await refusalOf(logsIn(world.url, { handle: alice.handle, password: 'not the password' }))
    const unknown = await refusalOf(
      logsIn(world.url, { handle: 'who.is.this', password: 'not the password' }),
    )
    expect(wrong.code).toBe('BAD_CREDENTIALS')
    expect({ ...unknown.extensions, requestId: null }).toEqual({ ...wrong.extensions, requestId: null })
    expect(unknown.message).toBe(wrong.message)
  })

  test('is announced to the other devices', async () => {
    const alice = await world.person('alice')
    const inbox = await alice.listens()
    const phone = await onDevice(alice)
    const { me } = await inbox.sees('MeChanged', (event) => event.me.sessions.length === 2)
    expect(me.sessions).toContainEqual({
      id: phone.credentials.sessionId,
      current: false,
      deviceName: 'telephone',
      platform: 'ANDROID',
    })
    inbox.close()
  })

  test('on the same device replaces its session', async () => {
    const alice = await world.person('alice')
    const before = await onDevice(alice, 'telephone of alice')
    const inbox = await before.listens()
    const after = await onDevice(alice, 'telephone of alice')

    const ended = await inbox.sees('SessionEnded')
    expect(ended.endReason).toBe('REPLACED')
    expect(await inbox.ended).toBeNull()
    expect([await answer(before), await answer(after), await answer(alice)]).toEqual([
      'UNAUTHENTICATED',
      'live',
      'live',
    ])
  })

  test('of one device many times at once leaves one session', async () => {
    const alice = await world.person('alice')
    await Promise.all(Array.from({ length: 8 }, () => onDevice(alice, 'hasty telephone')))
    const { sessions } = await alice.me()
    expect(sessions.filter((session) => session.deviceName === 'telephone')).toHaveLength(1)
  })

  test('with the device id of another user does not end their session', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const hers = await onDevice(alice, 'shared tablet')
    await onDevice(bob, 'shared tablet')
    expect(await answer(hers)).toBe('live')
  })
})

test('a device without a name or with too long an id is rejected with INVALID_INPUT', async () => {
  const device = { name: '\u202ename', platform: 'WEB' as const, id: 'x'.repeat(129) }
  const input = { handle: 'devised', password: 'a password of some length', displayName: 'Devised', device }
  expect(await refusal(registers(world.url, input))).toBe('INVALID_INPUT')
  const alice = await world.person('alice')
  const password = passwordOf(alice.handle)
  const refused = await refusalOf(logsIn(world.url, { handle: alice.handle, password, device }))
  expect(refused.extensions.issues).toMatchObject([
    { path: 'input.device.id' },
    { path: 'input.device.name' },
  ])
})
