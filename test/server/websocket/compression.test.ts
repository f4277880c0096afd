import { expect, test } from 'vitest'
import { useWorld } from '../../world/world.ts'
import { Wire } from '../wire.ts'

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
