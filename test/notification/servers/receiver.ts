import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { expect, vi } from 'vitest'
import { bodyOf } from '../../setup/http/body.ts'

export interface Received {
  method: string
  path: string
  headers: IncomingMessage['headers']
  body: Buffer
  /** When it was received, in ms. */
  at: number
}

/** A response. HANG never responds, HANG_UP closes the connection. */
export type Reply = { status: number; headers?: Record<string, string>; body?: unknown } | 'HANG' | 'HANG_UP'

/** An HTTP server that records its requests. */
export interface Receiver {
  url: string
  received: Received[]
  /** The next responses, in this order; after them the default. */
  replies: (Reply | Promise<Reply>)[]
  /** The default response. */
  defaultReply: (request: Received) => Reply
  /** Waits until so many matching requests were received. */
  gets(count: number, matches?: (request: Received) => boolean): Promise<Received[]>
  close(): Promise<void>
}

export async function createReceiver(defaultReply: (request: Received) => Reply): Promise<Receiver> {
  const received: Received[] = []
  const replies: Receiver['replies'] = []
  const server = createServer((request, response) => {
    void bodyOf(request).then(async (body) => {
      if (!body) return
      const { method = '', url: path = '', headers } = request
      const entry = { method, path, headers, body, at: Date.now() }
      received.push(entry)
      answer(response, (await replies.shift()) ?? receiver.defaultReply(entry))
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
    defaultReply,
    async gets(count, matches = () => true) {
      const found = () => received.filter(matches)
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
