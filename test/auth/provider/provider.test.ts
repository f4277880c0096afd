import { generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { looksUp } from '../../account/verbs.ts'
import { restores, suspends, useModeratedWorld } from '../../moderation/verbs.ts'
import { refusal, refusalOf } from '../../world/client.ts'
import { eventually } from '../../world/eventually.ts'
import { Inbox } from '../../world/inbox.ts'
import { Person, passwordOf } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { answer, deletesAccount, deletesProvidedAccount, logsIn, registers, revokes } from '../verbs.ts'
import { startProvider } from './issuer.ts'

const provider = await startProvider()
const settings = { AUTH_JWKS_URL: provider.jwksUrl, AUTH_ISSUER: provider.issuer, AUTH_AUDIENCE: 'chat' }
const { world, molly } = useModeratedWorld({ ...settings, ADMIN_HANDLES: 'molly.c,max.d,the.boss' })
afterAll(() => provider.goesAway())

/** A user who holds a token of the provider. */
async function bearer(claims: JWTPayload, life = {}): Promise<Person> {
  return withToken(await provider.token(claims, life))
}

function withToken(accessToken: string): Person {
  const credentials = { accessToken, refreshToken: '', sessionId: '' }
  return new Person(world.url, 'bearer', { id: '', handle: '' }, credentials)
}

const sessionOf = async (person: Person) =>
  (await person.me()).sessions.find(({ current }) => current)?.id ?? ''

describe('a token of the identity provider', () => {
  test('creates an account at its first use and resolves to it afterwards', async () => {
    const claims = { sub: 'ada', preferred_username: 'Ada.Lovelace', name: 'Ada', email: 'ada@example.com' }
    const first = await (await bearer({ ...claims, sid: 'laptop', azp: 'web client' })).me()
    expect(first).toMatchObject({
      user: { handle: 'ada.lovelace', displayName: 'Ada' },
      email: 'ada@example.com',
      sessions: [{ deviceName: 'web client', platform: 'OTHER', current: true }],
    })
    // Later claims do not change the account.
    const renamed = await (await bearer({ ...claims, name: 'Countess', sid: 'laptop' })).me()
    expect(renamed).toEqual(first)
    const elsewhere = await (await bearer({ ...claims, sid: 'telephone' })).me()
    expect([elsewhere.id, elsewhere.sessions.length]).toEqual([first.id, 2])
    expect((await (await bearer({ sub: 'another' })).me()).id).not.toBe(first.id)
  })

  test('used many times at once creates one account and one session', async () => {
    const tokens = await Promise.all(
      Array.from({ length: 8 }, () => provider.token({ sub: 'hasty', name: 'Hasty', sid: 'one' })),
    )
    const seen = await Promise.all([...tokens, ...tokens].map((token) => withToken(token).me()))
    expect(new Set(seen.map(({ id }) => id)).size).toBe(1)
    expect((await withToken(tokens[0] ?? '').me()).sessions).toHaveLength(1)
  })

  test('gives a full user: searchable, befriendable, writable, on a socket', async () => {
    const alice = await world.person('alice')
    const grace = await bearer({ sub: 'grace', preferred_username: 'grace', sid: 'ship' })
    const { id } = (await grace.me()).user
    const conversation = await alice.opens(Object.assign(Object.create(alice), { id }))
    const inbox = new Inbox(grace.socket(), {})
    await inbox.sees('Checkpoint')
    await alice.sends(conversation.id, 'hello')
    await inbox.sees('MessagesChanged', ({ messages }) => messages[0]?.plainText === 'hello')
    expect((await grace.sends(conversation.id, 'hello yourself')).seq).toBe(2)
    expect((await looksUp(alice, id))?.handle).toBe('grace')
    await grace.dispose()
  })

  test('gives a free handle, never one that is taken, reserved or a moderator’s', async () => {
    const taken = await world.person('taken')
    const handleOf = async (claims: JWTPayload) => (await (await bearer(claims)).me()).user
    const handles = [
      await handleOf({ sub: 's1', preferred_username: taken.handle }),
      await handleOf({ sub: 's2', preferred_username: 'admin' }),
      await handleOf({ sub: 's3', preferred_username: 'The.Boss' }),
      await handleOf({ sub: 's4', preferred_username: '张三' }),
      await handleOf({ sub: 's5', email: 'Zoë..Q@example.com', name: '\u202e' }),
      await handleOf({ sub: 's6', email: 'x@example.com', email_verified: false }),
    ]
    expect(handles.map(({ handle }) => handle)).toEqual([
      expect.stringMatching(/^taken\.[a-z]+\.[a-z]{5}$/),
      expect.stringMatching(/^admin\.[a-z]{5}$/),
      expect.stringMatching(/^the\.boss\.[a-z]{5}$/),
      expect.stringMatching(/^member\.[a-z]{5}$/),
      'zoe.q',
      expect.stringMatching(/^x\.[a-z]{5}$/),
    ])
    expect(handles[4]?.displayName).toBe('zoe.q')
    const unverified = await (await bearer({ sub: 's6' })).me()
    expect(unverified.email).toBeNull()
  })

  test('is rejected if it is forged, expired or for another audience or issuer', async () => {
    const { privateKey } = await generateKeyPair('ES256')
    const forged = (header: { alg: string; kid?: string }) =>
      new SignJWT({ iss: provider.issuer, aud: 'chat', sub: 'ada' })
        .setIssuedAt()
        .setExpirationTime('1h')
        .setProtectedHeader(header)
    const tokens = [
      await provider.token({ sub: 'ada' }, { ago: 600 }),
      await provider.token({ sub: 'ada', aud: 'payroll' }),
      await provider.token({ sub: 'ada', iss: 'https://elsewhere.example' }),
      await provider.token({}),
      await forged({ alg: 'ES256', kid: 'key 0' }).sign(privateKey),
      await forged({ alg: 'ES256', kid: 'no key' }).sign(privateKey),
      await forged({ alg: 'HS256' }).sign(new TextEncoder().encode('x'.repeat(32))),
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(
        JSON.stringify({ iss: provider.issuer, aud: 'chat', sub: 'ada', iat: 1, exp: 9e9 }),
      ).toString('base64url')}.`,
    ]
    for (const token of tokens) expect(await answer(withToken(token))).toBe('UNAUTHENTICATED')
    expect(await answer(await bearer({ sub: 'ada' }))).toBe('live')
    expect(await answer(await world.person('bob'))).toBe('live')
  })

  test('is valid on a socket until it expires', async () => {
    const short = await bearer({ sub: 'short' }, { seconds: 6 })
    const socket = short.socket()
    const closed = new Promise((resolve) => socket.on('closed', resolve))
    const inbox = new Inbox(socket, {})
    await inbox.sees('Checkpoint')
    expect(await closed).toMatchObject({ code: 4403 })
  })

  test('cannot sign in or delete the account with a password', async () => {
    const ada = await bearer({ sub: 'wordless', preferred_username: 'wordless' })
    await ada.me()
    for (const password of ['', 'password of some length', passwordOf('wordless')])
      expect(await refusal(logsIn(world.url, { handle: 'wordless', password }))).toBe('BAD_CREDENTIALS')
    expect(await refusal(deletesAccount(ada, ''))).toBe('BAD_CREDENTIALS')
  })

  test('deletes the account only after a fresh sign-in at the provider', async () => {
    const claims = { sub: 'leaver', preferred_username: 'leaver' }
    const leaver = await bearer(claims)
    const { id } = (await leaver.me()).user
    const old = { seconds: 3_600, ago: 301 }
    const wrong = [
      null,
      'no token',
      leaver.credentials.refreshToken,
      await provider.token({ sub: 'another' }),
      await provider.token(claims, old),
      await provider.token({ ...claims, auth_time: Math.floor(Date.now() / 1000) - 301 }),
    ]
    for (const token of wrong)
      expect(await refusal(deletesProvidedAccount(leaver, token))).toBe('BAD_CREDENTIALS')

    // An old token, but a fresh sign-in by its auth_time.
    const fresh = await provider.token({ ...claims, auth_time: Math.floor(Date.now() / 1000) }, old)
    expect(await deletesProvidedAccount(leaver, fresh)).toMatchObject({ id })
    const alice = await world.person('alice')
    expect((await looksUp(alice, id))?.deletedAt).not.toBeNull()
  })

  test('does not replace the password of an account that has one', async () => {
    const alice = await world.person('alice')
    expect(await refusal(deletesProvidedAccount(alice, await provider.token({ sub: 'stranger' })))).toBe(
      'BAD_CREDENTIALS',
    )
  })
})

describe('a session of the identity provider', () => {
  test('stays ended for every token with its session id', async () => {
    const claims = { sub: 'lost', preferred_username: 'lost' }
    const phone = await bearer({ ...claims, sid: 'telephone' })
    const laptop = await bearer({ ...claims, sid: 'laptop' })
    const sessionId = await sessionOf(phone)
    const socket = phone.patientSocket()
    const closed = new Promise((resolve) => socket.on('closed', resolve))
    const inbox = new Inbox(socket, {})
    await inbox.sees('Checkpoint')
    await revokes(laptop, sessionId)
    expect(await closed).toMatchObject({ code: 4401 })
    expect(await answer(phone)).toBe('UNAUTHENTICATED')
    // Also a token that was issued later.
    const later = await bearer({ ...claims, sid: 'telephone' }, { ago: -5 })
    expect(await answer(later)).toBe('UNAUTHENTICATED')
    expect(await answer(laptop)).toBe('live')
    expect(await answer(await bearer({ ...claims, sid: 'another telephone' }))).toBe('live')
  })

  test('without a session id starts again with a newer token', async () => {
    const one = await bearer({ sub: 'nameless' })
    const sessionId = await sessionOf(one)
    expect(await sessionOf(await bearer({ sub: 'nameless', jti: 'two' }))).toBe(sessionId)
    await revokes(one, sessionId)
    expect(await answer(one)).toBe('UNAUTHENTICATED')
    expect(await answer(await bearer({ sub: 'nameless', jti: 'three' }, { ago: 60 }))).toBe('UNAUTHENTICATED')
    await eventually(async () => expect(await answer(await bearer({ sub: 'nameless' }))).toBe('live'))
  })

  test('ends with a suspension, and no new one starts', async () => {
    const claims = { sub: 'watches', preferred_username: 'watches' }
    const seller = await bearer({ ...claims, sid: 'stall' })
    const { id } = (await seller.me()).user
    await suspends(molly(), { id }, { reason: 'Watches.' })
    await eventually(async () => expect(await answer(seller)).toBe('UNAUTHENTICATED'))
    const next = await bearer({ ...claims, sid: 'another stall' })
    const refused = await refusalOf(next.me())
    expect([refused.code, refused.extensions.suspensionReason]).toEqual(['SUSPENDED', 'Watches.'])
    const socket = next.patientSocket()
    const closed = new Promise((resolve) => socket.on('closed', resolve))
    await new Inbox(socket, {}).ended
    expect(await closed).toMatchObject({ code: 4401 })
    await restores(molly(), { id })
    expect(await answer(await bearer({ ...claims, sid: 'another stall' }))).toBe('live')
  })
})

describe('the keys of the identity provider', () => {
  test('are fetched at intervals, and at once after a change', async () => {
    await (await bearer({ sub: 'keys' })).me()
    const { asked } = provider
    for (let count = 0; count < 5; count += 1) await (await bearer({ sub: 'keys', jti: `${count}` })).me()
    expect(provider.asked).toBe(asked)
    await provider.rotates()
    await vi.waitFor(async () => expect(await answer(await bearer({ sub: 'keys' }))).toBe('live'), {
      timeout: 10_000,
      interval: 500,
    })
    expect(provider.asked).toBeLessThanOrEqual(asked + 2)
  })

  test('stay valid while the provider is unreachable', async () => {
    await (await bearer({ sub: 'away' })).me()
    await provider.goesAway()
    expect(await answer(await bearer({ sub: 'away', jti: 'another' }))).toBe('live')
    await provider.comesBack()
  })
})

describe('a server with closed registration whose provider is unreachable', () => {
  const closed = useWorld({
    ...settings,
    AUTH_JWKS_URL: 'http://127.0.0.1:1/jwks.json',
    REGISTRATION: 'closed',
  })

  test('answers UNAVAILABLE and FORBIDDEN', async () => {
    const token = await provider.token({ sub: 'early' })
    const early = new Person(closed.url, 'early', { id: '', handle: '' }, withToken(token).credentials)
    const refused = await refusalOf(early.me())
    expect([refused.code, refused.extensions.retryable]).toEqual(['UNAVAILABLE', true])
    const input = { handle: 'newcomer', password: 'a password of some length', displayName: 'New' }
    expect(await refusal(registers(closed.url, input))).toBe('FORBIDDEN')
  })
})
