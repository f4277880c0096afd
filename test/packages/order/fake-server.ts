import { expect } from 'vitest'
import { eventually } from '../../world/eventually.ts'
import { FakeWebSocket } from '../client/fake-socket.ts'

/** An acknowledgement is sent in the same way. */
const isInbox = ({ type, payload }: FakeWebSocket['sent'][number]) =>
  type === 'subscribe' && payload?.query?.includes('subscription')

interface Asked {
  name: string
  variables: Record<string, unknown>
  answer(data: object): void
  fail(): void
}

/** A server that answers when the test says so, over HTTP and over one socket after the other. */
export function fakeServer() {
  const waiting: Asked[] = []
  const sockets: FakeWebSocket[] = []
  const wakes = new Set<() => void>()
  let count = 0

  const fetch = ((_: unknown, init?: RequestInit) =>
    new Promise<Response>((resolve, reject) => {
      const { operationName, query, variables } = JSON.parse(String(init?.body))
      const headers = { 'content-type': 'application/json' }
      waiting.push({
        ...{ name: operationName ?? /(?:query|mutation) (\w+)/.exec(query)?.[1], variables },
        answer: (data) => resolve(new Response(JSON.stringify({ data }), { headers })),
        fail: () => reject(new Error('The network is gone.')),
      })
    })) as typeof globalThis.fetch

  /** The oldest request with this name that was not answered. */
  async function asks(name: string): Promise<Asked> {
    const asked = await eventually(() => {
      const found = waiting.find((each) => each.name === name)
      expect(found, `a request ${name}`).toBeDefined()
      return found as Asked
    })
    waiting.splice(waiting.indexOf(asked), 1)
    return asked
  }

  /** The subscription that was opened last. */
  const openInbox = () =>
    eventually(() => {
      const opened = sockets.at(-1)?.sent.findLast(isInbox)
      expect(opened, 'an open inbox').toBeDefined()
      return opened?.id
    })

  return {
    options: {
      url: 'http://server',
      fetch,
      accessToken: async () => 'token',
      webSocket: () => {
        const socket = new FakeWebSocket()
        sockets.push(socket)
        queueMicrotask(() => socket.accepts())
        return socket
      },
      wake: (listener: () => void) => {
        wakes.add(listener)
        return () => void wakes.delete(listener)
      },
    },
    asks,
    /** The names of the requests that wait. */
    waiting: () => waiting.map(({ name }) => name),
    /** Ends the pauses of the client. */
    wakes: () => [...wakes].forEach((wake) => void wake()),
    isOpen: openInbox,
    /** Delivers an event to the inbox that is open. */
    async sends(inbox: object): Promise<void> {
      const id = await openInbox()
      count += 1
      const payload = { data: { inbox: { cursor: `cursor ${count}`, ...inbox } } }
      sockets.at(-1)?.says({ type: 'next', id, payload })
    },
  }
}

export type FakeServer = ReturnType<typeof fakeServer>

/** What both adapters do for an application. */
export interface Reader {
  /** Asks the server, whatever is cached. */
  asks(document: string, variables?: object): Promise<unknown>
  mutates(document: string, variables?: { id?: string; text?: string }): Promise<unknown>
  /** What the cache has; null if it lacks a part. */
  holds(document: string, variables?: object): unknown
  follow(): () => void
  close(): void
}
