import { createHmac, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'vitest'
import { bodyOf } from '../setup/http/body.ts'

export const webhookSecret = 'a secret of webhooks for tests, long enough'

export interface Received {
  headers: IncomingHttpHeaders
  body: { type: string; timestamp: string; data: Record<string, unknown> }
}

interface Answer {
  status?: number
  headers?: Record<string, string>
  body?: unknown
  /** The serialised body, instead of `body`. */
  raw?: string
  afterMs?: number
  /** The answer waits for this. */
  after?: Promise<void>
}

/** A system of the operator, which answers as a test sets. */
export class Receiver {
  readonly received: Received[] = []
  answers: (received: Received) => Answer = () => ({})
  #server: Server | null = null
  #port = 0

  get url(): string {
    return `http://127.0.0.1:${this.#port}/hook`
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      void this.#receive(request, response)
    })
    server.listen(this.#port, '127.0.0.1')
    await once(server, 'listening')
    this.#server = server
    this.#port = (server.address() as AddressInfo).port
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request)
    if (!body) return
    const text = body.toString()
    assertSigned(request.headers, text)
    const received = { headers: request.headers, body: JSON.parse(text) as Received['body'] }
    this.received.push(received)
    const answer = this.answers(received)
    const { status = 200, headers = {}, raw, afterMs = 0, after } = answer
    await after
    if (afterMs > 0) await pause(afterMs, undefined, { ref: false })
    response.writeHead(status, headers).end(raw ?? JSON.stringify(answer.body ?? {}))
  }

  /** Closes the server; `start` opens it again at the same address. */
  async stop(): Promise<void> {
    const server = this.#server
    this.#server = null
    if (!server) return
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }

  /** Types of the webhooks received about one message or group. */
  of(id: string): string[] {
    return this.received
      .filter(({ body: { data } }) => data.id === id || data.conversationId === id)
      .map(({ body }) => body.type)
  }
}

/** Checks the signature as Standard Webhooks defines it. */
function assertSigned(headers: IncomingHttpHeaders, text: string): void {
  const id = String(headers['webhook-id'])
  const timestamp = String(headers['webhook-timestamp'])
  const expected = `v1,${createHmac('sha256', webhookSecret).update(`${id}.${timestamp}.${text}`).digest('base64')}`
  const given = String(headers['webhook-signature'])
  expect(given.length).toBe(expected.length)
  expect(timingSafeEqual(Buffer.from(given), Buffer.from(expected))).toBe(true)
  expect(Math.abs(Date.now() / 1_000 - Number(timestamp))).toBeLessThan(60)
}
