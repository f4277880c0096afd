import { z } from 'zod'
import type { RedisAddress } from '../platform/redis/address.ts'
import { integer, list, secret, url } from './fields.ts'

const postgresUrl = z
  .string()
  .refine((text) => !/^postgres(ql)?:\/\/[^/?]*,/.test(text), {
    error: 'several hosts are not supported; use an address that leads to the primary after a failover',
    abort: true,
  })
  .pipe(url('postgresql:', 'postgres:'))

/** PostgreSQL, and the Redis that connects several servers. */
export const serviceSettings = {
  DATABASE_URL: secret(
    postgresUrl.optional().describe('PostgreSQL 15 or newer to use instead of the embedded one.'),
  ),
  DATABASE_DIRECT_URL: secret(
    postgresUrl
      .optional()
      .describe(
        'Address of PostgreSQL itself for locks, migrations and jobs, if DATABASE_URL leads to a connection pooler in transaction mode.',
      ),
  ),
  DATABASE_REPLICA_URL: secret(
    postgresUrl
      .optional()
      .describe(
        'Streaming standby of DATABASE_URL that answers pages of messages for which it has replayed enough; the primary answers the others.',
      ),
  ),
  DATABASE_POOL_SIZE: integer(20, [4, 1000], 'Maximum database connections of one server.'),
  REDIS_URL: secret(
    url('redis:', 'rediss:')
      .optional()
      .describe(
        'Redis 7 or newer that connects several servers on one DATABASE_URL. Without it, only one server may use the database.',
      ),
  ),
  REDIS_SENTINELS: list
    .transform((items) => items.map(hostAndPort))
    .refine((addresses) => addresses.every((address) => address.host !== ''), {
      error: 'hosts with ports, such as 10.0.0.1:26379, separated by commas',
    })
    .describe(
      'Addresses of Redis Sentinels, separated by commas, such as 10.0.0.1:26379; the host of REDIS_URL is then the name of the primary.',
    ),
  REDIS_SENTINEL_PASSWORD: secret(
    z.string().optional().describe('Password of the Sentinels, if they require one.'),
  ),
}

type ServiceEnv = z.output<z.ZodObject<typeof serviceSettings>>

const sentinelPort = 26_379

/** Parses `host`, `host:port` and `[address]:port`; the host is empty if it is none of these. */
function hostAndPort(item: string): { host: string; port: number } {
  const [, host = '', port] = item.match(/^(\[[0-9a-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/i) ?? []
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port ?? sentinelPort) }
}

export function serviceErrors(given: Record<string, string | undefined>): string[] {
  return [
    ...(given.REDIS_URL && !given.AUTH_SECRET
      ? ['AUTH_SECRET: required with REDIS_URL, because all servers must issue the same tokens']
      : []),
    ...(given.DATABASE_DIRECT_URL && !given.DATABASE_URL
      ? ['DATABASE_DIRECT_URL: requires DATABASE_URL, the address of the pooler']
      : []),
    ...(given.DATABASE_REPLICA_URL && !given.DATABASE_URL
      ? ['DATABASE_REPLICA_URL: requires DATABASE_URL, the address of the primary']
      : []),
    ...(given.REDIS_SENTINELS && !given.REDIS_URL
      ? ['REDIS_SENTINELS: requires REDIS_URL, such as redis://NAME with the name of the primary']
      : []),
  ]
}

function redis(env: ServiceEnv): RedisAddress | null {
  const { REDIS_URL: url, REDIS_SENTINELS: sentinels, REDIS_SENTINEL_PASSWORD: sentinelPassword } = env
  return url ? { url, sentinels, sentinelPassword } : null
}

export function serviceConfig(env: ServiceEnv) {
  const { DATABASE_URL: url, DATABASE_DIRECT_URL: directUrl } = env
  return {
    /** PostgreSQL itself, or a pooler that keeps sessions. Undefined: the embedded one. */
    databaseUrl: directUrl ?? url,
    /** A pooler in transaction mode in front of it. */
    databasePoolerUrl: directUrl && url,
    /** A streaming standby. */
    databaseReplicaUrl: env.DATABASE_REPLICA_URL,
    databasePoolSize: env.DATABASE_POOL_SIZE,
    redis: redis(env),
  }
}
