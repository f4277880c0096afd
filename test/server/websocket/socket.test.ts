import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { createClient } from 'graphql-ws'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { onDevice } from '../../auth/verbs.ts'
import { passwordOf } from '../../world/person.ts'
import { activeTime } from '../../world/stopwatch.ts'
import { useWorld } from '../../world/world.ts'
import { ask, codesOf, Wire } from '../wire.ts'

const world = useWorld()

async function untilDone(events: AsyncIterable<unknown>): Promise<void> {
  for await (const _event of events);
}

const inbox = 'subscription { inbox { __typename cursor ... on SessionEnded { endReason } } }'

describe('the handshake', () => {
  test('a handshake of another origin is refused', async () => {
    const ws = new WebSocket(`${world.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
      origin: 'https://evil.example',
    })
    const [error] = await once(ws, 'error')
    expect(String(error)).toContain('403')
  })

  test('a handshake of the own origin is accepted', async () => {
    const wire = await Wire.open(world.url, { origin: world.url })
    expect(wire.ws.protocol).toBe('graphql-transport-ws')
  })

  test('a handshake at another path is refused', async () => {
    const ws = new WebSocket(`${world.url.replace('http', 'ws')}/elsewhere`, 'graphql-transport-ws')
    const [error] = await once(ws, 'error')
    expect(String(error)).toContain('404')
  })

  test.each([
    [true, 'permessage-deflate'],
    [false, ''],
  ])('compression that the client asks for (%s) is agreed on as "%s"', async (perMessageDeflate, agreed) => {
    const wire = await Wire.open(world.url, { perMessageDeflate })
    expect(wire.ws.extensions.split(';')[0]).toBe(agreed)
  })

  test('a handshake with another subprotocol is refused', async () => {
    const ws = new WebSocket(`${world.url.replace('http', 'ws')}/graphql`, 'graphql-ws')
    const outcome = await Promise.race([
      once(ws, 'error').then(() => 'refused'),
      once(ws, 'close').then(([code]) => code),
    ])
    expect(['refused', 4406]).toContain(outcome)
  })

  test('a socket without connection_init is closed with 4408', async () => {
    const since = performance.now()
    const wire = await Wire.open(world.url)
    expect((await wire.closed).code).toBe(4408)
    expect(performance.now() - since).toBeGreaterThan(2_500)
  })
})

describe('signing in', () => {
  test.each(['authorization', 'Authorization', 'AUTHORIZATION'])(
    'a token under %s signs the socket in',
    async (name) => {
      const { credentials } = await world.person('ada')
      const wire = await Wire.open(world.url)
      wire.say({ type: 'connection_init', payload: { [name]: `Bearer ${credentials.accessToken}` } })
      await wire.hears('connection_ack')
      wire.subscribe('1', '{ me { id } }')
      expect((await wire.answers('1')).data).toHaveProperty('me.id')
    },
  )

  test('a bare access token signs the socket in', async () => {
    const { credentials, id } = await world.person('ada')
    const wire = await Wire.open(world.url)
    wire.say({ type: 'connection_init', payload: { accessToken: credentials.accessToken } })
    await wire.hears('connection_ack')
    wire.subscribe('1', '{ me { user { id } } }')
    expect((await wire.answers('1')).data).toHaveProperty('me.user.id', id)
  })

  const bad: [string, object][] = [
    ['a token of an unknown user', { authorization: 'Bearer no.such.token' }],
    ['an empty token', { accessToken: '' }],
    ['another scheme', { authorization: 'Basic YTpi' }],
  ]
  test.each(bad)(
    '%s is closed with 4403, so that the client reconnects with another token',
    async (_what, payload) => {
      const wire = await Wire.open(world.url)
      wire.say({ type: 'connection_init', payload })
      expect((await wire.closed).code).toBe(4403)
      expect(wire.messages).toEqual([])
    },
  )

  test('an anonymous socket can sign in and do nothing else', async () => {
    const { handle, id } = await world.person('ada')
    const wire = await Wire.ready(world.url)
    const forbidden = [
      '{ me { id } }',
      inbox,
      '{ serverInfo { version } me { id } }',
      'mutation { logout { endedSessionId } }',
    ]
    for (const [index, query] of forbidden.entries()) {
      wire.subscribe(`f${index}`, query)
      expect(codesOf({ body: await wire.answers(`f${index}`) })).toEqual(['UNAUTHENTICATED'])
    }
    wire.subscribe('info', '{ __typename serverInfo { version } }')
    expect((await wire.answers('info')).data).toHaveProperty('serverInfo')

    const login = 'mutation ($input: LoginInput!) { login(input: $input) { user { id } } }'
    wire.subscribe('in', login, { input: { handle, password: passwordOf(handle) } })
    expect((await wire.answers('in')).data).toHaveProperty('login.user.id', id)
    wire.subscribe('me', '{ me { user { id } } }')
    expect((await wire.answers('me')).data).toHaveProperty('me.user.id', id)
  })

  test('a socket cannot change its user', async () => {
    const ada = await world.person('ada')
    const eve = await world.person('eve')
    const wire = await Wire.ready(world.url, ada.credentials.accessToken)
    const login = 'mutation ($input: LoginInput!) { login(input: $input) { user { id } } }'
    wire.subscribe('in', login, { input: { handle: eve.handle, password: passwordOf(eve.handle) } })
    await wire.answers('in')
    wire.subscribe('me', '{ me { user { id } } }')
    expect((await wire.answers('me')).data).toHaveProperty('me.user.id', ada.id)
  })

  test('a device that signs in again on its own socket keeps it', async () => {
    const { handle } = await world.person('ada')
    const input = {
      handle,
      password: passwordOf(handle),
      device: { id: randomUUID(), name: 'phone', platform: 'IOS' },
    }
    const wire = await Wire.ready(world.url)
    const login = 'mutation ($input: LoginInput!) { login(input: $input) { user { id } session { id } } }'
    wire.subscribe('first', login, { input })
    await wire.answers('first')
    wire.subscribe('inbox', inbox)
    await wire.hears('next', 'inbox')
    wire.subscribe('again', login, { input })
    const { data } = await wire.answers('again')
    // A socket whose session has ended is closed after a second.
    expect(await Promise.race([wire.closed, pause(2_500)])).toBeUndefined()
    expect(JSON.stringify(wire.messages), 'its stream continues').not.toContain('SessionEnded')
    wire.subscribe('me', '{ me { session { id } } }')
    expect((await wire.answers('me')).data).toHaveProperty(
      'me.session',
      (data as { login: { session: object } }).login.session,
    )
  })
})

describe('protocol errors', () => {
  test.each([
    ...['no json', '{}', '[]', '"a text"', '{"type":"nothing"}', '{"type":"connection_ack"}'],
    ...['{"type":"subscribe","id":"1"}', '{"type":"next","id":"1","payload":{}}'],
  ])('%s is closed with 4400', async (text) => {
    const wire = await Wire.ready(world.url)
    wire.say(text)
    expect((await wire.closed).code).toBe(4400)
  })

  test('an operation before connection_init closes the socket with 4401', async () => {
    const wire = await Wire.open(world.url)
    wire.subscribe('1', '{ __typename }')
    expect((await wire.closed).code).toBe(4401)
  })

  test('an operation id that is in use closes the socket with 4409', async () => {
    const { credentials } = await world.person('ada')
    const wire = await Wire.ready(world.url, credentials.accessToken)
    wire.subscribe('1', inbox)
    wire.subscribe('1', inbox)
    expect((await wire.closed).code).toBe(4409)
  })

  test('an operation id that is in use closes the socket with 4409 whatever its length', async () => {
    const { credentials } = await world.person('ada')
    const wire = await Wire.ready(world.url, credentials.accessToken)
    const id = 'long'.repeat(100)
    wire.subscribe(id, inbox)
    await wire.hears('next', id)
    wire.subscribe(id, inbox)
    expect((await wire.closed).code).toBe(4409)
  })

  test('a second connection_init closes the socket with 4429', async () => {
    const wire = await Wire.ready(world.url)
    wire.say({ type: 'connection_init' })
    expect((await wire.closed).code).toBe(4429)
  })

  test('a ping is answered', async () => {
    const wire = await Wire.ready(world.url)
    wire.say({ type: 'ping', payload: { any: 'thing' } })
    expect(await wire.hears('pong')).toEqual({ type: 'pong', payload: { any: 'thing' } })
  })
})

describe('limits of a socket', () => {
  const padded = (size: number) => {
    const message = JSON.stringify({ type: 'subscribe', id: '1', payload: { query: '{ __typename }' } })
    return message + ' '.repeat(size - message.length)
  }

  test('a message of the maximum size is read', async () => {
    const wire = await Wire.ready(world.url)
    wire.say(padded(65_536))
    expect((await wire.answers('1')).data).toEqual({ __typename: 'Query' })
  })

  test('a message one byte larger closes the socket', async () => {
    const wire = await Wire.ready(world.url)
    wire.say(padded(65_537))
    expect((await wire.closed).code).toBe(1009)
  })

  test('fifty operations run at once, and only the next one is refused', async () => {
    const { credentials } = await world.person('ada')
    const wire = await Wire.ready(world.url, credentials.accessToken)
    for (let index = 0; index < 51; index += 1) wire.subscribe(`${index}`, inbox)
    expect(codesOf({ body: await wire.answers('50') })).toEqual(['LIMIT_EXCEEDED'])
    for (let index = 0; index < 50; index += 1) await wire.hears('next', `${index}`)
    wire.say({ type: 'complete', id: '0' })
    wire.subscribe('more', '{ __typename }')
    expect((await wire.answers('more')).data).toEqual({ __typename: 'Query' })
  })

  test('of twenty thousand operations all after the fiftieth are refused, and the server still responds', async () => {
    const { credentials } = await world.person('ada')
    const wire = await Wire.ready(world.url, credentials.accessToken)
    for (let index = 0; index < 20_000; index += 1) wire.subscribe(`${index}`, inbox)
    await wire.until(
      // Plus the acknowledgement of the connection. Counting at every message would take longer than refusing.
      () =>
        wire.messages.length > 19_950 &&
        wire.messages.filter(({ type }) => type === 'error').length === 19_950,
      'the refusals',
    )
    expect((await ask(world.url, '{ __typename }')).status).toBe(200)
  })

  test.each([
    { platform: 'ANDROID' as const, limit: 3 },
    { platform: 'WEB' as const, limit: 10 },
  ])(
    'one more than $limit sockets of a session on $platform closes the least recently used one with 1008',
    async ({ platform, limit }) => {
      const ada = await world.person('ada')
      const { credentials } = await onDevice(ada, 'device', platform)
      const wires = [] as Wire[]
      for (let index = 0; index < limit; index += 1)
        wires.push(await Wire.ready(world.url, credentials.accessToken))
      const [first, second, ...others] = wires as [Wire, Wire, ...Wire[]]
      first.say({ type: 'ping' })
      await first.hears('pong')
      const last = await Wire.ready(world.url, credentials.accessToken)
      expect(await second.closed).toEqual({
        code: 1008,
        reason: 'Another tab of this session took the place',
      })
      for (const wire of [first, ...others, last]) {
        wire.subscribe('1', '{ __typename }')
        await wire.answers('1')
      }
    },
  )

  test('the stock client does not reconnect by itself after 1008, and resumes when it subscribes again', async () => {
    const ada = await onDevice(await world.person('ada'))
    const reasons: unknown[] = []
    const client = createClient({
      url: `${world.url.replace(/^http/, 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${ada.credentials.accessToken}` },
      retryAttempts: Number.POSITIVE_INFINITY,
      retryWait: async () => {},
      shouldRetry: () => true,
      on: { closed: (event) => reasons.push((event as { code: number }).code) },
    })
    const events = client.iterate({ query: inbox })
    await events.next()
    for (let index = 0; index < 3; index += 1) await Wire.ready(world.url, ada.credentials.accessToken)
    await expect(untilDone(events)).rejects.toMatchObject({ code: 1008 })
    expect(reasons).toEqual([1008])

    const again = client.iterate({ query: inbox })
    expect((await again.next()).value?.data).toMatchObject({ inbox: { __typename: 'Checkpoint' } })
    await client.dispose()
  })
})

describe('the end of a session', () => {
  test('the end of a session sends SessionEnded and closes the socket with 4401', async () => {
    const ada = await world.person('ada')
    const phone = await ada.onAnotherDevice()
    const wire = await Wire.ready(world.url, phone.credentials.accessToken)
    wire.subscribe('1', inbox)
    await wire.hears('next', '1')
    await ask(
      world.url,
      `mutation { revokeSession(input: { sessionId: "${phone.credentials.sessionId}" }) { me { id } } }`,
      ada.credentials.accessToken,
    )
    expect((await wire.closed).code).toBe(4401)
    expect(wire.messages.at(-2)?.payload).toMatchObject({
      data: { inbox: { __typename: 'SessionEnded', endReason: 'REVOKED' } },
    })
    expect(wire.messages.at(-1)).toEqual({ type: 'complete', id: '1' })
  })

  test('a reconnect after the end of the session is closed as fatal', async () => {
    const { accessToken } = (await world.person('ada')).credentials
    await ask(world.url, 'mutation { logout { endedSessionId } }', accessToken)
    const wire = await Wire.open(world.url)
    wire.say({ type: 'connection_init', payload: { accessToken } })
    expect((await wire.closed).code).toBe(4401)
  })

  test('a logout over a socket is answered before the socket closes', async () => {
    const { credentials } = await world.person('ada')
    const wire = await Wire.ready(world.url, credentials.accessToken)
    wire.subscribe('out', 'mutation { logout { endedSessionId } }')
    expect((await wire.closed).code).toBe(4401)
    expect(wire.messages.find(({ id, type }) => id === 'out' && type === 'next')).toBeDefined()
  })

  test('a session that ended without a message is found within five seconds', async () => {
    const { credentials } = await world.person('ada')
    const wire = await Wire.ready(world.url, credentials.accessToken)
    wire.subscribe('1', inbox)
    await wire.hears('next', '1')
    const db = new pg.Client({ connectionString: world.databaseUrl })
    await db.connect()
    await db.query(`update session set ended_at = now(), end_reason = 'PASSWORD_CHANGED' where id = $1`, [
      credentials.sessionId,
    ])
    const lived = activeTime()
    await db.end()
    expect((await wire.closed).code).toBe(4401)
    expect(lived()).toBeLessThan(5_000)
  })
})

test('mutations of one socket are executed in order', async () => {
  const [ada, bob] = await world.friends('ada', 'bob')
  const { id: conversationId } = await ada.opens(bob)
  const wire = await Wire.ready(world.url, ada.credentials.accessToken)
  const send = `mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { seq } } }`
  const texts = Array.from({ length: 30 }, (_, index) => `number ${index}`)
  for (const text of texts)
    wire.subscribe(text, send, {
      input: { conversationId, clientMessageId: randomUUID(), content: { text } },
    })
  for (const text of texts) expect((await wire.answers(text)).errors).toBeUndefined()
  const history = (await bob.history(conversationId)) ?? []
  expect(history.map(({ plainText }) => plainText).filter((text) => text?.startsWith('number'))).toEqual(
    texts,
  )
})
