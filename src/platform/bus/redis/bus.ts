import { RedisPubSub } from 'graphql-redis-subscriptions'
import type { Logger } from 'pino'
import type { Bus, BusListener, BusMessage } from '../bus.ts'
import { RedisConnection } from './connection.ts'

const channelOf = (topic: string) => `parlance:${topic}`

/** Said by a process whose hints were lost, to everybody. */
const gapChannel = channelOf('gap')

type Clients = NonNullable<ConstructorParameters<typeof RedisPubSub>[0]>

/** The bus of several processes that share one Redis. */
export async function openRedisBus(url: string, log: Logger): Promise<Bus> {
  const gapListeners = new Set<() => void>()
  let hear: (channel: string, text: string) => void = () => {}

  const tellGap = () => {
    for (const listener of gapListeners) listener()
  }
  const connection = new RedisConnection(url, log, {
    message: (channel, text) => hear(channel, text),
    gap({ incoming, outgoing }) {
      if (incoming) tellGap()
      if (outgoing === 0) return
      log.warn({ lost: outgoing }, 'hints were lost; every process is told to look for itself')
      connection.publish(gapChannel, '{}')
    },
  })

  // It counts who wants a channel and reads what comes; the connection is ours.
  const pubsub = new RedisPubSub({
    publisher: { publish: (channel: string, text: string) => connection.publish(channel, text) },
    subscriber: {
      on(event: string, listener: typeof hear) {
        if (event === 'message') hear = listener
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
  await listen(gapChannel, tellGap)
  await connection.connect()

  return {
    get healthy() {
      return connection.healthy
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

/** A listener whose faults stop no other, and that is given nothing but messages. */
function guarded(listener: BusListener, log: Logger): (message: unknown) => void {
  return (message) => {
    if (typeof message !== 'object' || message === null) return
    try {
      listener(message as BusMessage)
    } catch (error) {
      log.error({ err: error }, 'a listener of the bus failed')
    }
  }
}

/** Where a Redis is, for people to read. */
export function describeRedis(url: string): string {
  const { host, pathname } = new URL(url)
  return `Redis at ${host}${pathname.replace(/^\/$/, '')}`
}
