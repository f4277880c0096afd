import { expect, onTestFinished, test } from 'vitest'
import { createCarrier } from '../../../../packages/client/src/adapter/carrier.ts'

type Given = { status?: number; type?: string | null; body: string } | 'no network'

const whole = JSON.stringify({ data: { me: { id: '1' } } })
const query = 'query { me { id } }'
const keyed = { input: { clientMessageId: '1' } }

/** A carrier whose requests get these answers, one after the other. */
function carrierWith(...answers: Given[]) {
  let sent = 0
  const carrier = createCarrier({
    url: 'http://localhost',
    accessToken: async () => 'token',
    webSocket() {
      throw new Error('No subscription is open.')
    },
    // Ends the pause after a failure.
    wake(listener) {
      const timer = setTimeout(listener)
      return () => clearTimeout(timer)
    },
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
  return { query: carrier.query, sent: () => sent }
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
