import type { RedisOptions } from 'ioredis'
import type { Metrics } from '../metrics.ts'
import { refusalCode } from './refusal.ts'

/** Pause between reconnections to a replica, in which it is still read. */
const reconnectMs = 5_000

/** Options of a connection to Redis. */
export const redisOptions = (metrics: Pick<Metrics, 'redisRefused'>): RedisOptions => ({
  lazyConnect: true,
  // One connection both publishes and subscribes, which requires version 3 of the protocol.
  protocol: 3,
  connectTimeout: 1_000,
  disconnectTimeout: 100,
  /** The longest time that a command waits for its reply. */
  commandTimeout: 500,
  // Commands are not queued: a late hint is worthless, and a gap makes up for a lost one.
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  autoResubscribe: false,
  maxRetriesPerRequest: 0,
  retryStrategy: (times) => Math.min(50 * 2 ** times, 1_000) * (0.75 + Math.random() / 2),
  reconnectOnError: onErrorReply(metrics),
})

/** Counts refusals. Asks for a reconnection if Redis has become a replica: the address may lead to a new primary. */
function onErrorReply(metrics: Pick<Metrics, 'redisRefused'>): (error: Error) => boolean {
  let reconnectedAt = Number.NEGATIVE_INFINITY
  return (error) => {
    const code = refusalCode(error)
    if (code) metrics.redisRefused(code)
    if (code !== 'READONLY' || performance.now() - reconnectedAt < reconnectMs) return false
    reconnectedAt = performance.now()
    return true
  }
}
