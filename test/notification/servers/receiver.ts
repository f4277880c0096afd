import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { expect, vi } from 'vitest'

export interface Received {
  method: string
  path: string
  headers: IncomingMessage['headers']
  body: Buffer
  /** When it had come. */
  at: number
}

/** An answer; HANG says nothing for ever, and HANG_UP ends the connection. */
export type Reply = { status: number; headers?: Record<string, string>; body?: unknown } | 'HANG' | 'HANG_UP'

/** A server of somebody else's that is called over HTTP, and remembers what it was told. */
export interface Receiver {
  url: string
  received: Received[]
  /** What it answers next, in this order, when it is known; afterwards the usual again. */
  replies: (Reply | Promise<Reply>)[]
  /** What it answers by its own protocol, unless told otherwise. */
  usual: (request: Received) => Reply
  /** Waits until so many requests that fit have come. */
  gets(count: number, fits?: (request: Received) => boolean): Promise<Received[]>
  close(): Promise<void>
}

export async function createReceiver(usual: (request: Received) => Reply): Promise<Receiver> {
  const received: Received[] = []
  const replies: Receiver['replies'] = []
  const server = createServer((request, response) => {
    void readAll(request).then(async (body) => {
      const { method = '', url: path = '', headers } = request
      const one = { method, path, headers, body, at: Date.now() }
      received.push(one)
      answer(response, (await replies.shift()) ?? receiver.usual(one))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}`,
    received,
    replies,
    usual,
    async gets(count, fits = () => true) {
      const found = () => received.filter(fits)
      await vi.waitFor(() => expect(found().length).toBeGreaterThanOrEqual(count), {
        timeout: 10_000,
        interval: 10,
      })
      return found()
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return receiver
}

function answer(response: ServerResponse, reply: Reply): void {
  if (reply === 'HANG') return
  if (reply === 'HANG_UP') {
    response.destroy()
    return
  }
  const { status, headers = {}, body } = reply
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(body === undefined ? '' : JSON.stringify(body))
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}
