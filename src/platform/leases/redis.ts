import { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { Unsubscribe } from '../bus/bus.ts'
import { redisOptions } from '../bus/redis/connection.ts'
import { newId } from '../ids.ts'
import type { LeaseScope, Leases, LeaseUpdate } from './leases.ts'
import { findHeld, renewLease } from './scripts.ts'

const serversKey = 'parlance:lease:servers'
const holdersKey = (name: string) => `parlance:held:${name}`

const batchMax = 500
/** Names are written anew well before Redis forgets them, which it does for servers that died. */
const writeAgainMs = 600_000
const keepMs = 3 * writeAgainMs

/**
 * The leases of several servers that share a Redis. A server has one lease, renewed five times in its time, and
 * stands with its note among the holders of each of its names: whatever it holds costs nothing to keep, and ends with it at once.
 */
export class RedisLeases implements Leases {
  readonly #redis: Redis
  readonly #log: Logger
  readonly #server = newId()
  /** Of the time that a server's death may go unnoticed, the rest goes by until others look. */
  readonly #leaseMs: number
  readonly #timer: NodeJS.Timeout
  readonly #listeners = new Set<(scope: LeaseScope) => void>()
  readonly #mine = new Map<string, string>()
  readonly #unwritten = new Set<string>()
  #living = ''
  #heardAt = 0
  #silences = 0
  /** Redis has lost what it knew: so many renewals until every server must have written it again. */
  #doubts = 0
  /** Something could not be written when it was told. */
  #isLate = false
  #writtenAt = Date.now()
  #writing: Promise<void> = Promise.resolve()
  #renewing: Promise<void> | null = null

  constructor(url: string, { leaseMs, log }: { leaseMs: number; log: Logger }) {
    this.#log = log
    this.#leaseMs = Math.ceil(leaseMs * 0.6)
    this.#redis = new Redis(url, { ...redisOptions, connectionName: 'parlance-leases' })
    // The bus says what is the matter with Redis.
    this.#redis.on('error', () => {})
    this.#redis.on('ready', () => this.#startRenewal())
    this.#redis.connect().catch(() => undefined)
    this.#timer = setInterval(() => this.#startRenewal(), leaseMs / 5)
  }

  get isStale(): boolean {
    return Date.now() - this.#heardAt > this.#leaseMs
  }

  async update({ acquired, released }: LeaseUpdate): Promise<void> {
    for (const name of released) this.#mine.delete(name)
    for (const [name, note] of acquired) this.#mine.set(name, note)
    for (const name of [...acquired.keys(), ...released]) this.#unwritten.add(name)
    await this.#write()
  }

  async read(names: readonly string[]): Promise<ReadonlyMap<string, readonly string[]> | null> {
    const found = new Map<string, readonly string[]>()
    for (let at = 0; at < names.length; at += batchMax) {
      const batch = names.slice(at, at + batchMax)
      const notes = await this.#ask(findHeld, [serversKey, ...batch.map(holdersKey)], [this.#server])
      if (!Array.isArray(notes) || this.#doubts > 0) return null
      for (const [place, ...ofServers] of notes as [number, ...string[]][])
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
    await this.#ask(renewLease, [serversKey], [this.#server, String(graceMs)])
    this.#redis.disconnect()
  }

  #startRenewal(): void {
    this.#renewing ??= this.#renew()
      .catch((error) => this.#log.warn({ err: error }, 'the lease of this server could not be renewed'))
      .finally(() => {
        this.#renewing = null
      })
  }

  async #renew(): Promise<void> {
    const answer = await this.#ask(renewLease, [serversKey], [this.#server, String(this.#leaseMs)])
    if (!Array.isArray(answer)) return this.#silent()
    const [running, servers] = answer
    const isFirst = this.#heardAt === 0
    this.#heardAt = Date.now()
    this.#silences = 0
    // Others took this server for dead, or Redis has lost what it knew.
    const lapsed = running !== 1 && !isFirst
    if (lapsed || Date.now() - this.#writtenAt > writeAgainMs) this.#writeAll()
    const isLate = this.#isLate
    await this.#write()
    const living = [...(servers as string[])].sort().join(' ')
    if (lapsed) this.#doubts = 3
    else if (this.#doubts > 0 && --this.#doubts === 0) this.#tell('OTHERS')
    if (lapsed || (isLate && !this.#isLate)) this.#tell('OWN')
    else if (living !== this.#living && !isFirst) this.#tell('OTHERS')
    this.#living = living
  }

  /** Whoever was known to be there on other servers is no longer known to be, once their leases are over. */
  #silent(): void {
    this.#silences += 1
    if (this.#silences >= 2 && this.#redis.status === 'ready') this.#redis.disconnect(true)
    if (this.#living === '' || !this.isStale) return
    this.#living = ''
    this.#tell('OTHERS')
  }

  #writeAll(): void {
    this.#writtenAt = Date.now()
    for (const name of this.#mine.keys()) this.#unwritten.add(name)
  }

  /** One batch after the other, so that what is written last is what holds. */
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
      const note = this.#mine.get(name)
      if (note === undefined) pipeline.hdel(holdersKey(name), this.#server)
      else pipeline.hset(holdersKey(name), this.#server, note).pexpire(holdersKey(name), keepMs)
    }
    const results = await pipeline.exec().catch(() => null)
    const written = results?.every(([error]) => !error) ?? false
    if (!written) for (const name of batch) this.#unwritten.add(name)
    this.#isLate = !written
    return written
  }

  async #ask(script: string, keys: string[], values: string[]): Promise<unknown> {
    return this.#redis.eval(script, keys.length, ...keys, ...values).catch(() => null)
  }

  #tell(scope: LeaseScope): void {
    for (const listener of this.#listeners) listener(scope)
  }
}
