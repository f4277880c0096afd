import { GraphQLObjectType, GraphQLSchema, GraphQLString, parse } from 'graphql'
import { expect, test } from 'vitest'
import { Delivery } from '../../../../src/platform/graphql/shared/delivery.ts'
import {
  createSharedExecutor,
  type ShareableEvent,
} from '../../../../src/platform/graphql/shared/execution.ts'
import type { Frame } from '../../../../src/platform/graphql/shared/frame.ts'
import { PullStream } from '../../../../src/platform/pull-stream.ts'

type Event = ShareableEvent<object>

class Events extends PullStream<Event> {
  readonly #ready: Event[] = []

  add(event: Event): void {
    this.#ready.push(event)
    this.wake()
  }

  take(): Event | undefined {
    return this.#ready.shift()
  }

  advance(): boolean {
    return false
  }

  protected onClose(): void {}
}

const event = (cursor: string, share: object): Event => ({
  type: 'Ticked',
  cursor,
  span: null,
  share,
  mayShow: () => true,
  isOutdated: () => false,
  reload: async () => null,
})

/** Subscribers whose event has a text of the resolver. Counts the executions and records the results of each subscriber. */
async function subscribed(count: number, text: () => string | Promise<string>) {
  const counted = { executions: 0 }
  const extensions = { shareable: true }
  const ticked = new GraphQLObjectType({
    name: 'Ticked',
    fields: {
      cursor: { type: GraphQLString, extensions },
      text: {
        type: GraphQLString,
        extensions,
        resolve: () => {
          counted.executions += 1
          return text()
        },
      },
    },
  })
  const streams: Events[] = []
  const open = () => {
    const stream = new Events()
    streams.push(stream)
    return stream
  }
  const schema = new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'Query', fields: { now: { type: GraphQLString } } }),
    subscription: new GraphQLObjectType({
      name: 'Subscription',
      fields: { ticks: { type: ticked, subscribe: open, resolve: (root: unknown) => root } },
    }),
  })
  const executor = createSharedExecutor({
    schema,
    createSeen: () => ({}),
    sharedContext: (_seen, context: { loaders: Map<unknown, unknown> }) => context,
    variesBy: () => [],
    format: (result) => result,
  })
  const document = parse('subscription { ticks { cursor text } }')
  const received = Array.from({ length: count }, (): string[] => [])
  for (const results of received) {
    const send = (frame: Frame, cursor: string) => void results.push(frame.with(cursor))
    const subscription = { document, contextValue: { loaders: new Map() } }
    const delivery = await executor.subscribe(subscription, { send, ended() {} })
    if (delivery instanceof Delivery) delivery.start()
  }
  return { streams, received, counted }
}

const result = (cursor: string) => JSON.stringify({ data: { ticks: { cursor, text: 'ok' } } })

test('an event whose fields wait for nothing reaches all subscribers within the call, executed once', async () => {
  const { streams, received, counted } = await subscribed(3, () => 'ok')
  const share = {}
  for (const [index, stream] of streams.entries()) stream.add(event(`cursor-${index}`, share))
  expect(received).toEqual([0, 1, 2].map((index) => [result(`cursor-${index}`)]))
  expect(counted.executions).toBe(1)
})

test('an event with a field that waits reaches all subscribers after it, executed once', async () => {
  let answer: (text: string) => void = () => {}
  const waiting = new Promise<string>((resolve) => {
    answer = resolve
  })
  const { streams, received, counted } = await subscribed(3, () => waiting)
  const share = {}
  for (const [index, stream] of streams.entries()) stream.add(event(`cursor-${index}`, share))
  expect(received).toEqual([[], [], []])
  answer('ok')
  await expect.poll(() => received).toEqual([0, 1, 2].map((index) => [result(`cursor-${index}`)]))
  expect(counted.executions).toBe(1)
})
