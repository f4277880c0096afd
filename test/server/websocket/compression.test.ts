import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { useWorld } from '../../world/world.ts'
import { Wire } from '../wire.ts'

/** The extensions that the server accepts of a hand-written handshake. */
async function agreedOn(url: string, offer: string): Promise<string> {
  const handshake = request(url, {
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'sec-websocket-protocol': 'graphql-transport-ws',
      'sec-websocket-extensions': offer,
    },
  })
  handshake.end()
  const [{ headers, statusCode }, socket] = await Promise.race([
    once(handshake, 'upgrade') as Promise<[IncomingMessage, Socket]>,
    once(handshake, 'response') as Promise<[IncomingMessage]>,
  ])
  socket?.destroy()
  expect(statusCode).toBe(101)
  return String(headers['sec-websocket-extensions'])
}

const world = useWorld({ LIMIT_COMPRESSED_SOCKETS: '2', LIMIT_SOCKET_MESSAGE_BYTES: '4096' })

test('sockets that ask are compressed, up to LIMIT_COMPRESSED_SOCKETS open ones', async () => {
  const wires = []
  for (const perMessageDeflate of [false, true, true])
    wires.push(await Wire.ready(world.url, null, { perMessageDeflate }))
  expect(wires.map(({ ws }) => ws.extensions.split(';')[0])).toEqual(['', 'permessage-deflate', ''])
  for (const wire of wires) {
    wire.subscribe('1', '{ serverInfo { errorCodes } }')
    expect((await wire.answers('1')).data).toHaveProperty('serverInfo')
    wire.ws.close()
    await wire.closed
  }
})

test('a compressed message that is too large when inflated closes the socket', async () => {
  const wire = await Wire.ready(world.url, null, { perMessageDeflate: { threshold: 0 } })
  expect(wire.ws.extensions).toContain('permessage-deflate')
  wire.say({ type: 'ping', payload: { text: 'a'.repeat(1_000_000) } })
  expect((await wire.closed).code).toBe(1009)
})

test.each([
  ['permessage-deflate', true],
  ['permessage-deflate; client_max_window_bits', true],
  ['permessage-deflate; client_max_window_bits=10; server_max_window_bits=15', true],
  ['permessage-deflate; server_no_context_takeover', true],
  ['permessage-deflate; server_max_window_bits=12', true],
  ['permessage-deflate; server_max_window_bits=11', false],
  ['permessage-deflate;server_max_window_bits="8"', false],
  ['x-webkit-deflate-frame', false],
])('a client that offers "%s" is connected, with compression: %s', async (offer, compressed) => {
  for (const path of ['/graphql', '/graphql?save-data=on']) {
    const agreed = await agreedOn(`${world.url}${path}`, offer)
    expect(agreed.includes('permessage-deflate')).toBe(compressed)
    const hasContext = path.includes('save-data') && !offer.includes('server_no_context')
    expect(agreed.includes('server_no_context_takeover')).toBe(compressed && !hasContext)
  }
})
