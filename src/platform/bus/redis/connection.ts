import { once } from 'node:events'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { Metrics } from '../../metrics.ts'
import type { RedisAddress } from '../../redis/address.ts'
import { connectRedis } from '../../redis/connect.ts'
import { redisOptions } from '../../redis/options.ts'
import { refusalCode, refusalReason } from '../../redis/refusal.ts'
import { probe } from './probe.ts'
import { RedisPublishQueue } from './publish-queue.ts'

/** Interval of probes; two without an answer end the connection. */
const probeMs = 400
const channelsAtOnce = 1_000

export interface RedisEvents {
  message(channel: string, text: string): void
  /** Messages of others, or messages published here, may have been lost. */
  gap(lost: { incoming: boolean; outgoing: number }): void
}

/**
 * A connection that reconnects and subscribes again to all wanted channels. Redis replies in order, so an answered probe
 * proves that all earlier subscriptions are active.
 */
export class RedisConnection {
  readonly #redis: Redis
  readonly #queue: RedisPublishQueue
  readonly #log: Logger
  readonly #events: RedisEvents
  readonly #wanted = new Set<string>()
  readonly #timer: NodeJS.Timeout
  #healthy = false
  #refusal: string | null = null
  #silentProbes = 0
  #subscriptionRefused: Error | null = null
  #lastWarning = ''

  constructor(
    address: RedisAddress,
    events: RedisEvents,
    { log, metrics }: { log: Logger; metrics: Metrics },
  ) {
    this.#log = log
    this.#events = events
    this.#redis = connectRedis(address, { ...redisOptions(metrics), connectionName: 'parlance' })
    this.#queue = new RedisPublishQueue(this.#redis, (error) => this.#failed(error))
    this.#redis.on('message', (channel, text) => events.message(channel, text))
    this.#redis.on('ready', () => {
      this.#silentProbes = 0
      this.#subscribeAll()
      void this.#probe()
    })
    this.#redis.on('close', () => this.#setHealthy(false))
    this.#redis.on('error', (error) => this.#warn(error))
    this.#timer = setInterval(() => void this.#probe(), probeMs)
  }

  get healthy(): boolean {
    return this.#healthy
  }

  /** Why Redis refuses commands; null if it does not. */
  get refusal(): string | null {
    return this.#refusal
  }

  /** Number of published messages lost since the start. */
  get lost(): number {
    return this.#queue.lost
  }

  /** Resolves when the first attempt to connect has succeeded or failed. */
  async connect(): Promise<void> {
    // Without a Sentinel that answers, the library keeps trying and reports each round as an error.
    await Promise.race([this.#redis.connect(), once(this.#redis, 'error')]).catch(() => undefined)
  }

  publish(channel: string, text: string): void {
    this.#queue.publish(channel, text)
  }

  async subscribe(channel: string): Promise<void> {
    this.#wanted.add(channel)
    if (this.#isReady()) await this.#subscribe([channel])
  }

  unsubscribe(channel: string): void {
    this.#wanted.delete(channel)
    if (this.#isReady()) this.#redis.unsubscribe(channel).catch((error) => this.#failed(error))
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

  #subscribeAll(): void {
    this.#subscriptionRefused = null
    const channels = [...this.#wanted]
    for (let at = 0; at < channels.length; at += channelsAtOnce)
      void this.#subscribe(channels.slice(at, at + channelsAtOnce))
  }

  async #subscribe(channels: string[]): Promise<void> {
    await this.#redis.subscribe(...channels).catch((error: Error) => {
      if (refusalCode(error)) this.#subscriptionRefused = error
      this.#failed(error)
    })
  }

  async #probe(): Promise<void> {
    if (!this.#isReady()) return
    if (this.#subscriptionRefused) this.#subscribeAll()
    const result = await probe(this.#redis)
    if (result.type === 'SILENT') this.#silent(result.error)
    else if (result.type === 'REFUSED') this.#refused(result.error)
    else if (this.#subscriptionRefused) this.#refused(this.#subscriptionRefused)
    else this.#answered()
  }

  #answered(): void {
    this.#silentProbes = 0
    this.#lastWarning = ''
    this.#refusal = null
    this.#setHealthy(true)
    const lost = this.#queue.takeLost()
    if (lost > 0) this.#events.gap({ incoming: false, outgoing: lost })
  }

  #silent(error: Error): void {
    this.#failed(error)
    this.#silentProbes += 1
    if (this.#silentProbes >= 2 && this.#isReady()) this.#redis.disconnect(true)
  }

  #refused(error: Error): void {
    this.#silentProbes = 0
    this.#failed(error)
  }

  /** Redis is not healthy until the next answered probe. */
  #failed(error: Error): void {
    const code = refusalCode(error)
    if (code) this.#refusal = refusalReason(code)
    this.#warn(error)
    this.#setHealthy(false)
  }

  #setHealthy(healthy: boolean): void {
    if (this.#healthy === healthy) return
    this.#healthy = healthy
    if (healthy) this.#log.info('redis connected')
    else if (this.#refusal)
      this.#log.warn({ reason: this.#refusal }, 'redis refuses commands, polling postgres')
    else this.#log.warn('redis unreachable, polling postgres')
    this.#events.gap({ incoming: true, outgoing: 0 })
  }

  // Only the message: the error also carries the command, which may contain the password. A refusal is one line,
  // although its messages differ from command to command.
  #warn(error: Error): void {
    const code = refusalCode(error)
    const warning = code ?? error.message
    if (this.#lastWarning === warning) return
    this.#lastWarning = warning
    this.#log.warn(
      { reason: error.message, ...(code && { code }) },
      code ? 'redis refused a command' : 'redis error',
    )
  }
}
