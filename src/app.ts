import { join } from 'node:path'
import type { Logger } from 'pino'
import { createPasswords, type PasswordHashing } from './auth/password/hashing.ts'
import { createIdentityProvider } from './auth/provider/provider.ts'
import { createSessionCache } from './auth/session/cache.ts'
import { forgetEndedSessions } from './auth/session/purge-ended.ts'
import { createTokens } from './auth/tokens.ts'
import type { Config } from './config.ts'
import type { Services } from './context.ts'
import { departures, departuresTask } from './group/membership/departures.ts'
import { createHooks } from './hooks.ts'
import { forgetAcknowledgements } from './inbox/acknowledge/purge-ended.ts'
import { createFanOut } from './inbox/fan-out/worker.ts'
import { InboxHub } from './inbox/hub/hub.ts'
import { listen } from './listeners.ts'
import { openMedia } from './media/media.ts'
import { processMedia } from './media/processing/process.ts'
import { collectUnusedMedia, removeMediaBytes } from './media/removal-jobs.ts'
import { type AnyMessageKind, createMessageKinds } from './message/content/custom-kinds.ts'
import { openMessageHook } from './message/send/hook.ts'
import { createSendLimits } from './message/send/limits.ts'
import { HookedSends } from './message/send/moderated.ts'
import { createSendQueue } from './message/send/queue.ts'
import { forgetAttempts } from './notification/deliver/purge-attempts.ts'
import { openPush } from './notification/push.ts'
import { startPushWorker } from './notification/worker.ts'
import type { Bus } from './platform/bus/bus.ts'
import { createMemoryBus } from './platform/bus/memory.ts'
import { describeRedis, openRedisBus } from './platform/bus/redis/bus.ts'
import { type Database, openDatabase } from './platform/db/database.ts'
import { readDatabaseId } from './platform/db/history.ts'
import { poolSql } from './platform/db/sql.ts'
import { prepareJobs, startJobs, type Tasks } from './platform/jobs/job-runner.ts'
import type { Leases } from './platform/leases/leases.ts'
import { createMemoryLeases } from './platform/leases/memory.ts'
import { RedisLeases } from './platform/leases/redis.ts'
import { keptSecret } from './platform/load-or-create-secret.ts'
import { createLogger } from './platform/logger.ts'
import { createMetrics, type Metrics } from './platform/metrics.ts'
import { openLimitStore } from './platform/rate-limit/limit-store.ts'
import { createRateLimits } from './platform/rate-limit/rate-limits.ts'
import { requireWritableFolder, usesOfDataDir } from './platform/writable-folder.ts'
import { PresenceHub } from './presence/hub.ts'
import { TypingHub } from './presence/typing/hub.ts'
import { buildSchema } from './schema.ts'
import { createIndexWorker } from './search/indexing/worker.ts'
import { openSearchIndex } from './search/open-engine.ts'
import { startMetricsServer } from './server/ops/metrics-server.ts'
import { startServer } from './server/server.ts'
import { registeredTask, tellRegistered } from './webhook/user-registered.ts'
import { startWebhooks } from './webhook/worker.ts'

export interface App {
  url: string
  /** What serves each part, for people to read. */
  parts: Record<string, string>
  /** Resolves when the server cannot go on and must be closed. */
  failed: Promise<Error>
  /** Lets go of the clients, finishes what was begun and ends every part. */
  close(): Promise<void>
}

export interface Overrides {
  log?: Logger
  progress?: (text: string) => void
  /** The application's own kinds of message. */
  messageKinds?: readonly AnyMessageKind[]
  /** Another cost of password hashing. */
  passwordHashing?: PasswordHashing
}

