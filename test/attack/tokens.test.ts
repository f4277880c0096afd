import { createSecretKey, hkdfSync } from 'node:crypto'
import fc from 'fast-check'
import { SignJWT, UnsecuredJWT } from 'jose'
import { beforeAll, expect, test } from 'vitest'
import { answer, deletesAccount, logsOut, onDevice, refreshes, revokesOthers } from '../auth/verbs.ts'
import { ask, codesOf, fetchPath, Wire } from '../server/wire.ts'
import { refusal } from '../world/client.ts'
import { eventually } from '../world/eventually.ts'
import type { Person } from '../world/person.ts'
import { useAttackedWorld } from './aftermath.ts'
import { runs } from './runs.ts'

const world = useAttackedWorld()

/** A key of the server of `useWorld`, derived as the server derives it. */
const keyFor = (purpose: string, secret = 'a secret for tests that is long enough') =>
  createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', `parlance ${purpose}`, 32)))

const claimsOf = (person: Person) => ({ sid: person.credentials.sessionId, sub: person.id })

interface Form {
  key?: ReturnType<typeof keyFor>
  claims?: Record<string, unknown>
  without?: string
  seconds?: number
  alg?: string
}

/** A token as the server would sign it, but for the given differences. */
function signs(person: Person, { key, claims = {}, without, seconds = 600, alg = 'HS256' }: Form = {}) {
  const now = Math.floor(Date.now() / 1_000)
  const ordinary = { iss: 'parlance', aud: 'parlance', iat: now, exp: now + seconds, ...claimsOf(person) }
  const entries = Object.entries({ ...ordinary, ...claims }).filter(([name]) => name !== without)
  return new SignJWT(Object.fromEntries(entries))
    .setProtectedHeader({ alg, typ: 'JWT' })
    .sign(key ?? keyFor('access token'))
}

const tokenOf = ({ credentials }: Person) => credentials.accessToken

/** Tokens that admit no one. */
const bad: [string, (alice: Person) => string | Promise<string>][] = [
  ['signed with another secret', (alice) => signs(alice, { key: keyFor('access token', 'another secret') })],
  ['signed with the key of another purpose', (alice) => signs(alice, { key: keyFor('refresh token') })],
  ['signed with an unexpected algorithm', (alice) => signs(alice, { alg: 'HS512', key: longKey })],
  ['without a signature', (alice) => new UnsecuredJWT(claimsOf(alice)).setExpirationTime('1h').encode()],
  ['that has expired', (alice) => signs(alice, { seconds: -1 })],
  ['without an expiry', (alice) => signs(alice, { without: 'exp' })],
  ['without a session', (alice) => signs(alice, { without: 'sid' })],
  ['for another audience', (alice) => signs(alice, { claims: { aud: 'another' } })],
  ['of another issuer', (alice) => signs(alice, { claims: { iss: 'https://evil.example' } })],
  ['with the session of another user', (alice) => signs(alice, { claims: { sub: mallory.id } })],
  ['with a session that does not exist', (alice) => signs(alice, { claims: { sid: 'nothing' } })],
  ['that is a refresh token', ({ credentials }) => credentials.refreshToken],
  ['that is a session id', ({ credentials }) => credentials.sessionId],
  ['of a session that a sign-in replaced', replaced],
  ['of a session that signed out', signedOut],
  ['of a session that another device revoked', revoked],
  ['of a session whose refresh token was used twice', reused],
  ['of a deleted account', deleted],
]

const longKey = createSecretKey(Buffer.alloc(64, 1))

async function replaced(alice: Person) {
  const older = await onDevice(alice, 'telephone')
  await onDevice(alice, 'telephone')
  return tokenOf(older)
}

async function signedOut(alice: Person) {
  const phone = await onDevice(alice)
  await logsOut(phone)
  return tokenOf(phone)
}

async function revoked(alice: Person) {
  const phone = await onDevice(alice)
  await revokesOthers(alice)
  return tokenOf(phone)
}

async function reused(alice: Person) {
  const phone = await onDevice(alice)
  const stolen = phone.credentials.refreshToken
  const { refreshToken } = await refreshes(world.url, stolen)
  await refreshes(world.url, refreshToken)
  expect(await refusal(refreshes(world.url, stolen))).toBe('TOKEN_REUSED')
  return tokenOf(phone)
}

