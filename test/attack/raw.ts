import { connect } from 'node:net'

/** The outcome of a connection on which raw bytes were sent. */
export interface RawAnswer {
  /** The status of each response in order, informational ones included. */
  statuses: number[]
  text: string
}

/** How a client ends: it waits for the server to end, closes at the response, half-closes, or resets the connection. */
export type Ending = 'waits' | 'closes' | 'ends' | 'resets'

/**
 * Sends bytes over a new connection, and resolves once the server has ended it. A server that neither responds
 * nor ends the connection leaves the promise pending, and the test times out.
 */
export function sendRaw(
  url: string,
  bytes: Uint8Array | string,
  ending: Ending = 'waits',
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    const socket = connect({ host: hostname, port: Number(port) }, () => {
      socket.write(bytes, () => {
        if (ending === 'ends') socket.end()
        if (ending === 'resets') socket.resetAndDestroy()
      })
    })
    socket.on('data', (chunk) => {
      chunks.push(chunk)
      if (ending === 'closes') socket.end()
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      const text = Buffer.concat(chunks).toString('latin1')
      const statuses = [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status))
      resolve({ statuses, text })
    })
  })
}

/** A request in the bytes of HTTP/1.1, after which the connection ends. */
export function requestBytes(
  method: string,
  path: string,
  headers: Record<string, string>,
  body: string | Uint8Array = '',
): Buffer {
  const lines = Object.entries({ host: 'localhost', connection: 'close', ...headers })
  const head = [`${method} ${path} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`), '', '']
  return Buffer.concat([Buffer.from(head.join('\r\n'), 'latin1'), Buffer.from(body as string)])
}

/** A body in one chunk of chunked encoding, complete by HTTP whatever its content. */
export function chunked(body: Uint8Array): Buffer {
  if (body.length === 0) return Buffer.from('0\r\n\r\n')
  const size = Buffer.from(`${body.length.toString(16)}\r\n`)
  return Buffer.concat([size, body, Buffer.from('\r\n0\r\n\r\n')])
}

/** Runs work on every item, a few at a time. */
export async function each<Item>(items: readonly Item[], work: (item: Item) => Promise<void>, atOnce = 16) {
  const queue = items.values()
  const run = async () => {
    for (const item of queue) await work(item)
  }
  await Promise.all(Array.from({ length: atOnce }, run))
}
