import type { z } from 'zod'
import { integer, secret, url } from './fields.ts'

/** PostgreSQL, and the Redis that connects several servers. */
export const serviceSettings = {
  DATABASE_URL: secret(
    url('postgresql:', 'postgres:')
      .optional()
      .describe('PostgreSQL 15 or newer to use instead of the embedded one.'),
  ),
  DATABASE_DIRECT_URL: secret(
    url('postgresql:', 'postgres:')
      .optional()
      .describe(
        'Address of PostgreSQL itself for locks, migrations and jobs, if DATABASE_URL leads to a connection pooler in transaction mode.',
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
}

export function serviceErrors(given: Record<string, string | undefined>): string[] {
  return [
    ...(given.REDIS_URL && !given.AUTH_SECRET
      ? ['AUTH_SECRET: required with REDIS_URL, because all servers must issue the same tokens']
      : []),
    ...(given.DATABASE_DIRECT_URL && !given.DATABASE_URL
      ? ['DATABASE_DIRECT_URL: requires DATABASE_URL, the address of the pooler']
      : []),
  ]
}

export function serviceConfig(env: z.output<z.ZodObject<typeof serviceSettings>>) {
  const { DATABASE_URL: url, DATABASE_DIRECT_URL: directUrl } = env
  return {
    /** PostgreSQL itself, or a pooler that keeps sessions. Undefined: the embedded one. */
    databaseUrl: directUrl ?? url,
    /** A pooler in transaction mode in front of it. */
    databasePoolerUrl: directUrl && url,
    databasePoolSize: env.DATABASE_POOL_SIZE,
    redisUrl: env.REDIS_URL,
  }
}
