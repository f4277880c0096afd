import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import type { Core } from './context.ts'
import { createHooks } from './hooks.ts'
import type { Bus } from './platform/bus/bus.ts'
import { createMemoryBus } from './platform/bus/memory.ts'
import { type Database, joinDatabase, openDatabase } from './platform/db/database.ts'
import { Outages } from './platform/db/outages.ts'
import { openReplica } from './platform/db/replica/replica.ts'
import { standaloneSql } from './platform/db/sql.ts'
import { explainStartFault } from './platform/db/start-fault.ts'
import { requireWritableFolder, usesOfDataDir } from './platform/files/writable-folder.ts'
import { prepareJobs } from './platform/jobs/job-runner.ts'
import { createLogger } from './platform/logger.ts'
import { createMetrics, type Metrics } from './platform/metrics.ts'
import type { LimitStore } from './platform/rate-limit/limit-store.ts'
import { createRateLimits } from './platform/rate-limit/rate-limits.ts'
import { describeRedis } from './platform/redis/address.ts'
import { openTracing } from './platform/tracing/open.ts'
import type { Tracing } from './platform/tracing/tracing.ts'
import { version } from './server-info/version.ts'
import type { Overrides } from './slice.ts'

export type Cleanups = (() => void | Promise<void>)[]

export interface OpenedCore {
  core: Core
  database: Database
  parts: Record<string, string>
}

/** Opens the core. Adds what closes it to `cleanups`, which run in reverse order. */
export async function openCore(
  config: Config,
  overrides: Overrides,
  cleanups: Cleanups,
): Promise<OpenedCore> {
  const log = overrides.log ?? createLogger(config)
  const uses = usesOfDataDir(config)
  if (uses.length > 0) await requireWritableFolder(config.dataDir, uses)
  if (!config.media.s3) await requireWritableFolder(join(config.dataDir, 'media'), ['uploads'])
  const metrics = createMetrics({ ofProcess: config.metrics !== null })
  const tracing = await openTracing(config.traces, { version, log, metrics })
  if (tracing) cleanups.push(() => tracing.close())
  const outages = new Outages(log)
  cleanups.push(() => outages.close())
  const options = { poolSize: config.databasePoolSize, timeouts: config.limits, log, outages, tracing }
  const { join: joined } = overrides
  const opening = joined
    ? joinDatabase(joined.connection, joined.description, { ...options, poolSize: commandPoolSize })
    : openDatabase({
        ...options,
        url: config.databaseUrl,
        poolerUrl: config.databasePoolerUrl,
        dataDir: config.dataDir,
        shared: config.redis !== null,
        progress: overrides.progress ?? (() => {}),
      })
  const database = await opening.catch(rethrowStartFault)
  cleanups.push(database.close)
  const replica = config.databaseReplicaUrl
    ? openReplica(config.databaseReplicaUrl, {
        poolSize: config.databasePoolSize,
        timeouts: config.limits,
        log,
        tracing,
      })
    : null
  if (replica) cleanups.push(replica.close)
  await prepareJobs(database.jobPool, log).catch(rethrowStartFault)
  const bus = await openBus(config, { log, metrics })
  cleanups.push(() => bus.close())
  const limitStore = await openSharedLimits(config, { bus, log, metrics, tracing })
  const rateLimits = createRateLimits(limitStore, metrics, log)
  cleanups.push(() => rateLimits.close())
  const { pool, prisma: db } = database
  return {
    core: {
      config,
      log,
      metrics,
      tracing,
      db,
      pool,
      sql: standaloneSql(pool),
      replica,
      outages,
      bus,
      rateLimits,
      hooks: createHooks(),
    },
    database,
    parts: {
      Database: database.description,
      Bus: config.redis ? describeRedis(config.redis) : 'in this process',
    },
  }
}

const commandPoolSize = 4

function rethrowStartFault(error: unknown): never {
  throw explainStartFault(error)
}

// A server without Redis does not load its library, which takes a thirtieth of a start.

async function openSharedLimits(
  { redis }: Config,
  parts: { bus: Bus; log: Logger; metrics: Metrics; tracing: Tracing | null },
): Promise<LimitStore | null> {
  if (!redis) return null
  const { openLimitStore } = await import('./platform/rate-limit/limit-store.ts')
  return openLimitStore(redis, parts)
}

async function openBus({ redis }: Config, parts: { log: Logger; metrics: Metrics }): Promise<Bus> {
  if (redis) {
    const { openRedisBus } = await import('./platform/bus/redis/bus.ts')
    return openRedisBus(redis, parts)
  }
  return createMemoryBus((error) => parts.log.error({ err: error }, 'bus listener failed'))
}
