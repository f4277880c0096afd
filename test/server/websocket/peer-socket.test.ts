import { Writable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import * as library from 'ws'
import { byteString } from '../../../src/platform/graphql/shared/byte-string.ts'
import { PeerSocket } from '../../../src/server/websocket/peer-socket.ts'

// Not in the types of the library.
const { Receiver } = library as unknown as { Receiver: new (options: { isServer: boolean }) => Writable }

/** A socket without compression, and the writes that reached its stream. */
function connected() {
  const writes: Buffer[] = []
  const stream = new Writable({
    decodeStrings: false,
    writev(chunks, done) {
      const all = chunks as { chunk: string | Buffer; encoding: BufferEncoding }[]
      writes.push(
        Buffer.concat(
          all.map(({ chunk, encoding }) =>
            typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk,
          ),
        ),
      )
      done()
    },
  })
  const socket = new PeerSocket(null as never, undefined, {})
  socket.connected(stream)
  return { socket, stream, writes }
}

/** The texts of the messages in some bytes, as the library reads them. */
async function textsIn(bytes: Buffer | undefined): Promise<string[]> {
  const texts: string[] = []
  const receiver = new Receiver({ isServer: false })
  receiver.on('message', (data: Buffer, isBinary: boolean) => texts.push(isBinary ? 'binary' : `${data}`))
  receiver.end(bytes)
  await turn()
  return texts
}

test('messages of every length that are sent in one turn are one write', async () => {
  const { socket, writes } = connected()
  const texts = ['', 'ü', 'a'.repeat(125), 'b'.repeat(126), '界'.repeat(21_845), '🍁'.repeat(16_384)]
  let sent = 0
  for (const text of texts) socket.sendBytes(byteString(text), () => (sent += 1))
  await turn()
  expect(writes).toHaveLength(1)
  expect(await textsIn(writes[0])).toEqual(texts)
  expect(sent).toBe(texts.length)
})

test('a stream that was destroyed in the turn takes no more messages, and the others get theirs', async () => {
  const [gone, other] = [connected(), connected()]
  for (const { socket } of [gone, other]) socket.sendBytes('text')
  gone.stream.destroy()
  await turn()
  expect([gone.writes.length, other.writes.length]).toEqual([0, 1])
})