async function deleted() {
  const short = await world.person('short')
  await deletesAccount(short)
  return tokenOf(short)
}

let alice: Person
let mallory: Person
beforeAll(async () => {
  ;[alice, mallory] = await world.people('alice', 'mallory')
})

const query = '{ me { id } }'

/** The ways to present a token, each with the code or close code of its refusal. */
const ways: Record<string, (token: string) => Promise<unknown>> = {
  'the header of a POST': async (token) => codesOf(await ask(world.url, query, token)),
  'the header of a GET': async (token) =>
    codesOf(
      await fetchPath(world.url, `/graphql?query=${encodeURIComponent(query)}`, {
        headers: { authorization: `bearer ${token}` },
      }),
    ),
  connection_init: async (token) => {
    const wire = await Wire.open(world.url)
    wire.say({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })
    return (await wire.closed).code
  },
  renewSession: async (token) => {
    const wire = await Wire.ready(world.url, tokenOf(mallory))
    wire.subscribe('1', `mutation { renewSession(accessToken: ${JSON.stringify(token)}) { __typename } }`)
    const [code] = codesOf({ body: await wire.answers('1') }) ?? []
    wire.ws.terminate()
    return code
  },
}

const refusals = [['UNAUTHENTICATED'], 'UNAUTHENTICATED', 'INVALID_INPUT', 'BAD_CREDENTIALS', 4401, 4403]

test.each(bad)('a token %s is refused in every place and ends no other session', async (_what, make) => {
  const token = await make(alice)
  // Sessions that ended are refused within a second.
  await eventually(async () =>
    expect(await ways['the header of a POST']?.(token)).toEqual(['UNAUTHENTICATED']),
  )
  for (const [way, presents] of Object.entries(ways)) {
    const outcome = await presents(token)
    expect(refusals, `${way}: ${outcome}`).toContainEqual(outcome)
  }
  expect([await answer(alice), await answer(mallory)]).toEqual(['live', 'live'])
})

test('a valid token signs no user in from a URL, a cookie or a body', async () => {
  const token = tokenOf(alice)
  const body = JSON.stringify({ query, authorization: `Bearer ${token}`, extensions: { accessToken: token } })
  const json = { 'content-type': 'application/json' }
  for (const name of ['token', 'access_token', 'authorization', 'accessToken']) {
    const path = `/graphql?${name}=${token}`
    const cookie = `${name}=${token}`
    const answer = await fetchPath(world.url, path, { method: 'POST', body, headers: { ...json, cookie } })
    expect(codesOf(answer), name).toEqual(['UNAUTHENTICATED'])
  }
})

/** Another text, of which no part decodes to the same bytes. */
const changed = fc.oneof(
  fc.record({ at: fc.nat(), to: fc.constantFrom(...'Az09-_.') }).map(
    ({ at, to }) =>
      (token: string) =>
        token.slice(0, at % token.length) + to + token.slice((at % token.length) + 1),
  ),
  fc.nat().map((length) => (token: string) => token.slice(0, length % token.length)),
  fc.constantFrom('.', 'A', '.e30', '=').map((more) => (token: string) => token + more),
  fc.constant((token: string) => token.split('.').reverse().join('.')),
)

const sameBytes = (one: string, other: string) => {
  const bytes = (token: string) =>
    token.split('.').map((part) => Buffer.from(part, 'base64url').toString('hex'))
  return bytes(one).join() === bytes(other).join()
}

test('no changed access or refresh token is accepted', { timeout: 600_000 }, async () => {
  const { accessToken, refreshToken } = alice.credentials
  await fc.assert(
    fc.asyncProperty(changed, async (change) => {
      const [access, refresh] = [change(accessToken), change(refreshToken)]
      if (!sameBytes(access, accessToken))
        expect(codesOf(await ask(world.url, query, access)), access).toEqual(['UNAUTHENTICATED'])
      if (refresh !== refreshToken)
        expect(await refusal(refreshes(world.url, refresh)), refresh).toBe('BAD_CREDENTIALS')
    }),
    { numRuns: runs(100) },
  )
  expect(await answer(alice)).toBe('live')
})
