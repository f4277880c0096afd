import { expect, test } from 'vitest'
import { refusal } from '../../world/client.ts'
import { useWorld } from '../../world/world.ts'
import { refreshes, refreshesTokens } from '../verbs.ts'

const world = useWorld({ LIMIT_REFRESH_GRACE_SECONDS: '0' })

test('a refresh token repeated after the grace period ends its session', async () => {
  const alice = await world.person('alice')
  const { refreshToken } = alice.credentials
  await refreshesTokens(alice)
  expect(await refusal(refreshes(world.url, refreshToken))).toBe('TOKEN_REUSED')
  expect(await refusal(refreshes(world.url, alice.credentials.refreshToken))).toBe('UNAUTHENTICATED')
})
