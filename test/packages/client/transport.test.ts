import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Document } from '../../../packages/client/src/generated/documents.ts'
import { onFakeSockets } from './fake-socket.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const document = 'subscription { tick }' as Document<{ tick: number }, { after: number }>
const passes = (ms: number) => vi.advanceTimersByTimeAsync(ms)

/** A subscription that continues after the last number it received. */
function follows({ socket }: ReturnType<typeof onFakeSockets>) {
  const seen: number[] = []
  const ends: unknown[] = []
  const stop = socket.subscribe(document, () => ({ after: seen.at(-1) ?? 0 }), {
    next: ({ tick }) => void seen.push(tick),
    end: (error) => void ends.push(error?.code ?? null),
  })
  return { seen, ends, stop }
}

test('a subscription continues on the next connection with the variables of that moment', async () => {
  const page = onFakeSockets()
  const { seen } = follows(page)
  await passes(0)
  page.last().accepts()
  page.last().says({ type: 'next', id: '1', payload: { data: { tick: 7 } } })
  expect(seen).toEqual([7])
  page.last().ends(1006)
  await passes(1_000)
  page.last().accepts()
  expect(page.opened).toHaveLength(2)
  expect(page.last().sent.at(-1)?.payload?.variables).toEqual({ after: 7 })
  page.socket.close()
})

test('a server that is away for a day is tried until it is back', async () => {
  const page = onFakeSockets()
  follows(page)
  for (let minute = 0; minute < 24 * 60; minute += 1) {
    await passes(60_000)
    page.last().ends(1006)
  }
  while (page.last().closed) await passes(100)
  page.last().accepts()
  expect(page.socket.state.get()).toBe('open')
  page.socket.close()
})

test('a socket that the server is closing gets no more frames, and the next one all operations', async () => {
  const page = onFakeSockets()
  const { stop } = follows(page)
  await passes(0)
  page.last().accepts()
  page.last().beginsToClose()
  stop()
  follows(page)
  page.wakes()
  expect(page.last().types()).toEqual(['connection_init', 'subscribe'])
  page.last().ends(1001)
  await passes(5_000)
  page.last().accepts()
  expect(page.opened).toHaveLength(2)
  expect(page.last().types()).toEqual(['connection_init', 'subscribe'])
  page.socket.close()
})

test('a dead link is found by a ping without an answer, and replaced', async () => {
  const page = onFakeSockets()
  follows(page)
  await passes(0)
  const dead = page.last()
  dead.accepts()
  await passes(11_999)
  expect(dead.types()).not.toContain('ping')
  await passes(1)
  expect(dead.types().at(-1)).toBe('ping')
  dead.says({ type: 'pong' })
  await passes(12_000 + 4_999)
  expect(dead.closed).toBe(false)
  await passes(1)
  expect(dead.closed).toBe(true)
  await passes(1_000)
  expect(page.opened).toHaveLength(2)
  page.socket.close()
})

test('a page that wakes checks an open link at once and ends a pause', async () => {
  const page = onFakeSockets()
  follows(page)
  await passes(0)
  page.last().accepts()
  page.wakes()
  expect(page.last().types().at(-1)).toBe('ping')
  // Five failures make pauses long.
  for (let failure = 0; failure < 5; failure += 1) {
    page.last().ends(1006)
    await passes(15_000)
  }
  page.last().ends(1006)
  await passes(0)
  const { length } = page.opened
  page.wakes()
  await passes(0)
  expect(page.opened).toHaveLength(length + 1)
  page.socket.close()
})

test('after 30 s offline, the return of the network opens the socket and subscribes in the same moment', async () => {
  const page = onFakeSockets()
  follows(page)
  await passes(0)
  page.last().accepts()
  page.last().ends(1006)
  for (let second = 0; second < 30; second += 1) {
    await passes(1_000)
    if (!page.last().closed) page.last().ends(1006)
  }
  await passes(0)
  const { length } = page.opened
  page.wakes()
  await passes(0)
  expect(page.opened).toHaveLength(length + 1)
  page.last().accepts()
  expect(page.last().types()).toEqual(['connection_init', 'subscribe'])
  page.socket.close()
})

test('an attempt that hangs when the network returns is replaced in the same moment', async () => {
  const page = onFakeSockets()
  follows(page)
  await passes(1_000)
  const hanging = page.last()
  page.wakes()
  await passes(0)
  expect(hanging.closed).toBe(true)
  expect(page.opened).toHaveLength(2)
  page.last().accepts()
  expect(page.socket.state.get()).toBe('open')
  page.socket.close()
})

test('a tab that lost its place to another waits until it is used again', async () => {
  const page = onFakeSockets()
  follows(page)
  await passes(0)
  page.last().accepts()
  page.last().ends(1008)
  await passes(3_600_000)
  expect(page.opened).toHaveLength(1)
  expect(page.socket.state.get()).toBe('suspended')
  page.wakes()
  await passes(0)
  expect(page.opened).toHaveLength(2)
  page.socket.close()
})

test.each([4401, 4403])('after %i the token counts as refused before the next attempt', async (code) => {
  const page = onFakeSockets()
  follows(page)
  await passes(0)
  page.last().accepts()
  expect(page.refused).toEqual([])
  page.last().ends(code)
  await passes(1_000)
  expect(page.refused).toEqual(['token'])
  expect(page.opened).toHaveLength(2)
  page.socket.close()
})

test.each([1009, 4400, 4406, 4409])('after %i, an error of the client, the pause is long', async (code) => {
  const page = onFakeSockets()
  follows(page)
  await passes(0)
  page.last().accepts()
  page.last().ends(code)
  await passes(29_999)
  expect(page.opened).toHaveLength(1)
  await passes(1)
  expect(page.opened).toHaveLength(2)
  page.socket.close()
})

test('without a user there is no socket until one has signed in', async () => {
  let token: string | null = null
  const page = onFakeSockets(async () => token)
  follows(page)
  await passes(60_000)
  expect(page.opened).toEqual([])
  token = 'token'
  page.socket.reconnect()
  await passes(0)
  expect(page.opened).toHaveLength(1)
  page.socket.close()
})

test('a request that a cut interrupts fails and is not repeated', async () => {
  const page = onFakeSockets()
  follows(page)
  await passes(0)
  page.last().accepts()
  const answer = page.socket.request(document, { after: 0 })
  const failure = expect(answer).rejects.toMatchObject({ code: 'NETWORK' })
  page.last().ends(1006)
  await passes(1_000)
  await failure
  page.last().accepts()
  expect(page.last().types()).toEqual(['connection_init', 'subscribe'])
  page.socket.close()
})

test('an event with an error ends its subscription with the code', async () => {
  const page = onFakeSockets()
  const { seen, ends } = follows(page)
  await passes(0)
  page.last().accepts()
  const errors = [{ message: 'Not now.', extensions: { code: 'UNAVAILABLE' } }]
  page.last().says({ type: 'next', id: '1', payload: { data: null, errors } })
  expect([seen, ends]).toEqual([[], ['UNAVAILABLE']])
  page.socket.close()
})

test('the last subscription closes the socket', async () => {
  const page = onFakeSockets()
  const { stop } = follows(page)
  await passes(0)
  page.last().accepts()
  stop()
  await passes(0)
  expect(page.last().closed).toBe(true)
  expect(page.socket.state.get()).toBe('closed')
})
