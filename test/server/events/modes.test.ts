import { randomUUID } from 'node:crypto'
import { Client, fetchExchange } from '@urql/core'
import { parse } from 'graphql'
import { NetworkError } from 'graphql-sse'
import { describe, expect, test } from 'vitest'
import { onDevice } from '../../auth/verbs.ts'
import { cuttingProxy } from '../../clients/cutting-proxy.ts'
import { eventually } from '../../world/eventually.ts'
import { Acknowledge } from '../../world/operations.ts'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { firstEvent } from '../gate/stock-clients.ts'
import { ask, codesOf } from '../wire.ts'
import { Results, sseClient } from './sse-client.ts'

const world = useWorld({ LIMIT_OPERATIONS_PER_SOCKET: '3', METRICS_PORT: '0' })

const inbox = `subscription ($after: SyncCursor) {
  inbox(after: $after) {
    __typename cursor
    ... on MessagesChanged { messages { seq plainText sender { id } } }
    ... on Checkpoint { caughtUp }
    ... on SessionEnded { endReason }
  }
}`
const typing = 'subscription ($id: ID!) { typing(conversationId: $id) { user { id } } }'

interface Event {
  __typename: string
  cursor: string
  caughtUp?: boolean
  messages?: { seq: number; plainText: string; sender: { id: string } | null }[]
  endReason?: string
}

const eventsOf = (results: Results) =>
  results.all.flatMap(({ data }) => (data ? [(data as { inbox: Event }).inbox] : []))
const textsIn = (results: Results) =>
  eventsOf(results).flatMap(({ messages = [] }) =>
    messages.filter(({ sender }) => sender).map(({ plainText }) => plainText),
  )

async function follows(person: Person, single: boolean, url = person.url): Promise<Results> {
  const client = sseClient({ url, credentials: person.credentials }, single)
  const results = new Results(client, inbox, { after: await person.syncCursor() })
  await caughtUp(results)
  return results
}

const caughtUp = (results: Results, since = 0) =>
  results.until(
    () =>
      eventsOf(results)
        .slice(since)
        .some(({ caughtUp }) => caughtUp),
    'the inbox to catch up',
  )

const gauge = async (name: string) => {
  const text = await (await fetch(world.parts.Metrics ?? '')).text()
  return Number(text.match(new RegExp(`^parlance_${name} (\\d+)$`, 'm'))?.[1])
}

