import { describe, expect, test } from 'vitest'
import type { RegisterInput } from '../../generated/graphql.ts'
import { perform, Refused, refusal, refusalOf } from '../../world/client.ts'
import { MeQuery } from '../../world/operations.ts'
import { useWorld } from '../../world/world.ts'
import { logsIn, registers } from '../verbs.ts'

const world = useWorld()

const newcomer = (handle: string, more: Partial<RegisterInput> = {}): RegisterInput => ({
  handle,
  password: 'a password of some length',
  displayName: 'Newcomer',
  ...more,
})

const paths = async (input: RegisterInput) => {
  const refused = await refusalOf(registers(world.url, input))
  return { code: refused.code, paths: (refused.extensions.issues as { path: string }[]).map((i) => i.path) }
}

describe('register', () => {
  test('creates an account and signs its device in', async () => {
    const payload = await registers(
      world.url,
      newcomer('Zoe.Quinn', {
        displayName: '  Zoë  ',
        email: 'zoe@example.org',
        device: { name: 'Laptop', platform: 'DESKTOP' },
      }),
    )
    const { me } = await perform(world.url, MeQuery, {}, payload.accessToken)
    expect(me).toMatchObject({
      email: 'zoe@example.org',
      phone: null,
      user: { id: payload.user.id, handle: 'zoe.quinn', displayName: 'Zoë', bio: null, deletedAt: null },
      sessions: [{ id: payload.session.id, current: true, deviceName: 'Laptop', platform: 'DESKTOP' }],
    })
  })

  test('lists every issue at once', async () => {
    const input = newcomer('a', {
      password: 'short',
      displayName: '\u200b',
      email: 'nowhere',
      device: { name: '', platform: 'WEB' },
    })
    const refused = await paths(input)
    expect(refused.code).toBe('INVALID_INPUT')
    expect(refused.paths.toSorted()).toEqual([
      'input.device.name',
      'input.displayName',
      'input.email',
      'input.handle',
      'input.password',
    ])
  })

  test.each([
    'ab',
    'x'.repeat(33),
    '_alice',
    'alice..b',
    'alice-_b',
    'al ice',
    'аlice',
    'ali¢e',
    'admin',
    'Adm1n',
    'p.a.r.l.a.n.c.e',
    'deleted_abc',
  ])('rejects the handle %s', async (handle) => {
    expect(await paths(newcomer(handle))).toEqual({ code: 'INVALID_INPUT', paths: ['input.handle'] })
  })

  test.each([
    ['joe', 'joe'],
    ['y'.repeat(32), 'y'.repeat(32)],
    ['ＦＵＬＬ－width', 'full-width'],
    ['7.of_9', '7.of_9'],
  ])('accepts the handle %s as %s', async (given, kept) => {
    const { accessToken } = await registers(world.url, newcomer(given))
    expect((await perform(world.url, MeQuery, {}, accessToken)).me.user.handle).toBe(kept)
  })

  test.each(['corn1lla_b', 'COMILLA.B', 'cornilla-b'])(
    'rejects %s, a look-alike of cornilla_b, with CONFLICT',
    async (handle) => {
      await registers(world.url, newcomer('cornilla_b')).catch((error: unknown) => {
        if (!(error instanceof Refused)) throw error
      })
      expect(await paths(newcomer(handle))).toEqual({ code: 'CONFLICT', paths: ['input.handle'] })
    },
  )

  test('accepts handles that differ by a separator only, or are close to reserved ones', async () => {
    for (const handle of ['ann.otto', 'annotto', 'ali', 'mall'])
      expect((await registers(world.url, newcomer(handle))).accessToken).toBeTruthy()
  })

  test.each(['adm1n', 'ad.min', 'rn0derator', 'deleted.x', 'deleted-x'])(
    'rejects %s, a look-alike of an official handle',
    async (handle) => {
      expect(await paths(newcomer(handle))).toEqual({ code: 'INVALID_INPUT', paths: ['input.handle'] })
    },
  )

  test('gives a handle to one of many concurrent registrations', async () => {
    const asked = await Promise.allSettled(
      Array.from({ length: 10 }, () => registers(world.url, newcomer('sought.after'))),
    )
    expect(asked.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
    const codes = asked.flatMap((one) => (one.status === 'rejected' ? [(one.reason as Refused).code] : []))
    expect(new Set(codes)).toEqual(new Set(['CONFLICT']))
  })
})

describe('a password at registration', () => {
  test.each(['seven77', 'x'.repeat(129), 'Password1', 'same.as.me', 'half \ud83d'])(
    'is rejected with INVALID_INPUT as %j',
    async (password) => {
      const input = newcomer('same.as.me', { password })
      expect(await paths(input)).toEqual({ code: 'INVALID_INPUT', paths: ['input.password'] })
    },
  )

  test.each([
    ['shortest', '8 chars!'],
    ['longest', '密'.repeat(128)],
  ])('may be the %s allowed', async (handle, password) => {
    await registers(world.url, newcomer(handle, { password }))
    expect((await logsIn(world.url, { handle, password })).accessToken).toBeTruthy()
  })

  test('is the same in NFC and NFD', async () => {
    await registers(world.url, newcomer('composer', { password: 'schön und gut'.normalize('NFD') }))
    await logsIn(world.url, { handle: 'composer', password: 'schön und gut'.normalize('NFC') })
  })
})

describe('a display name at registration', () => {
  test.each(['', '   ', '\u200b\u2060', 'x'.repeat(65), 'two\nlines', 'turned \u202e round', 'nul\0'])(
    'is rejected with INVALID_INPUT as %j',
    async (displayName) => {
      const input = newcomer('named', { displayName })
      expect(await paths(input)).toEqual({ code: 'INVALID_INPUT', paths: ['input.displayName'] })
    },
  )

  test('is measured in code points', async () => {
    await registers(world.url, newcomer('smiling', { displayName: '😀'.repeat(64) }))
    const input = newcomer('grinning', { displayName: '😀'.repeat(65) })
    expect(await refusal(registers(world.url, input))).toBe('INVALID_INPUT')
  })
})
