import { expect, onTestFinished, test, vi } from 'vitest'
import { type AdapterOptions, createCarrier } from '../../../../packages/client/src/adapter/carrier.ts'
import { FakeWebSocket } from '../fake-socket.ts'

type Given = { status?: number; type?: string | null; body: string } | 'no network'

const whole = JSON.stringify({ data: { me: { id: '1' } } })
const query = 'query { me { id } }'
const keyed = { input: { clientMessageId: '1' } }

/** Ends a pause after a failure. */
const shortPauses: AdapterOptions['wake'] = (listener) => {
  const timer = setTimeout(listener)
  return () => clearTimeout(timer)
}

/** A carrier whose requests get these answers, one after the other. */
const carrierWith = (...answers: Given[]) => carrierOn(shortPauses, answers)

function carrierOn(wake: AdapterOptions['wake'], answers: Given[]) {
  let sent = 0
  const sockets: FakeWebSocket[] = []
  const carrier = createCarrier({
    url: 'http://localhost',
    accessToken: async () => 'token',
    webSocket() {
      const socket = new FakeWebSocket()
      sockets.push(socket)
      return socket
    },
    wake,
    async fetch() {
      const given = answers[sent]
      sent += 1
      if (!given || given === 'no network') throw new TypeError('fetch failed')
      const { status = 200, type = 'application/json', body } = given
      const headers = type ? { 'content-type': type } : undefined
      return new Response(body, { status, headers })
    },
  })
  onTestFinished(carrier.close)
  return { carrier, query: carrier.query, sent: () => sent, sockets }
}

/** A page of a proxy. */
const html = { type: 'text/html', body: '<h1>The server is away</h1>' }
const lost: [string, Given][] = [
  ['a network that is away', 'no network'],
  ['an answer without a body', { body: '' }],
  ['an answer whose headers break off', { type: null, body: '' }],
  ['a refusal whose headers break off', { status: 400, type: null, body: '' }],
  ['an answer that breaks off', { body: whole.slice(0, -1) }],
  ['a page of another network', { ...html, status: 200 }],
  ['a proxy whose server is away', { ...html, status: 502 }],
]

test.each(lost)('a query and a keyed send are sent again after %s', async (_, first) => {
  for (const [document, variables] of [
    [query, {}],
    ['mutation { sendMessage { message { id } } }', keyed],
  ] as const) {
    const carrier = carrierWith(first, first, { body: whole })
    expect(await carrier.query(document, variables)).toEqual(JSON.parse(whole))
    expect(carrier.sent()).toBe(3)
  }
})

test.each(lost)('another mutation fails after %s: it may have been performed', async (_, first) => {
  const carrier = carrierWith(first, { body: whole })
  await expect(carrier.query('mutation { leaveGroup { conversationId } }', {})).rejects.toThrow(
    /^(fetch failed|Unreadable answer, status (200|400|502)\.)$/,
  )
  expect(carrier.sent()).toBe(1)
})

test('an answer of the server is not asked for again, whatever its status', async () => {
  const refused = JSON.stringify({ errors: [{ message: 'Later.', extensions: { code: 'UNAVAILABLE' } }] })
  const carrier = carrierWith({ status: 503, body: refused })
  expect(await carrier.query(query, {})).toEqual(JSON.parse(refused))
  expect(carrier.sent()).toBe(1)
})

test('a page with which a proxy refuses a request is given to the GraphQL client', async () => {
  const carrier = carrierWith({ ...html, status: 413 })
  await expect(carrier.query(query, {})).rejects.toThrow(SyntaxError)
  expect(carrier.sent()).toBe(1)
})

test('a request that waits for the network fails when the client is closed, and is not sent again', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const { carrier, query: ask, sent } = carrierOn(() => () => {}, [])
  const waiting = ask(query, {})
  await vi.waitFor(() => expect(vi.getTimerCount(), 'the request pauses').toBe(1))
  carrier.close()
  await expect(waiting).rejects.toThrow('fetch failed')
  await expect(ask(query, {}), 'a request after the end').rejects.toThrow('fetch failed')
  expect(sent()).toBe(2)
  expect(vi.getTimerCount()).toBe(0)
})

test('a request that waits for the network is sent again when the socket opens, with short pauses from then on', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const failures = Array.from({ length: 10 }, () => 'no network' as const)
  const { carrier, query: ask, sent, sockets } = carrierOn(() => () => {}, [...failures, { body: whole }])
  const answer = ask(query, {})
  // The pauses are of 15 seconds by now, at most.
  while (sent() < 8) await vi.advanceTimersByTimeAsync(100)
  carrier.subscribe('subscription { inbox { cursor } }', {}, { next() {}, end() {} })
  await vi.waitFor(() => expect(sockets).toHaveLength(1))
  expect(sent()).toBe(8)
  sockets[0]?.accepts()
  await vi.advanceTimersByTimeAsync(0)
  expect(sent()).toBe(9)
  await vi.advanceTimersByTimeAsync(300 + 600)
  expect(await answer).toEqual(JSON.parse(whole))
  expect(sent()).toBe(11)
})