/** Builds every part and joins them; what was built is taken down again if a later part cannot be. */
export async function createApp(config: Config, overrides: Overrides = {}): Promise<App> {
  const log = overrides.log ?? createLogger(config)
  const progress = overrides.progress ?? (() => {})
  const cleanups: (() => Promise<void>)[] = []
  const close = async () => {
    for (let cleanup = cleanups.pop(); cleanup; cleanup = cleanups.pop()) await cleanup()
  }
  try {
    const uses = usesOfDataDir(config)
    if (uses.length > 0) await requireWritableFolder(config.dataDir, uses)
    if (!config.media.s3) await requireWritableFolder(join(config.dataDir, 'media'), ['uploads'])
    const secret = config.authSecret ?? (await keptSecret(join(config.dataDir, 'auth-secret')))
    const database = await openDatabase({
      url: config.databaseUrl,
      dataDir: config.dataDir,
      poolSize: config.databasePoolSize,
      shared: config.redisUrl !== undefined,
      log,
      progress,
    })
    cleanups.push(database.close)
    await prepareJobs(database.jobPool, log)
    const metrics = createMetrics({ ofProcess: config.metrics !== null })
    const services = await joinServices({ config, log, metrics, database, secret, overrides, cleanups })
    const jobs = startJobs({ pool: database.jobPool, log, tasks: tasksOf(services) })
    cleanups.push(() => jobs.close())
    const webhooks = await startWebhooks(services)
    cleanups.push(() => webhooks.close())
    const pushing = await startPushWorker(services)
    cleanups.push(() => pushing.close())
    const server = await startServer({ services, schema: buildSchema(), config, log })
    cleanups.push(server.close)
    const metricsServer = config.metrics && (await startMetricsServer(services, config.metrics))
    if (metricsServer) cleanups.push(metricsServer.close)
    return {
      url: server.url,
      parts: {
        Database: database.description,
        Bus: config.redisUrl ? describeRedis(config.redisUrl) : 'in this process',
        Search: services.search.description,
        Uploads: services.media.storage.description,
        Films: services.media.ffmpeg ? 'made ready by ffmpeg' : 'as they are uploaded; there is no ffmpeg',
        ...(metricsServer ? { Metrics: metricsServer.url } : {}),
      },
      failed: database.lost,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function joinServices(parts: {
  config: Config
  log: Logger
  metrics: Metrics
  database: Database
  secret: string
  overrides: Overrides
  cleanups: (() => Promise<void>)[]
}): Promise<Services> {
  const { config, log, metrics, database, secret, overrides, cleanups } = parts
  const { pool, prisma: db } = database
  const sql = poolSql(pool)
  const bus = await openBus(config, log)
  cleanups.push(() => bus.close())
  const rateLimits = createRateLimits(
    config.redisUrl ? openLimitStore(config.redisUrl, bus, log) : null,
    metrics,
    log,
  )
  cleanups.push(async () => rateLimits.close())
  const sendLimits = createSendLimits({ limits: config.limits, bus, log, metrics })
  cleanups.push(async () => sendLimits.close())
  const fanOut = createFanOut({ pool, bus, log, metrics })
  cleanups.push(() => fanOut.close())
  const search = await openSearchIndex(config, pool, await readDatabaseId(sql), log)
  const indexing = createIndexWorker({ pool, index: search, log })
  cleanups.push(() => indexing.close())
  const hooks = createHooks()
  const wakeDelivery = () => hooks.signal('changesMarked')
  const sendQueue = createSendQueue({ pool, config, wakeDelivery, metrics })
  cleanups.push(() => sendQueue.close())
  const messageHook = openMessageHook(config, log, metrics)
  cleanups.push(async () => messageHook?.close())
  const push = await openPush(config, log, metrics)
  cleanups.push(async () => push.close())
  const inbox = new InboxHub({ sql, bus, log, config })
  cleanups.push(() => inbox.close())
  const presence = new PresenceHub({ sql, bus, log, config, leases: openLeases(config, log) })
  cleanups.push(() => presence.close())
  const typing = new TypingHub({ bus, config, log, sql, presence })
  cleanups.push(async () => typing.close())
  listen(hooks, { config, log, sql, push, inbox, presence, typing, fanOut, indexing })
  hooks.seal()
  return {
    config,
    log,
    metrics,
    db,
    pool,
    sql,
    bus,
    passwords: createPasswords(overrides.passwordHashing),
    tokens: createTokens(secret, config),
    provider: config.provider && createIdentityProvider(config.provider, log),
    sessions: createSessionCache({ sql, bus }),
    rateLimits,
    sendLimits,
    hookedSends: messageHook && new HookedSends(messageHook),
    media: await openMedia(config, secret),
    messageKinds: createMessageKinds(overrides.messageKinds ?? []),
    sendQueue,
    inbox,
    search,
    indexing,
    push,
    presence,
    typing,
    hooks,
  }
}

/** What is done later, by whichever server is free. */
function tasksOf(services: Services): Tasks {
  return {
    forgetEndedSessions: forgetEndedSessions(services),
    forgetAcknowledgements: forgetAcknowledgements(services),
    processMedia: processMedia(services),
    removeMediaBytes: removeMediaBytes(services),
    collectUnusedMedia: collectUnusedMedia(services),
    [departuresTask]: departures(services),
    forgetAttempts: forgetAttempts(services),
    [registeredTask]: tellRegistered(services),
  }
}

async function openBus({ redisUrl }: Config, log: Logger): Promise<Bus> {
  if (redisUrl) return openRedisBus(redisUrl, log)
  return createMemoryBus((error) => log.error({ err: error }, 'a listener of the bus failed'))
}

function openLeases({ redisUrl, limits }: Config, log: Logger): Leases {
  return redisUrl ? new RedisLeases(redisUrl, { leaseMs: limits.presenceLeaseMs, log }) : createMemoryLeases()
}
