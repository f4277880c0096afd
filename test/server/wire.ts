import { once } from 'node:events'
import { onTestFinished } from 'vitest'
import { type ClientOptions, WebSocket } from 'ws'
import { expectKnownShape } from '../world/client.ts'
import { Waiters } from '../world/waiters.ts'

/** A raw HTTP response. */
export interface Answer {
  status: number
  headers: Headers
  text: string
  body: GraphqlBody
}

export interface GraphqlBody {
  data?: Record<string, unknown> | null
  errors?: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[]
}

/** Sends raw bytes, by default with the headers of an ordinary client. */
export async function send(
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
  path = '/graphql',
): Promise<Answer> {
  const init = { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } }
  return answerOf(await fetch(`${url}${path}`, init))
}

/** Performs an operation given as text, valid or not. */
export function ask(url: string, query: string, accessToken?: string, variables = {}): Promise<Answer> {
  return send(
    url,
    JSON.stringify({ query, variables }),
    accessToken ? { authorization: `Bearer ${accessToken}` } : {},
  )
}

export async function fetchPath(url: string, path: string, init: RequestInit = {}): Promise<Answer> {
  return answerOf(await fetch(`${url}${path}`, { redirect: 'manual', ...init }))
}

async function answerOf(response: Response): Promise<Answer> {
  const { status, headers } = response
  const text = await response.text()
  const isJson = headers.get('content-type')?.includes('json') ?? false
  const body: GraphqlBody = isJson ? JSON.parse(text) : {}
  if (Array.isArray(body.errors)) expectKnownShape(body.errors)
  return { status, headers, text, body }
}

export const codesOf = ({ body }: { body: GraphqlBody }) =>
  body.errors?.map(({ extensions }) => extensions.code)

export interface WireMessage {
  type: string
  id?: string
  payload?: unknown
}

const patienceMs = 10_000

/** A hand-written protocol client, which can violate the protocol. */
export class Wire {
  readonly ws: WebSocket
  readonly messages: WireMessage[] = []
  readonly closed: Promise<{ code: number; reason: string }>
  readonly #waiters = new Waiters()
  #receivedAt = Date.now()

  private constructor(ws: WebSocket) {
    this.ws = ws
    ws.on('message', (data) => {
      this.messages.push(JSON.parse(String(data)) as WireMessage)
      this.#receivedAt = Date.now()
      this.#waiters.wake()
    })
    ws.on('error', () => {})
    this.closed = new Promise((resolve) => {
      ws.on('close', (code, reason) => {
        resolve({ code, reason: String(reason) })
        this.#waiters.wake()
      })
    })
  }

  static async open(
    url: string,
    options: ClientOptions = {},
    protocol = 'graphql-transport-ws',
  ): Promise<Wire> {
    const ws = new WebSocket(`${url.replace(/^http/, 'ws')}/graphql`, protocol, options)
    onTestFinished(() => ws.terminate())
    const wire = new Wire(ws)
    await once(ws, 'open')
    return wire
  }

  /** An acknowledged connection, signed in if there is a token. */
  static async ready(url: string, accessToken?: string | null, options: ClientOptions = {}): Promise<Wire> {
    const wire = await Wire.open(url, options)
    wire.say({
      type: 'connection_init',
      payload: accessToken ? { authorization: `Bearer ${accessToken}` } : {},
    })
    await wire.hears('connection_ack')
    return wire
  }

  say(message: unknown): void {
    this.ws.send(typeof message === 'string' ? message : JSON.stringify(message))
  }

  subscribe(id: string, query: string, variables = {}): void {
    this.say({ type: 'subscribe', id, payload: { query, variables } })
  }

  /** Waits for a message of this kind, among the received ones and the next. */
  async hears(type: string, id?: string): Promise<WireMessage> {
    const find = () =>
      this.messages.find((message) => message.type === type && (id === undefined || message.id === id))
    await this.until(() => find() !== undefined, `${type} ${id ?? ''}`)
    return find() as WireMessage
  }

  /** The first result of an operation, or the errors that it was refused with. */
  async answers(id: string): Promise<GraphqlBody> {
    const find = () => this.messages.find((m) => m.id === id && (m.type === 'next' || m.type === 'error'))
    await this.until(() => find() !== undefined, `an answer to ${id}`)
    const { type, payload } = find() as WireMessage
    return (type === 'error' ? { errors: payload } : payload) as GraphqlBody
  }

  /** Throws if no message at all arrives for a while, however long the whole takes. */
  async until(condition: () => boolean, what: string): Promise<void> {
    const since = Date.now()
    while (!condition()) {
      if (this.ws.readyState === WebSocket.CLOSED) {
        const { code, reason } = await this.closed
        throw new Error(`Closed with ${code} ${reason} while waiting for ${what}`)
      }
      const left = Math.max(since, this.#receivedAt) + patienceMs - Date.now()
      if (left <= 0) throw new Error(`Timed out waiting for ${what}`)
      await this.#waiters.wait(left)
    }
  }
}
