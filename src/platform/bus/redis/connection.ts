import { Redis, type RedisOptions } from 'ioredis'
import type { Logger } from 'pino'
import { RedisPublishQueue } from './publish-queue.ts'

/** No command waits longer for its answer. */
const commandMs = 500
/** How often Redis is asked whether it is there; two silences in a row end the connection. */
const pingMs = 400
const channelsAtOnce = 1_000

/** How this server talks to a Redis. */
export const redisOptions: RedisOptions = {
  lazyConnect: true,
  // One connection both publishes and subscribes, which takes version 3 of the protocol.
  protocol: 3,
  connectTimeout: 1_000,
  disconnectTimeout: 100,
  commandTimeout: commandMs,
  // A hint that has waited is worth nothing: what cannot be said now is lost, and made up for by a gap.
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  autoResubscribe: false,
  maxRetriesPerRequest: 0,
  retryStrategy: (times) => Math.min(50 * 2 ** times, 1_000) * (0.75 + Math.random() / 2),
}

/** What the owner of a connection hears. */
export interface RedisEvents {
  message(channel: string, text: string): void
  /** What others published, or what was published here, may have been lost. */
  gap(lost: { incoming: boolean; outgoing: number }): void
}

/**
 * One connection that comes back by itself, with every channel that is wanted. Redis answers in order: a ping that
 * was answered proves that each subscription before it is in force.
 */
export class RedisConnection {
  readonly #redis: Redis
  readonly #queue: RedisPublishQueue
  readonly #log: Logger
  readonly #events: RedisEvents
  readonly #wanted = new Set<string>()
  readonly #timer: NodeJS.Timeout
  #healthy = false
  #silences = 0
  #told = ''

  constructor(url: string, log: Logger, events: RedisEvents) {
    this.#log = log
    this.#events = events
    this.#redis = new Redis(url, { ...redisOptions, connectionName: 'parlance' })
    this.#queue = new RedisPublishQueue(this.#redis, (error) => this.#warn(error))
    this.#redis.on('message', (channel, text) => events.message(channel, text))
    this.#redis.on('ready', () => this.#subscribeAgain())
    this.#redis.on('close', () => this.#becomes(false))
    this.#redis.on('error', (error) => this.#warn(error))
    this.#timer = setInterval(() => this.#ping(), pingMs)
  }

  get healthy(): boolean {
    return this.#healthy
  }

  /** Of what was to be published, since the start. */
  get lost(): number {
    return this.#queue.lost
  }

  /** Resolves when the first attempt to connect has succeeded or failed. */
  async connect(): Promise<void> {
    await this.#redis.connect().catch(() => undefined)
  }

  publish(channel: string, text: string): void {
    this.#queue.publish(channel, text)
  }

  async subscribe(channel: string): Promise<void> {
    this.#wanted.add(channel)
    if (this.#isReady()) await this.#redis.subscribe(channel).catch((error) => this.#doubt(error))
  }

  unsubscribe(channel: string): void {
    this.#wanted.delete(channel)
    if (this.#isReady()) this.#redis.unsubscribe(channel).catch((error) => this.#doubt(error))
  }

  async close(): Promise<void> {
    await this.#queue.idle()
    clearInterval(this.#timer)
    this.#redis.removeAllListeners('close')
    this.#redis.disconnect()
  }

  #isReady(): boolean {
    return this.#redis.status === 'ready'
  }

  #subscribeAgain(): void {
    this.#silences = 0
    const channels = [...this.#wanted]
    for (let at = 0; at < channels.length; at += channelsAtOnce)
      this.#redis.subscribe(...channels.slice(at, at + channelsAtOnce)).catch((error) => this.#doubt(error))
    this.#ping()
  }

  #ping(): void {
    if (!this.#isReady()) return
    this.#redis.ping().then(
      () => this.#answered(),
      (error) => this.#silent(error),
    )
  }

  #answered(): void {
    this.#silences = 0
    this.#told = ''
    this.#becomes(true)
    const lost = this.#queue.takeLost()
    if (lost > 0) this.#events.gap({ incoming: false, outgoing: lost })
  }

  #silent(error: Error): void {
    this.#doubt(error)
    this.#silences += 1
    if (this.#silences >= 2 && this.#isReady()) this.#redis.disconnect(true)
  }

  /** Until a ping is answered. */
  #doubt(error: Error): void {
    this.#warn(error)
    this.#becomes(false)
  }

  #becomes(healthy: boolean): void {
    if (this.#healthy === healthy) return
    this.#healthy = healthy
    if (healthy) this.#log.info('Redis is heard')
    else this.#log.warn('Redis is not heard; readers look for themselves')
    this.#events.gap({ incoming: true, outgoing: 0 })
  }

  // Only what it says: the error itself carries the command, which may be the one with the password.
  #warn({ message }: Error): void {
    if (this.#told === message) return
    this.#told = message
    this.#log.warn({ reason: message }, 'trouble with Redis')
  }
}
