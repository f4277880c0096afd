import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { Unsubscribe } from '../bus/bus.ts'
import { newId } from '../ids.ts'
import type { Metrics } from '../metrics.ts'
import type { RedisAddress } from '../redis/address.ts'
import { connectRedis } from '../redis/connect.ts'
import { redisOptions } from '../redis/options.ts'
import { refusalCode } from '../redis/refusal.ts'
import type { LeaseScope, Leases, LeaseUpdate } from './leases.ts'
import { readHolders, renewLease } from './scripts.ts'

const serversKey = 'parlance:lease:servers'
const holdersKey = (name: string) => `parlance:held:${name}`

const batchMax = 500
/** Names are rewritten before their keys expire. Keys expire so that those of dead servers are removed. */
const rewriteMs = 600_000
const keepMs = 3 * rewriteMs

/**
 * Leases of several servers that share a Redis. A server renews one lease for all its names, five times per term, and is
 * listed with a value among the holders of each name. So names cost nothing to keep, and all end with the lease.
 */
export class RedisLeases implements Leases {
  readonly #redis: Redis
  readonly #log: Logger
  readonly #server = newId()
  /** Shorter than the time in which a dead server must be noticed, since readers take time to look. */
  readonly #leaseMs: number
  readonly #timer: NodeJS.Timeout
  readonly #listeners = new Set<(scope: LeaseScope) => void>()
  readonly #own = new Map<string, string>()
  readonly #unwritten = new Set<string>()
  #liveServers = ''
  #answeredAt = 0
  #renewedAt = 0
  /** Leases that were valid at this time count: Redis refuses renewals, or did until recently. 0 otherwise. */
  #refusedSince = 0
  #renewalsSinceRefusal = 0
  #silentRenewals = 0
  /** After a loss of data: the number of renewals until all servers must have written their names again. */
  #uncertainRenewals = 0
  /** The last write failed. */
  #isLate = false
  #writtenAt = Date.now()
  #writing: Promise<void> = Promise.resolve()
  #renewing: Promise<void> | null = null

  constructor(
    address: RedisAddress,
    { leaseMs, log, metrics }: { leaseMs: number; log: Logger; metrics: Metrics },
  ) {
    this.#log = log
    this.#leaseMs = Math.ceil(leaseMs * 0.6)
    this.#redis = connectRedis(address, { ...redisOptions(metrics), connectionName: 'parlance-leases' })
    // The bus logs outages of Redis.
    this.#redis.on('error', () => {})
    this.#redis.on('ready', () => this.#startRenewal())
    this.#redis.connect().catch(() => undefined)
    this.#timer = setInterval(() => this.#startRenewal(), leaseMs / 5)
  }

  get isStale(): boolean {
    return Date.now() - this.#answeredAt > this.#leaseMs
  }

  async update({ acquired, released }: LeaseUpdate): Promise<void> {
    for (const name of released) this.#own.delete(name)
    for (const [name, value] of acquired) this.#own.set(name, value)
    for (const name of [...acquired.keys(), ...released]) this.#unwritten.add(name)
    await this.#write()
  }

