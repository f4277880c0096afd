import { describe, expect, test } from 'vitest'
import { createProvidedSession } from '../../../packages/client/src/session/provided.ts'
import type { Session } from '../../../packages/client/src/session/session.ts'
import { browser, TokenServer } from './token-server.ts'

const day = 24 * 60 * 60 * 1_000
const credentials = { handle: 'alice', password: 'secret' }

/** A request as an application sends it: a refused token is reported and replaced once. */
async function isAccepted(server: TokenServer, session: Session): Promise<boolean> {
  const token = await session.accessToken()
  if (token && !server.accepts(token)) session.refused(token)
  return server.accepts(await session.accessToken())
}

describe.each([0, day, -day])('tokens with a clock that differs by %i ms', (skewMs) => {
  test('forty-second tokens last an hour in three tabs, and each is refreshed once', async () => {
    const server = new TokenServer()
    const { tab } = browser(server, skewMs)
    const first = tab()
    await first.login(credentials)
    const tabs = [first, tab(), tab()]
    for (let second = 0; second < 3_600; second += 5) {
      server.now += 5_000
      const tokens = await Promise.all(tabs.map((session) => session.accessToken()))
      expect(tokens.map((token) => server.accepts(token))).toEqual([true, true, true])
    }
    // A token is replaced after nine tenths of its life, so at the eighth look.
    expect(server.refreshes).toBeLessThanOrEqual(3_600 / 35)
    expect(server.refreshes).toBeGreaterThan(3_600 / 45)
    expect(server.headersOnRefresh).toBe(0)
  })
})

test('a tab that slept for an hour takes over the token of the others', async () => {
  const server = new TokenServer()
  const { tab } = browser(server)
  const awake = tab()
  await awake.login(credentials)
  const asleep = tab()
  await asleep.accessToken()
  for (let minute = 0; minute < 60; minute += 1) {
    server.now += 60_000
    await awake.accessToken()
  }
  const { refreshes } = server
  expect(await asleep.accessToken()).toBe(await awake.accessToken())
  expect(server.refreshes).toBe(refreshes)
})

test('a device whose clock jumps by a day in either direction stays signed in', async () => {
  const server = new TokenServer()
  const { clock, tab } = browser(server)
  const session = tab()
  await session.login(credentials)
  for (const jump of [day, -day, -day, day, -day]) {
    clock.skewMs += jump
    server.now += 30_000
    expect(await isAccepted(server, session)).toBe(true)
  }
})

test('a token that the server refuses is replaced although the clock says that it is fresh', async () => {
  const server = new TokenServer()
  const { tab } = browser(server)
  const session = tab()
  await session.login(credentials)
  const token = await session.accessToken()
  session.refused(String(token))
  expect(await session.accessToken()).not.toBe(token)
  expect(server.refreshes).toBe(1)
})

test('a refresh that does not reach the server fails and leaves the user signed in', async () => {
  const server = new TokenServer()
  const { tab } = browser(server)
  const session = tab()
  await session.login(credentials)
  server.now += server.lifetimeMs
  server.unreachable = true
  await expect(session.accessToken()).rejects.toMatchObject({ code: 'NETWORK' })
  expect(session.state.get()).toEqual({ status: 'signedIn', userId: 'alice' })
  server.unreachable = false
  expect(server.accepts(await session.accessToken())).toBe(true)
})

test('a user who signed out in one tab is signed out in the next use of the others', async () => {
  const server = new TokenServer()
  const { storage, tab } = browser(server)
  const session = tab()
  await session.login(credentials)
  const other = tab()
  await other.accessToken()
  await session.logout()
  expect(session.state.get()).toEqual({ status: 'signedOut', reason: null })
  expect(await storage.getItem('parlance.session')).toBeNull()
  server.now += server.lifetimeMs
  expect(await other.accessToken()).toBeNull()
  expect(other.state.get()).toEqual({ status: 'signedOut', reason: null })
})

test('a session that ended elsewhere signs the device out with the code of the refresh', async () => {
  const server = new TokenServer()
  const { tab } = browser(server)
  const session = tab()
  await session.login(credentials)
  await server.request('mutation Logout', {}, null)
  session.refused(String(await session.accessToken()))
  expect(await session.accessToken()).toBeNull()
  expect(session.state.get()).toEqual({ status: 'signedOut', reason: 'BAD_CREDENTIALS' })
})

test('an identity provider is asked once for all requests, and again after a refusal', async () => {
  const reasons: string[] = []
  const session = createProvidedSession(async (reason) => {
    reasons.push(reason)
    return `token ${reasons.length}`
  })
  expect(await Promise.all([session.accessToken(), session.accessToken()])).toEqual(['token 1', 'token 1'])
  session.refused('token 1')
  expect(await session.accessToken()).toBe('token 2')
  // A late answer to a request with the first token.
  session.refused('token 1')
  expect(await session.accessToken()).toBe('token 2')
  expect(reasons).toEqual(['START', 'EXPIRED'])
})