describe.each([
  ['distinct connections', false],
  ['single connection', true],
])('stock graphql-sse in %s mode', (_mode, single) => {
  test('queries, sends, and receives what others send', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id: conversationId } = await alice.opens(bob)
    const stream = await follows(bob, single)
    const client = sseClient(alice, single)
    expect((await new Results(client, '{ me { user { id } } }').first()).data).toHaveProperty(
      'me.user.id',
      alice.id,
    )
    const send = new Results(
      client,
      'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { seq } } }',
      { input: { conversationId, clientMessageId: randomUUID(), content: { text: '你好, Bob' } } },
    )
    expect((await send.first()).data).toHaveProperty('sendMessage.message.seq')
    expect(await send.end()).toBe('completed')
    await stream.until(() => textsIn(stream).includes('你好, Bob'), 'the message')
  })

  test('refusals are results, after which the operation is complete', async () => {
    const alice = await world.person('alice')
    const client = sseClient(alice, single)
    for (const [query, code] of [
      ['{ nothing }', 'INVALID_INPUT'],
      ['{ broken', 'INVALID_INPUT'],
      [`{ ${Array.from({ length: 16 }, (_, n) => `a${n}: __typename`).join(' ')} }`, 'QUERY_TOO_COMPLEX'],
      ['subscription { typing(conversationId: "x") { user { id } } }', 'NOT_FOUND'],
    ] as const) {
      const results = new Results(client, query)
      expect(codesOf({ body: await results.first() })).toEqual([code])
      expect(await results.end()).toBe('completed')
    }
  })

  test('after cuts nothing is missing, from what was acknowledged', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const proxy = await cuttingProxy(world.url)
    const stream = await follows(alice, single, proxy.url)
    for (let n = 1; n <= 6; n += 1) {
      await bob.sends(id, `${n} before`)
      await stream.until(() => textsIn(stream).includes(`${n} before`), `message ${n}`)
      await alice.do(Acknowledge, { cursor: eventsOf(stream).at(-1)?.cursor ?? '' })
      const since = eventsOf(stream).length
      proxy.cut()
      await bob.sends(id, `${n} during`)
      await caughtUp(stream, since)
      await stream.until(() => textsIn(stream).includes(`${n} during`), `message ${n} during the cut`)
    }
    const expected = Array.from({ length: 6 }, (_, n) => [`${n + 1} before`, `${n + 1} during`]).flat()
    // What was on its way during the cut may arrive again.
    expect([...new Set(textsIn(stream))]).toEqual(expected)
  })

  test('the end of the session is the last event, and the stream completes', async () => {
    const alice = await world.person('alice')
    const phone = await alice.onAnotherDevice()
    const stream = await follows(phone, single)
    await ask(
      world.url,
      `mutation { revokeSession(input: { sessionId: "${phone.credentials.sessionId}" }) { me { id } } }`,
      alice.credentials.accessToken,
    )
    expect(await stream.end()).toBe('completed')
    expect(eventsOf(stream).at(-1)).toMatchObject({ __typename: 'SessionEnded', endReason: 'REVOKED' })
  })

  test('the end of the session ends a stream without session events with UNAUTHENTICATED', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const client = sseClient(alice, single)
    const stream = new Results(client, typing, { id })
    await eventually(async () => expect(await gauge('event_streams')).toBeGreaterThan(0))
    // The subscription has begun once a query on the same account was answered after it.
    await new Results(client, '{ __typename }').first()
    await ask(world.url, 'mutation { logout { endedSessionId } }', alice.credentials.accessToken)
    expect(await stream.end()).toBe('completed')
    expect(codesOf({ body: stream.all.at(-1) ?? {} })).toEqual(['UNAUTHENTICATED'])
  })

  test('a subscription that the client stops is gone from the server', async () => {
    const alice = await world.person('alice')
    const stream = await follows(alice, single)
    const before = await gauge('streams')
    stream.stop()
    await eventually(async () => expect(await gauge('streams')).toBeLessThan(before))
  })

  test('a token that is not valid is refused with 401', async () => {
    const forged = { url: world.url, credentials: { accessToken: 'x', refreshToken: '', sessionId: '' } }
    const stream = new Results(sseClient(forged, single, { retryAttempts: 0 }), inbox)
    const error = await stream.end()
    expect(error).toBeInstanceOf(NetworkError)
    expect((error as NetworkError).response?.status).toBe(401)
  })

  test('one connection too many ends the least recently used one with LIMIT_EXCEEDED', async () => {
    const alice = await onDevice(await world.person('alice'), 'phone', 'ANDROID')
    const streams: Results[] = []
    for (let count = 0; count < 4; count += 1) streams.push(await follows(alice, single))
    const [first, ...others] = streams as [Results, ...Results[]]
    expect(await first.end()).toBe('completed')
    expect(codesOf({ body: first.all.at(-1) ?? {} })).toEqual(['LIMIT_EXCEEDED'])
    expect(others.map(({ ended }) => ended)).toEqual([null, null, null])
  })
})

test('an event stream in distinct connections mode refuses an ended session with a result', async () => {
  const alice = await world.person('alice')
  await ask(world.url, 'mutation { logout { endedSessionId } }', alice.credentials.accessToken)
  const stream = new Results(sseClient(alice, false), inbox)
  expect(await stream.end()).toBe('completed')
  expect(stream.all.map((body) => codesOf({ body }))).toEqual([['UNAUTHENTICATED']])
})

test('urql receives a subscription with its own fetch', async () => {
  const alice = await world.person('alice')
  const client = new Client({
    url: `${world.url}/graphql`,
    preferGetMethod: false,
    fetchSubscriptions: true,
    fetchOptions: { headers: { authorization: `Bearer ${alice.credentials.accessToken}` } },
    exchanges: [fetchExchange],
  })
  const event = await firstEvent(client, parse(inbox))
  expect(event.data).toMatchObject({ inbox: { __typename: 'Checkpoint' } })
})

test('one event stream runs as many operations as one socket', async () => {
  const alice = await world.person('alice')
  const client = sseClient(alice, true)
  const streams = Array.from({ length: 4 }, () => new Results(client, inbox))
  await eventually(() =>
    expect(
      streams.filter(({ all }) => all[0]?.errors).map(({ all }) => codesOf({ body: all[0] ?? {} })),
    ).toEqual([['LIMIT_EXCEEDED']]),
  )
})
