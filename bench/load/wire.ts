import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type Counts, FrameReader } from './frame-reader.ts'

export interface WireTarget {
  /** Such as http://127.0.0.1:4000 */
  url: string
  path: string
  /** Source address: one address has a limited number of ports. */
  localAddress?: string
}

/** A WebSocket client without a library. */
export interface Wire {
  send(text: string): void
  /** Resolves with the first frame that contains the text. */
  hears(part: string): Promise<string>
  listen(listener: ((text: string) => void) | null): void
  close(): void
}

const pong = Buffer.from([0x8a, 0x80, 0, 0, 0, 0])

// Roughly the headers of a browser.
const headers = [
  'User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
  'Accept-Encoding: gzip, deflate, br',
  'Accept-Language: en-US,en;q=0.9,zh-CN;q=0.8,zh;q=0.7',
  'Cache-Control: no-cache',
  'Pragma: no-cache',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Protocol: graphql-transport-ws',
]

export async function openWire(
  target: WireTarget,
  counts: Counts,
  onClosed: (code: number) => void,
): Promise<Wire> {
  const { hostname, port, host } = new URL(target.url)
  const socket = connect({
    host: hostname,
    port: Number(port),
    localAddress: target.localAddress,
    noDelay: true,
  })
  await once(socket, 'connect')
  const key = `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`
  socket.write(`GET ${target.path} HTTP/1.1\r\nHost: ${host}\r\n${[...headers, key].join('\r\n')}\r\n\r\n`)
  const [answer] = (await once(socket, 'data')) as [Buffer]
  const end = answer.indexOf('\r\n\r\n')
  if (end === -1 || !answer.toString('latin1', 0, 12).endsWith('101'))
    throw new Error(`The upgrade was refused: ${answer.toString('latin1', 0, 80)}`)

  const reader = new FrameReader(counts, { ping: () => socket.write(pong), close: onClosed })
  socket.on('data', (chunk: Buffer) => reader.read(chunk))
  socket.on('error', () => onClosed(1006))
  if (answer.length > end + 4) reader.read(answer.subarray(end + 4))
  return wireOver(socket, reader)
}

function wireOver(socket: Socket, reader: FrameReader): Wire {
  return {
    send: (text) => void socket.write(maskedFrame(text)),
    hears: (part) =>
      new Promise((resolve) => {
        reader.listener = (text) => {
          if (!text.includes(part)) return
          reader.listener = null
          resolve(text)
        }
      }),
    listen: (listener) => {
      reader.listener = listener
    },
    close: () => socket.destroy(),
  }
}

// A mask of zeros leaves the text unchanged.
const noMask = Buffer.alloc(4)

function maskedFrame(text: string): Buffer {
  const payload = Buffer.from(text)
  const { length } = payload
  const header =
    length < 126 ? Buffer.from([0x81, 0x80 | length]) : Buffer.from([0x81, 0xfe, length >> 8, length & 0xff])
  return Buffer.concat([header, noMask, payload])
}

/** Opens many at a time, but not all at once: the backlog of connections to accept is limited. */
export async function inBatches<Item, Result>(
  items: Item[],
  size: number,
  open: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  for (let from = 0; from < items.length; from += size)
    results.push(
      ...(await Promise.all(items.slice(from, from + size).map((item, index) => open(item, from + index)))),
    )
  return results
}