  async read(names: readonly string[]): Promise<ReadonlyMap<string, readonly string[]> | null> {
    const found = new Map<string, readonly string[]>()
    for (let at = 0; at < names.length; at += batchMax) {
      const batch = names.slice(at, at + batchMax)
      const values = [this.#server, this.#refusedMs()]
      const held = await this.#run(readHolders, [serversKey, ...batch.map(holdersKey)], values)
      if (!Array.isArray(held) || this.#uncertainRenewals > 0) return null
      for (const [place, ...ofServers] of held as [number, ...string[]][])
        found.set(batch[place] as string, ofServers)
    }
    return found
  }

  onInvalidated(listener: (scope: LeaseScope) => void): Unsubscribe {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async close(graceMs: number): Promise<void> {
    clearInterval(this.#timer)
    await this.#renewing
    await this.#write()
    await this.#run(renewLease, [serversKey], [this.#server, String(graceMs), this.#refusedMs()])
    this.#redis.disconnect()
  }

  #startRenewal(): void {
    this.#renewing ??= this.#renew()
      .catch((error) => this.#log.warn({ err: error }, 'lease renewal failed'))
      .finally(() => {
        this.#renewing = null
      })
  }

  async #renew(): Promise<void> {
    const values = [this.#server, String(this.#leaseMs), this.#refusedMs()]
    const answer = await this.#run(renewLease, [serversKey], values)
    if (refusalCode(answer)) return this.#refused()
    if (!Array.isArray(answer)) return this.#silent()
    const [valid, servers] = answer
    const isFirst = this.#renewedAt === 0
    this.#answeredAt = this.#renewedAt = Date.now()
    // The other servers renew within this time, too.
    if (++this.#renewalsSinceRefusal > 2) this.#refusedSince = 0
    this.#silentRenewals = 0
    // The lease expired, or Redis has lost its data.
    const lapsed = valid !== 1 && !isFirst
    if (lapsed || Date.now() - this.#writtenAt > rewriteMs) this.#writeAll()
    const isLate = this.#isLate
    await this.#write()
    const liveServers = [...(servers as string[])].sort().join(' ')
    if (lapsed) this.#uncertainRenewals = 3
    else if (this.#uncertainRenewals > 0 && --this.#uncertainRenewals === 0) this.#invalidate('OTHERS')
    if (lapsed || (isLate && !this.#isLate)) this.#invalidate('OWN')
    else if (liveServers !== this.#liveServers && !isFirst) this.#invalidate('OTHERS')
    this.#liveServers = liveServers
  }

  /** No server can renew its lease, so an expired lease does not mean that its server is dead. */
  #refused(): void {
    this.#answeredAt = Date.now()
    this.#refusedSince ||= this.#renewedAt
    this.#renewalsSinceRefusal = 0
    this.#silentRenewals = 0
  }

  #refusedMs(): string {
    return String(this.#refusedSince === 0 ? 0 : Date.now() - this.#refusedSince)
  }

  /** Once their leases may have expired, the names of other servers are unknown. */
  #silent(): void {
    this.#silentRenewals += 1
    if (this.#silentRenewals >= 2 && this.#redis.status === 'ready') this.#redis.disconnect(true)
    if (this.#liveServers === '' || !this.isStale) return
    this.#liveServers = ''
    this.#invalidate('OTHERS')
  }

  #writeAll(): void {
    this.#writtenAt = Date.now()
    for (const name of this.#own.keys()) this.#unwritten.add(name)
  }

  /** Writes batches one after the other, so that the last update wins. */
  #write(): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      while (this.#unwritten.size > 0 && (await this.#writeBatch()));
    })
    return this.#writing
  }

  async #writeBatch(): Promise<boolean> {
    const batch = [...this.#unwritten].slice(0, batchMax)
    for (const name of batch) this.#unwritten.delete(name)
    const pipeline = this.#redis.pipeline()
    for (const name of batch) {
      const value = this.#own.get(name)
      if (value === undefined) pipeline.hdel(holdersKey(name), this.#server)
      else pipeline.hset(holdersKey(name), this.#server, value).pexpire(holdersKey(name), keepMs)
    }
    const results = await pipeline.exec().catch(() => null)
    const written = results?.every(([error]) => !error) ?? false
    if (!written) for (const name of batch) this.#unwritten.add(name)
    this.#isLate = !written
    return written
  }

  /** Returns the result of the script, or its error. */
  async #run(script: string, keys: string[], values: string[]): Promise<unknown> {
    return this.#redis.eval(script, keys.length, ...keys, ...values).catch((error: unknown) => error)
  }

  #invalidate(scope: LeaseScope): void {
    for (const listener of this.#listeners) listener(scope)
  }
}
