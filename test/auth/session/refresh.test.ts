import { describe, expect, test } from 'vitest'
import { refusal } from '../../world/client.ts'
import { credentialsOf, Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { answer, inDatabase, logsOut, onDevice, refreshes, refreshesTokens } from '../verbs.ts'

const world = useWorld()

const holding = (person: Person, payload: Parameters<typeof credentialsOf>[0]) =>
  new Person(person.url, person.name, person, credentialsOf(payload))

describe('a refresh token', () => {
  test('returns a new one and an access token of the same session', async () => {
    const alice = await world.person('alice')
    const first = alice.credentials
    const payload = await refreshesTokens(alice)
    expect(payload.refreshToken).not.toBe(first.refreshToken)
    expect(payload.session.id).toBe(first.sessionId)
    expect(payload.user.id).toBe(alice.id)
    expect(await answer(alice)).toBe('live')
    expect((await refreshesTokens(alice)).session.id).toBe(first.sessionId)
  })

  test('says how long its access token is valid, whatever the clock of the device', async () => {
    const alice = await world.person('alice')
    const asked = Date.now()
    const payload = await refreshesTokens(alice)
    const [, claims = ''] = payload.accessToken.split('.')
    const { iat, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString())
    const waited = Math.ceil((Date.now() - asked) / 1_000)
    expect(payload.accessTokenExpiresInSeconds).toBeLessThanOrEqual(exp - iat)
    expect(payload.accessTokenExpiresInSeconds).toBeGreaterThanOrEqual(exp - iat - waited - 1)
  })

  test('returns the same successor again if the response was lost', async () => {
    const alice = await world.person('alice')
    const { refreshToken } = alice.credentials
    const [once, again] = [await refreshes(world.url, refreshToken), await refreshes(world.url, refreshToken)]
    expect(again.refreshToken).toBe(once.refreshToken)
    expect(await answer(holding(alice, again))).toBe('live')
  })

  test('returns one successor to concurrent requests', async () => {
    const alice = await world.person('alice')
    const { refreshToken } = alice.credentials
    const payloads = await Promise.all(Array.from({ length: 10 }, () => refreshes(world.url, refreshToken)))
    expect(new Set(payloads.map((payload) => payload.refreshToken)).size).toBe(1)
    const [payload] = payloads
    if (payload) alice.credentials = credentialsOf(payload)
    await refreshesTokens(alice)
  })

  test('reused after its successor ends the session with TOKEN_REUSED', async () => {
    const alice = await world.person('alice')
    const phone = await onDevice(alice)
    const inbox = await phone.listens()
    const stolen = phone.credentials.refreshToken
    await refreshesTokens(phone)
    await refreshesTokens(phone)

    expect(await refusal(refreshes(world.url, stolen))).toBe('TOKEN_REUSED')
    expect((await inbox.sees('SessionEnded')).endReason).toBe('REVOKED')
    expect(await inbox.ended).toBeNull()
    expect(await answer(phone)).toBe('UNAUTHENTICATED')
    expect(await refusal(refreshes(world.url, phone.credentials.refreshToken))).toBe('UNAUTHENTICATED')
    expect(await answer(alice)).toBe('live')
    expect((await alice.me()).sessions).toHaveLength(1)
  })

  test('that is forged is rejected and ends no session', async () => {
    const alice = await world.person('alice')
    const { refreshToken, sessionId, accessToken } = alice.credentials
    const parts = refreshToken.split('.')
    const forged = [
      '',
      'nonsense',
      accessToken,
      sessionId,
      `${sessionId}.0.${'A'.repeat(43)}.${'A'.repeat(43)}`,
      `${refreshToken}A`,
      `${refreshToken}.A`,
      refreshToken.slice(0, -2),
      [parts[0], 7, ...parts.slice(2)].join('.'),
      [parts[0], '0x0', ...parts.slice(2)].join('.'),
    ]
    for (const token of forged)
      expect(await refusal(refreshes(world.url, token)), token).toBe('BAD_CREDENTIALS')
    await refreshesTokens(alice)
  })

  test('is invalid after its session has ended', async () => {
    const alice = await world.person('alice')
    await logsOut(alice)
    expect(await refusal(refreshes(world.url, alice.credentials.refreshToken))).toBe('UNAUTHENTICATED')
  })

  test('expires when it is not used', async () => {
    const alice = await world.person('alice')
    await inDatabase(world, 'update session set expires_at = now() where id = $1', [
      alice.credentials.sessionId,
    ])
    expect(await refusal(refreshes(world.url, alice.credentials.refreshToken))).toBe('UNAUTHENTICATED')
  })
})
