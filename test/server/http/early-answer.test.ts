import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { useWorld } from '../../world/world.ts'

const world = useWorld({ LIMIT_BODY_BYTES: '4096' })

const parts = 10
const bytes = Buffer.alloc(500_000, ' ')
const length = `content-length: ${parts * bytes.length}`
const chunked = 'transfer-encoding: chunked'
const chunk = Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')])

/** A client that has begun to send a request of ten parts, and has its answer. It goes on sending whatever comes. */
async function answered(target: string, framing: string) {
  const { port, host } = new URL(world.url)
  const socket = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true })
  onTestFinished(() => void socket.destroy())
  socket.write([target, `host: ${host}`, 'content-type: application/json', framing, '', ''].join('\r\n'))
  const send = () => new Promise((sent) => socket.write(framing === chunked ? chunk : bytes, sent))
  void send()
  const [answer] = await once(socket, 'data')
  return { socket, send, answer: String(answer) }
}

test.each([
  ['an upload without a ticket', 'PUT /uploads/none HTTP/1.1', length, 403],
  ['a body above the limit', 'POST /graphql HTTP/1.1', length, 413],
  ['chunks above the limit', 'POST /graphql HTTP/1.1', chunked, 413],
  ['a path at which nothing is', 'POST /other HTTP/1.1', length, 404],
])(
  'a client that sends %s to the end has the answer, and its connection ends in order',
  async (_, target, framing, status) => {
    const { socket, send, answer } = await answered(target, framing)
    expect(answer).toMatch(
      new RegExp(`^HTTP/1\\.1 ${status} [^]*\\r\\nconnection: close\\r\\n[^]*"errors"`, 'i'),
    )
    // Longer than a connection that is closed at once takes to be reset.
    for (let part = 1; part < parts; part += 1) await send()
    if (framing === chunked) socket.write('0\r\n\r\n')
    await once(socket, 'end')
  },
)

test('the connection of a client that stops sending after a refusal is closed', async () => {
  const { socket } = await answered('PUT /uploads/none HTTP/1.1', length)
  await once(socket, 'end')
})
