import { RedisPubSub } from 'graphql-redis-subscriptions'
import type { Logger } from 'pino'
import type { Metrics } from '../../metrics.ts'
import type { RedisAddress } from '../../redis/address.ts'
import type { Bus, BusListener, BusMessage } from '../bus.ts'
import { RedisConnection, type RedisEvents } from './connection.ts'

const channelOf = (topic: string) => `parlance:${topic}`

/** Published by a process whose hints were lost, for all others. */
const gapChannel = channelOf('gap')

type Clients = NonNullable<ConstructorParameters<typeof RedisPubSub>[0]>

/** The bus of several processes that share one Redis. */
export async function openRedisBus(
  address: RedisAddress,
  parts: { log: Logger; metrics: Metrics },
): Promise<Bus> {
  const { log } = parts
  const gapListeners = new Set<() => void>()
  let receive: (channel: string, text: string) => void = () => {}

  const notifyGap = () => {
    for (const listener of gapListeners) listener()
  }
  const events: RedisEvents = {
    message: (channel, text) => receive(channel, text),
    gap({ incoming, outgoing }) {
      if (incoming) notifyGap()
      if (outgoing === 0) return
      log.warn({ lost: outgoing }, 'hints lost, all servers poll postgres')
      connection.publish(gapChannel, '{}')
    },
  }
  const connection = new RedisConnection(address, events, parts)

  // The library counts subscribers per channel and parses messages; the connection is managed here.
  const pubsub = new RedisPubSub({
    publisher: { publish: (channel: string, text: string) => connection.publish(channel, text) },
    subscriber: {
      on(event: string, listener: typeof receive) {
        if (event === 'message') receive = listener
      },
      subscribe: (channel: string, done: (error: null) => void) =>
        connection.subscribe(channel).then(() => done(null)),
      unsubscribe: (channel: string) => connection.unsubscribe(channel),
      punsubscribe: () => {},
    },
  } as unknown as Clients)

  const listen = async (channel: string, listener: BusListener) => {
    const id = await pubsub.subscribe(channel, guarded(listener, log))
    let listening = true
    return () => {
      if (listening) pubsub.unsubscribe(id)
      listening = false
    }
  }
  await listen(gapChannel, notifyGap)
  await connection.connect()

  return {
    get healthy() {
      return connection.healthy
    },
    get refusal() {
      return connection.refusal
    },
    get lost() {
      return connection.lost
    },
    publish: (topic, message) => void pubsub.publish(channelOf(topic), message),
    subscribe: (topic, listener) => listen(channelOf(topic), listener),
    onGap(listener) {
      gapListeners.add(listener)
      return () => gapListeners.delete(listener)
    },
    close: () => connection.close(),
  }
}

/** A listener that ignores malformed messages and whose errors do not affect others. */
function guarded(listener: BusListener, log: Logger): (message: unknown) => void {
  return (message) => {
    if (typeof message !== 'object' || message === null) return
    try {
      listener(message as BusMessage)
    } catch (error) {
      log.error({ err: error }, 'bus listener failed')
    }
  }
}
