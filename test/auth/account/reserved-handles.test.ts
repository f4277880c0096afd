import { expect, test } from 'vitest'
import { perform, refusal } from '../../world/client.ts'
import { MeQuery } from '../../world/operations.ts'
import { useWorld } from '../../world/world.ts'
import { registers } from '../verbs.ts'

const world = useWorld({ ADMIN_HANDLES: 'admin' })

const newcomer = (handle: string) => ({
  handle,
  password: 'a password of some length',
  displayName: 'Any Name',
})

test('only reserved handles in ADMIN_HANDLES can be registered', async () => {
  const { accessToken } = await registers(world.url, newcomer('Admin'))
  const { me } = await perform(world.url, MeQuery, {}, accessToken)
  expect(me.user.handle).toBe('admin')
  for (const handle of ['administrator', 'ad.min', 'support'])
    expect(await refusal(registers(world.url, newcomer(handle)))).toMatch(/^(INVALID_INPUT|CONFLICT)$/)
})
