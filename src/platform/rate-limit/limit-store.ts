import { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { Bus } from '../bus/bus.ts'

/** Where all servers count together. */
export interface LimitStore {
  /** What the limiters speak to; it is ready only while the bus, which is asked all the time, hears Redis. */
  client: object
  close(): void
}

/** No request waits longer for it, and none once its silence has been noticed. */
const commandMs = 300

export function openLimitStore(url: string, bus: Bus, log: Logger): LimitStore {
  const redis = new Redis(url, {
    connectionName: 'parlance-limits',
    connectTimeout: 1_000,
    commandTimeout: commandMs,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (times) => Math.min(50 * 2 ** times, 1_000),
  })
  // The bus tells of trouble with Redis; here it is only a reason to count alone.
  redis.on('error', (error) =>
    log.debug({ reason: error.message }, 'limits are counted by this server alone'),
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
