import type { Logger } from 'pino'
import type { Bus } from '../bus/bus.ts'
import type { Metrics } from '../metrics.ts'
import type { RedisAddress } from '../redis/address.ts'
import { connectRedis } from '../redis/connect.ts'
import { redisOptions } from '../redis/options.ts'
import { traceCommands } from '../tracing/commands.ts'
import type { Tracing } from '../tracing/tracing.ts'

/** The counters that all servers share. */
export interface LimitStore {
  /** Redis client for the limiters; ready only while the bus, which checks Redis constantly, is healthy. */
  client: object
  close(): void
}

/** The longest time that a request waits for a counter. */
const commandMs = 300

export function openLimitStore(
  address: RedisAddress,
  { bus, log, metrics, tracing }: { bus: Bus; log: Logger; metrics: Metrics; tracing: Tracing | null },
): LimitStore {
  const redis = connectRedis(address, {
    ...redisOptions(metrics),
    lazyConnect: false,
    connectionName: 'parlance-limits',
    commandTimeout: commandMs,
  })
  if (tracing) traceCommands(redis, tracing)
  // The bus logs outages of Redis.
  redis.on('error', (error) =>
    log.debug({ reason: error.message }, 'redis unreachable, counting limits locally'),
  )
  const scripts = redis as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>
  return {
    client: {
      get status() {
        return bus.healthy ? redis.status : 'silent'
      },
      defineCommand: (name: string, definition: { lua: string; numberOfKeys: number }) =>
        redis.defineCommand(name, definition),
      rlflxIncr: (args: unknown[]) => scripts.rlflxIncr?.(args),
      multi: () => redis.multi(),
    },
    close: () => redis.disconnect(),
  }
}
