import { Redis, type RedisOptions } from 'ioredis'
import type { RedisAddress } from './address.ts'

/**
 * A Redis client; with Sentinels it asks them for the primary at each connection. Sentinels end the connections to a primary
 * that they demote. The failover detector of the library must stay off: a failover that it reports while the client
 * asks for the primary ends the client for good.
 */
export function connectRedis(
  { url, sentinels, sentinelPassword }: RedisAddress,
  options: RedisOptions,
): Redis {
  if (sentinels.length === 0) return new Redis(url, options)
  const { hostname, protocol } = new URL(url)
  return new Redis(url, {
    ...options,
    name: hostname,
    sentinels: [...sentinels],
    sentinelCommandTimeout: 500,
    ...(sentinelPassword && { sentinelPassword }),
    ...(protocol === 'rediss:' && { enableTLSForSentinelMode: true, sentinelTLS: {} }),
  })
}
