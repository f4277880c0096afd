import { connect } from 'node:net'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { ask, Wire } from '../../server/wire.ts'
import { useAttackedWorld } from '../aftermath.ts'
import { requestBytes } from '../raw.ts'
import { runs } from '../runs.ts'

const world = useAttackedWorld()

const upgrade = requestBytes('GET', '/graphql', {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-protocol': 'graphql-transport-ws',
})

/** Sends bytes after the handshake, half-closes if the client leaves, and resolves with the code that the server closes with. */
function closeCodeOf(bytes: Uint8Array, leaves = false): Promise<number | null> {
  const { hostname, port } = new URL(world.url)
  const socket = connect({ host: hostname, port: Number(port) })
  onTestFinished(() => void socket.destroy())
  let received = Buffer.alloc(0)
  let isOpen = false
  socket.on('connect', () => socket.write(upgrade))
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk])
    const end = received.indexOf('\r\n\r\n')
    if (isOpen && received[0] === 0x88) socket.end()
    if (isOpen || end < 0) return
    isOpen = true
    received = received.subarray(end + 4)
    socket.write(bytes, () => leaves && socket.end())
  })
  socket.on('error', () => {})
  return new Promise((resolve) =>
    socket.on('close', () => resolve(received[0] === 0x88 ? received.readUInt16BE(2) : null)),
  )
}

/** A frame of a client, whose mask is zero. */
function frame(
  firstByte: number,
  payload: Uint8Array | string,
  length: number[] = [Buffer.byteLength(payload)],
) {
  const [first = 0, ...more] = length
  return Buffer.concat([
    Buffer.from([firstByte, 0x80 | first, ...more, 0, 0, 0, 0]),
    Buffer.from(payload as string),
  ])
}

const text = 0x81
const malformed: [string, Uint8Array, number][] = [
  ['that is not masked', Buffer.from([text, 2, 0x7b, 0x7d]), 1002],
  ['with a reserved bit', frame(0xb1, '{}'), 1002],
  ['with a reserved opcode', frame(0x83, '{}'), 1002],
  ['that continues nothing', frame(0x80, '{}'), 1002],
  ['that begins a message within another', Buffer.concat([frame(0x01, '{'), frame(0x01, '{')]), 1002],
  ['of control that is fragmented', frame(0x09, ''), 1002],
  ['of control that is too long', frame(0x89, 'x'.repeat(126), [126, 0, 126]), 1002],
  ['of close with half a code', frame(0x88, 'x'), 1002],
  ['of close with a code that is not allowed', frame(0x88, Buffer.from([0x03, 0xed])), 1002],
  ['of text that is not UTF-8', frame(text, Buffer.from([0xc3, 0x28])), 1007],
  ['that announces eight exabytes', frame(text, '', [127, 0x7f, 255, 255, 255, 255, 255, 255, 255]), 1009],
  ['that announces two gigabytes', frame(text, '', [127, 0, 0, 0, 0, 0x7f, 255, 255, 255]), 1009],
  ['of binary data', frame(0x82, Buffer.from([0, 255, 1])), 4400],
]

test.each(malformed)('a frame %s closes its socket alone', async (_what, bytes, code) => {
  const other = await Wire.ready(world.url)
  expect(await closeCodeOf(bytes)).toBe(code)
  other.say({ type: 'ping' })
  await other.hears('pong')
})

test('arbitrary bytes and cut frames end their socket and nothing else', { timeout: 600_000 }, async () => {
  const init = frame(text, '{"type":"connection_init"}')
  const subscribe = frame(text, '{"type":"subscribe","id":"1","payload":{"query":"{ __typename }"}}')
  const valid = Buffer.concat([init, subscribe, frame(0x89, 'ping')])
  const bytes = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 300 }),
    fc.nat(valid.length).map((cut) => valid.subarray(0, cut)),
    fc.tuple(fc.nat(valid.length - 1), fc.nat(255)).map(([at, to]) => {
      const changed = Buffer.from(valid)
      changed[at] = to
      return changed
    }),
  )
  await fc.assert(
    fc.asyncProperty(bytes, async (sent) => {
      const code = await closeCodeOf(sent, true)
      expect([1011, 4500]).not.toContain(code)
    }),
    { numRuns: runs(100) },
  )
  expect((await ask(world.url, '{ __typename }')).status).toBe(200)
})
