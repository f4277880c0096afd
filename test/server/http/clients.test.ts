import pino from 'pino'
import { beforeAll, describe, expect, test } from 'vitest'
import { createOrigins } from '../../../src/server/request/origins.ts'
import { type Person, passwordOf } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { ask, codesOf, fetchPath, send } from '../wire.ts'

const world = useWorld()

let alice: Person
beforeAll(async () => {
  alice = await world.person('alice')
})

const graphqlResponse = { accept: 'application/graphql-response+json' }

describe('UNAUTHENTICATED', () => {
  const me = JSON.stringify({ query: '{ me { user { id } } }' })
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
  const reasonOf = async (headers: Record<string, string>) => {
    const { body } = await send(world.url, me, headers)
    return body.errors?.map(({ extensions: { code, reason } }) => [code, reason])
  }

  test('has the reason MISSING, EXPIRED or ENDED', async () => {
    const ended = await world.person('ended')
    await ask(world.url, 'mutation { logout { endedSessionId } }', ended.credentials.accessToken)
    expect(await reasonOf({})).toEqual([['UNAUTHENTICATED', 'MISSING']])
    expect(await reasonOf(bearer('not-a-token'))).toEqual([['UNAUTHENTICATED', 'EXPIRED']])
    expect(await reasonOf(bearer(ended.credentials.accessToken))).toEqual([['UNAUTHENTICATED', 'ENDED']])
  })

  test('has the status 401 as graphql-response+json and 200 as JSON', async () => {
    const statuses = await Promise.all(
      [{}, graphqlResponse].map(async (accept) => {
        const { status, headers } = await send(world.url, me, { ...bearer('not-a-token'), ...accept })
        return [status, headers.get('content-type')?.split(';')[0]]
      }),
    )
    expect(statuses).toEqual([
      [200, 'application/json'],
      [401, 'application/graphql-response+json'],
    ])
  })

  test('does not keep a client with an invalid token from signing in', async () => {
    const login = `mutation { login(input: { handle: "${alice.handle}", password: "${passwordOf(alice.handle)}" }) { refreshToken } }`
    const { body } = await ask(world.url, login, 'not-a-token')
    const { refreshToken } = (body.data as { login: { refreshToken: string } }).login
    const refresh = `mutation { refreshSession(input: { refreshToken: "${refreshToken}" }) { accessToken } }`
    expect(codesOf(await ask(world.url, refresh, 'not-a-token'))).toBeUndefined()
    expect(codesOf(await ask(world.url, '{ serverInfo { schemaVersion } }', 'not-a-token'))).toBeUndefined()
    const register = `mutation { register(input: { handle: "newcomer", displayName: "New", password: "correct horse" }) { accessToken } }`
    expect(codesOf(await ask(world.url, register, 'not-a-token'))).toBeUndefined()
    // One field that needs a session makes the token count again.
    const mixed = '{ serverInfo { schemaVersion } me { user { id } } }'
    expect(codesOf(await ask(world.url, mixed, 'not-a-token'))).toEqual(['UNAUTHENTICATED'])
  })
})

describe('compression', () => {
  const long = `{ ${Array.from({ length: 14 }, (_, n) => `a${n}: serverInfo { errorCodes }`).join(' ')} }`

  test('JSON above 1 KB is compressed for clients that accept it', async () => {
    const sizes = await Promise.all(
      ['br', 'gzip', 'gzip, br', 'br;q=0.5, gzip', '*', 'identity', 'gzip;q=0'].map(async (encoding) => {
        const { headers, body } = await send(world.url, JSON.stringify({ query: long }), {
          'accept-encoding': encoding,
        })
        expect(Object.keys(body.data ?? {})).toHaveLength(14)
        expect(headers.get('vary')).toContain('Accept-Encoding')
        return [headers.get('content-encoding'), Number(headers.get('content-length'))] as const
      }),
    )
    const encodings = sizes.map(([encoding]) => encoding)
    expect(encodings).toEqual(['br', 'gzip', 'br', 'gzip', 'br', null, null])
    const whole = sizes.at(-1)?.[1] ?? 0
    for (const [encoding, size] of sizes) if (encoding) expect(size).toBeLessThan(whole / 4)
  })

  test('short JSON is not compressed', async () => {
    const { headers } = await ask(world.url, '{ __typename }')
    expect(headers.get('content-encoding')).toBeNull()
  })
})

describe('/ready', () => {
  test('names the state of its dependencies to programs of this machine alone', async () => {
    const local = JSON.parse((await fetchPath(world.url, '/ready')).text)
    const remote = await fetchPath(world.url, '/ready', { headers: { 'x-forwarded-for': '203.0.113.7' } })
    expect(local).toMatchObject({ ready: true, parts: { database: 'up' } })
    expect([remote.status, JSON.parse(remote.text)]).toEqual([200, { ready: true, draining: false }])
  })
})

describe('suggestions of names', () => {
  test.each(['{ serverInf { schemaVersion } }', 'mutation { logi }'])(
    '%s is refused with one for the viewer and without one for anonymous clients',
    async (query) => {
      const [anonymous, viewer] = [
        await ask(world.url, query),
        await ask(world.url, query, alice.credentials.accessToken),
      ]
      expect([codesOf(anonymous), codesOf(viewer)]).toEqual([['INVALID_INPUT'], ['INVALID_INPUT']])
      expect(viewer.text).toContain('Did you mean')
      expect(anonymous.text).not.toContain('Did you mean')
    },
  )

  test('a message repeats only a short piece of a long name', async () => {
    const name = 'x'.repeat(10_000)
    for (const query of [`{ ${name} }`, `query ($a: ${name}) { me }`, `{ me(a: "${name}"`])
      expect((await ask(world.url, query, alice.credentials.accessToken)).text.length).toBeLessThan(2_000)
  })
})

describe('origins', () => {
  const lines: string[] = []
  const log = pino({}, { write: (line) => lines.push(line) })
  const from = (origin: string) =>
    ({ headers: { origin, host: 'localhost:4000' } }) as Parameters<
      ReturnType<typeof createOrigins>['allows']
    >[0]

  test('pages of this machine are allowed on the embedded database, and others never', () => {
    const development = createOrigins(
      { allowedOrigins: [], publicUrl: undefined, databaseUrl: undefined },
      log,
    )
    const production = createOrigins(
      { allowedOrigins: [], publicUrl: undefined, databaseUrl: 'postgres://' },
      log,
    )
    for (const origin of ['http://localhost:5173', 'http://127.0.0.1:3000', 'http://[::1]:8080'])
      expect([development.allows(from(origin)), production.allows(from(origin))]).toEqual([true, false])
    for (const origin of ['http://localhost.evil.example', 'http://127.0.0.1.evil.example', 'null'])
      expect(development.allows(from(origin))).toBe(false)
  })

  test('a refused origin is logged once, with the setting that allows it', () => {
    lines.length = 0
    const origins = createOrigins(
      { allowedOrigins: [], publicUrl: undefined, databaseUrl: 'postgres://' },
      log,
    )
    for (let count = 0; count < 3; count += 1) origins.allows(from('https://app.example'))
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { origin: 'https://app.example', setting: 'ALLOWED_ORIGINS', msg: 'origin refused' },
    ])
  })
})
