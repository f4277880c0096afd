import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../test/setup/free-port.ts'
import { createMeilisearch, findMeilisearch, type MeilisearchProcess } from '../../test/setup/meilisearch.ts'
import { createRedis, installedRedis, type RedisProcess } from '../../test/setup/redis.ts'
import type { Postgres } from './postgres.ts'
import { Server } from './server.ts'
import { TcpProxy } from './tcp-proxy.ts'

/** Servers, each with a network of its own to every service. */
export interface Rig {
  servers: Server[]
  postgres: Postgres
  redis: RedisProcess
  /** Null if this machine has none; the servers then search in PostgreSQL. */
  meilisearch: MeilisearchProcess | null
  toPostgres: TcpProxy[]
  toRedis: TcpProxy[]
  stop(): Promise<void>
}

export interface RigOptions {
  program: string
  servers: number
  /** The rig stops it in the end. */
  postgres: Postgres
  /** Whether the servers search in Meilisearch where this machine has it. */
  meilisearch?: boolean
}

const settings = {
  AUTH_SECRET: 'a secret of a contract run, of no use elsewhere',
  LOG_LEVEL: 'error',
  DATABASE_POOL_SIZE: '8',
  DIRECT_MESSAGES_FROM: 'everyone',
  GROUP_ADDITIONS_FROM: 'everyone',
  LIMIT_IMMEDIATE_GROUP_SIZE: '3',
  LIMIT_INLINE_GROUP_SIZE: '5',
  LIMIT_CLOSE_SPREAD_MS: '500',
  LIMIT_SENDS_PER_SECOND: '1000000',
  LIMIT_SEND_BURST: '1000000',
  LIMIT_SAME_TEXT_CONVERSATIONS: '1000000',
  LIMIT_LOGINS: '1000000',
  LIMIT_LOGINS_PER_ACCOUNT: '1000000',
  LIMIT_LOGINS_PER_DEVICE: '1000000',
  LIMIT_LOGINS_PER_ADDRESS: '1000000',
  LIMIT_REGISTRATIONS_PER_HOUR: '1000000',
  LIMIT_REGISTRATIONS_PER_HOUR_PER_DEVICE: '1000000',
  LIMIT_ADDITIONS_PER_STRANGER: '1000000',
  LIMIT_STRANGERS_PER_DAY: '1000000',
  LIMIT_NEW_ACCOUNT_STRANGERS_PER_DAY: '1000000',
  LIMIT_REFUSALS_PER_MINUTE: '1000000',
}

export async function openRig(options: RigOptions): Promise<Rig> {
  const { postgres } = options
  const closing: (() => Promise<unknown>)[] = [() => postgres.stop()]
  const stop = async () => {
    for (const close of closing.splice(0).reverse()) await close()
  }
  try {
    if (!installedRedis())
      throw new Error('The contract needs redis-server: two servers share no bus without it.')
    const dataDir = await mkdtemp(join(tmpdir(), 'parlance-contract-files-'))
    closing.push(() => rm(dataDir, { recursive: true, force: true }))
    const redis = await createRedis()
    await redis.start()
    closing.push(() => redis.kill())
    const program = options.meilisearch ? await findMeilisearch() : null
    const meilisearch = program ? await createMeilisearch(program, tmpdir()) : null
    if (meilisearch) closing.push(() => meilisearch.remove())
    await meilisearch?.start()
    const redisPort = Number(new URL(redis.url).port)
    const [toPostgres, toRedis, servers]: [TcpProxy[], TcpProxy[], Server[]] = [[], [], []]
    for (let index = 0; index < options.servers; index += 1) {
      const database = await TcpProxy.open(() => postgres.address())
      const bus = await TcpProxy.open(() => ({ host: '127.0.0.1', port: redisPort }), { isRedis: true })
      closing.push(
        () => database.close(),
        () => bus.close(),
      )
      toPostgres.push(database)
      toRedis.push(bus)
      const server = new Server(options.program, await freePort(), {
        ...settings,
        DATA_DIR: dataDir,
        DATABASE_URL: postgres.url(database.port),
        ...(meilisearch ? { MEILI_URL: meilisearch.url, MEILI_KEY: meilisearch.key } : {}),
        REDIS_URL: `redis://127.0.0.1:${bus.port}`,
      })
      servers.push(server)
    }
    closing.push(() => Promise.all(servers.map((server) => server.kill())))
    // The first one migrates the database.
    await servers[0]?.start()
    await Promise.all(servers.slice(1).map((server) => server.start()))
    return { servers, postgres, redis, meilisearch, toPostgres, toRedis, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
