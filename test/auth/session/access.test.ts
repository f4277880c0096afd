import { SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { eventually } from '../../world/eventually.ts'
import { useWorld } from '../../world/world.ts'
import { answer, refreshesTokens } from '../verbs.ts'

const world = useWorld({ LIMIT_ACCESS_TOKEN_SECONDS: '5' })

describe('an access token', () => {
  test('is valid until it expires', async () => {
    const alice = await world.person('alice')
    expect(await answer(alice)).toBe('live')
    await eventually(async () => expect(await answer(alice)).toBe('UNAUTHENTICATED'))
    await refreshesTokens(alice)
    expect(await answer(alice)).toBe('live')
  })

  test('is rejected unless this server signed it', async () => {
    const alice = await world.person('alice')
    const claims = { sid: alice.credentials.sessionId, iss: 'parlance', aud: 'parlance', sub: alice.id }
    const [header, payload, signature = ''] = alice.credentials.accessToken.split('.')
    const foreign = new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuedAt()
      .setExpirationTime('1h')
    const forged = [
      'nonsense',
      new UnsecuredJWT(claims).setIssuedAt().setExpirationTime('1h').encode(),
      await foreign.sign(new TextEncoder().encode('a secret for tests that is long enough')),
      `${header}.${payload}.${signature.slice(0, -4)}AAAA`,
      alice.credentials.refreshToken,
    ]
    for (const accessToken of forged) {
      alice.credentials = { ...alice.credentials, accessToken }
      expect(await answer(alice), accessToken).toBe('UNAUTHENTICATED')
    }
  })
})
