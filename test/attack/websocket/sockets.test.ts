import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import type { WebSocket } from 'ws'
import { ask, Wire } from '../../server/wire.ts'
import { useAttackedWorld } from '../aftermath.ts'

const [mallory, ada] = ['198.51.100.1', '198.51.100.2']
const from = (address: string) => ({ headers: { 'x-forwarded-for': address } })

describe('sockets that have not signed in', () => {
  const world = useAttackedWorld({ LIMIT_ANONYMOUS_SOCKETS_PER_ADDRESS: '5' })

  test('are limited by address: one more closes the oldest with 1013', async () => {
    const others = await Wire.ready(world.url, null, from(ada))
    const wires: Wire[] = []
    for (let count = 0; count < 6; count += 1) wires.push(await Wire.ready(world.url, null, from(mallory)))
    expect((await wires[0]?.closed)?.code).toBe(1013)
    for (const wire of [others, ...wires.slice(1)]) {
      wire.subscribe('info', '{ serverInfo { version } }')
      expect((await wire.answers('info')).data).toHaveProperty('serverInfo')
    }
  })

  test('leave the count when they sign in or close', async () => {
    const { credentials } = await world.person('ada')
    const first = await Wire.ready(world.url, null, from(ada))
    for (let count = 0; count < 3; count += 1) await Wire.ready(world.url, credentials.accessToken, from(ada))
    for (let count = 0; count < 6; count += 1) {
      const { ws } = await Wire.ready(world.url, null, from(ada))
      ws.close()
      await once(ws, 'close')
    }
    first.say({ type: 'ping' })
    await first.hears('pong')
  })

  test('of this machine are not limited by address', async () => {
    const wires = await Promise.all(Array.from({ length: 12 }, () => Wire.ready(world.url)))
    for (const wire of wires) {
      wire.say({ type: 'ping' })
      await wire.hears('pong')
    }
  })
})

// Of their own, since the sockets above have to stay however long a busy machine takes.
describe('sockets that have a short time to sign in', () => {
  const world = useAttackedWorld({ LIMIT_ANONYMOUS_SOCKET_MS: '3000' })

  test('are closed with 4408 in the end; one that signed in stays', async () => {
    const { credentials } = await world.person('ada')
    const signedIn = await Wire.ready(world.url, credentials.accessToken)
    const anonymous = await Wire.ready(world.url)
    expect(await anonymous.closed).toEqual({ code: 4408, reason: 'Sign-in timeout' })
    signedIn.say({ type: 'ping' })
    await signedIn.hears('pong')
  })
})

describe('a socket that sends too much', () => {
  const [perSecond, burst] = [20, 30]
  const world = useAttackedWorld({
    LIMIT_SOCKET_MESSAGES_PER_SECOND: String(perSecond),
    LIMIT_SOCKET_MESSAGE_BURST: String(burst),
  })

  const ping = { type: 'ping', payload: { text: 'x'.repeat(40_000) } }
  const repeat = async (count: number, send: () => unknown) => {
    for (let sent = 0; sent < count; sent += 1) await send()
  }
  const pings = async (ws: WebSocket) => {
    ws.ping('x')
    await once(ws, 'pong')
  }
  const floods: [string, (wire: Wire) => Promise<void>][] = [
    // The client library closes a socket whose pongs are late.
    ['pings', ({ ws }) => repeat(80, () => pings(ws))],
    ['pongs', ({ ws }) => repeat(80, () => ws.pong('x'))],
    ['messages', (wire) => repeat(80, () => wire.say({ type: 'ping' }))],
    ['large messages', (wire) => repeat(8, () => wire.say(ping))],
  ]
  test.each(floods)('of %s is read more slowly, and others are not', async (_what, flood) => {
    const { credentials } = await world.person('mallory')
    const wire = await Wire.ready(world.url, credentials.accessToken)
    const other = await Wire.ready(world.url)
    const since = performance.now()
    await flood(wire)
    // Messages that arrive together are read together, so the last one is sent after a response.
    wire.subscribe('first', '{ __typename }')
    await wire.answers('first')
    wire.subscribe('last', '{ __typename }')
    other.subscribe('other', '{ __typename }')
    await other.answers('other')
    await wire.answers('last')
    // 50 more than the burst, at 20 a second.
    expect(performance.now() - since).toBeGreaterThan(1_000)
    expect((await ask(world.url, '{ __typename }')).status).toBe(200)
  })
})
