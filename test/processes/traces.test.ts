import { randomBytes, randomUUID } from 'node:crypto'
import { print } from 'graphql'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createGatewayServer } from '../notification/servers/gateway.ts'
import { registersDevice } from '../notification/verbs.ts'
import { Collector, type Span } from '../platform/tracing/collector.ts'
import { send, Wire } from '../server/wire.ts'
import { Receiver, webhookSecret } from '../webhook/receiver.ts'
import { eventually } from '../world/eventually.ts'
import { SendMessage } from '../world/operations.ts'
import { type Person, passwordOf } from '../world/person.ts'
import { hasRedis, useFleet } from './fleet.ts'

const gateway = await createGatewayServer()
afterAll(() => gateway.close())

/** A trace of a client, with the span that sends a request. */
function clientTrace() {
  const [traceId, spanId] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')]
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-00` }
}

describe.skipIf(!hasRedis)('traces of two servers', () => {
  const collector = new Collector()
  const receiver = new Receiver()
  beforeAll(() => Promise.all([collector.start(), receiver.start()]))
  afterAll(() => Promise.all([collector.stop(), receiver.stop()]))
  const fleet = useFleet(2, () => ({
    TRACES_ENDPOINT: collector.url,
    TRACES_RATIO: '1',
    LOG_LEVEL: 'debug',
    LIMIT_IMMEDIATE_GROUP_SIZE: '2',
    LIMIT_PUSH_DELAY_MS: '0',
    WEBHOOK_URL: receiver.url,
    WEBHOOK_SECRET: webhookSecret,
    WEBHOOK_ALLOW_PRIVATE: 'true',
    ...gateway.env,
  }))

  const text = 'a confidential message'
  const operation = (conversationId: string, clientMessageId: string = randomUUID()) => ({
    query: print(SendMessage),
    variables: { input: { conversationId, content: { text }, clientMessageId } },
  })

  async function sendsTraced(person: Person, server: number, conversationId: string, traceparent: string) {
    const headers = { authorization: `Bearer ${person.credentials.accessToken}`, traceparent }
    const answer = await send(fleet.urls[server] ?? '', JSON.stringify(operation(conversationId)), headers)
    expect(answer.body.errors).toBeUndefined()
    return answer
  }

  const named = (spans: Span[], name: string) => spans.find((span) => span.name === name)

  test('one send is one connected trace: operation, batch, statements, streams on both servers, frame, webhook, push', async () => {
    const [alice, bob] = [await fleet.person('alice', 0), await fleet.person('bob', 1)]
    const token = randomUUID()
    await registersDevice(bob, 'WEBHOOK', token)
    const inbox = await bob.listens()
    const { id } = await alice.opens(bob)
    await inbox.sees('ConversationChanged', ({ conversation }) => conversation?.id === id)
    const client = clientTrace()
    const { headers } = await sendsTraced(alice, 0, id, client.traceparent)

    const spans = await collector.connectedTrace(client.traceId, client.spanId, [
      'mutation SendMessage',
      'sendMessage',
      'store batch',
      'postgresql INSERT',
      'publish',
      'deliver to stream',
      'write frame',
      'deliver webhooks',
      'push notification',
      'POST',
    ])
    const [served, field, batch] = ['mutation SendMessage', 'sendMessage', 'store batch'].map((name) =>
      named(spans, name),
    )
    expect(served).toMatchObject({ parentSpanId: client.spanId })
    expect(served?.attributes).toMatchObject({
      'parlance.request.id': headers.get('x-request-id'),
      'parlance.transport': 'http',
      'parlance.user.id': alice.id,
    })
    expect(field?.parentSpanId).toBe(served?.spanId)
    expect(batch?.parentSpanId).toBe(field?.spanId)
    const delivery = named(spans, 'deliver to stream')
    expect(delivery).toMatchObject({ parentSpanId: field?.spanId })
    expect(delivery?.attributes).toMatchObject({
      'parlance.user.id': bob.id,
      'parlance.conversation.id': id,
    })
    expect(delivery?.instance).not.toBe(served?.instance)
    expect(named(spans, 'write frame')?.parentSpanId).toBe(delivery?.spanId)

    const carried = new RegExp(`^00-${client.traceId}-[0-9a-f]{16}-01$`)
    const traceparents = (received: { headers: Record<string, unknown> }[]) =>
      received.map((each) => each.headers.traceparent)
    expect(traceparents(receiver.received)).toContainEqual(expect.stringMatching(carried))
    expect(traceparents(gateway.received)).toContainEqual(expect.stringMatching(carried))

    const line = (fleet.servers[0]?.output() ?? '')
      .split('\n')
      .find((each) => each.includes(`"requestId":"${headers.get('x-request-id')}"`))
    expect(JSON.parse(line ?? '{}')).toMatchObject({ traceId: client.traceId })

    for (const secret of [text, alice.credentials.accessToken, passwordOf(alice.handle), token])
      expect(collector.text).not.toContain(secret)
  }, 60_000)

  test('a send on a WebSocket to a group that a worker delivers to continues the trace of its extensions', async () => {
    const [alice, bob, carol] = [
      await fleet.person('alice', 0),
      await fleet.person('bob', 1),
      await fleet.person('carol', 1),
    ]
    const { id } = await alice.creates('group', [bob, carol])
    const inbox = await carol.listens()
    const wire = await Wire.ready(fleet.urls[0] ?? '', alice.credentials.accessToken)
    // A delivery that a comparison with the database finds before its publication arrives has no trace.
    const clients = [clientTrace(), clientTrace(), clientTrace()]
    for (const { traceId, traceparent } of clients) {
      wire.say({
        ...{ type: 'subscribe', id: traceId },
        payload: { ...operation(id, traceId), extensions: { traceparent } },
      })
      await inbox.sees('MessagesChanged', ({ messages }) =>
        messages.some(({ clientMessageId }) => clientMessageId === traceId),
      )
    }
    const client = await eventually(() => {
      const traced = clients.find(({ traceId }) => named(collector.trace(traceId), 'write frame'))
      if (!traced) throw new Error('No trace has a frame.')
      return traced
    })

    const spans = await collector.connectedTrace(client.traceId, client.spanId, [
      'fan out',
      'fan-out batch',
      'write frame',
    ])
    expect(named(spans, 'mutation SendMessage')?.attributes).toMatchObject({
      'parlance.transport': 'websocket',
    })
    const worker = named(spans, 'fan out')
    expect(worker?.parentSpanId).toBe(named(spans, 'sendMessage')?.spanId)
    expect(named(spans, 'deliver to stream')?.parentSpanId).toBe(worker?.spanId)
  }, 60_000)

  test('sends that share a batch are separate traces whose spans link to the batch, and it to them', async () => {
    const alice = await fleet.person('alice', 0)
    const groups = await Promise.all(
      Array.from({ length: 12 }, (_none, place) => alice.creates(`g${place}`, [])),
    )
    const clients = groups.map(() => clientTrace())
    await Promise.all(
      groups.map(({ id }, place) => sendsTraced(alice, 0, id, clients[place]?.traceparent ?? '')),
    )
    const traces = await Promise.all(
      clients.map(({ traceId }) => collector.traceWith(traceId, ['mutation SendMessage', 'sendMessage'])),
    )
    const own = traces.flatMap((spans) => spans.filter(({ name }) => name === 'sendMessage'))
    await vi.waitFor(() => {
      const batches = clients.flatMap(({ traceId }) =>
        collector.trace(traceId).filter(({ name }) => name === 'store batch'),
      )
      const stored = batches.flatMap(({ parentSpanId, links }) => [parentSpanId, ...links])
      expect(new Set(stored)).toEqual(new Set(own.map(({ spanId }) => spanId)))
      const shared = batches.find(({ links }) => links.length > 0)
      expect(
        own.filter(({ links }) => links.includes(shared?.spanId ?? '')).map(({ spanId }) => spanId),
      ).toEqual(expect.arrayContaining(shared?.links ?? ['no batch was shared']))
    }, 20_000)
  }, 60_000)
})
