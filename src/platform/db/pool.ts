import pg from 'pg'
import type { Logger } from 'pino'
import { applicationName, pooledPrefix } from '../postgres/lock.ts'
import { parseTimestamp, timestamptz } from '../time/timestamp.ts'
import { traceQueries } from '../tracing/queries.ts'
import type { Tracing } from '../tracing/tracing.ts'
import type { Outages } from './outages.ts'
import { type StatementTimeouts, setForSession } from './pooled/session-settings.ts'
import { UnnamedClient } from './pooled/unnamed-client.ts'
import { onDatabaseError } from './start-fault.ts'

interface PoolOptions {
  poolSize: number
  timeouts: StatementTimeouts
  /** Whether the connections go through a pooler in transaction mode. */
  isPooled: boolean
  /** How long a new connection may take. */
  connectMs?: number
  log: Logger
  outages: Pick<Outages, 'note'>
  tracing: Tracing | null
}

export function openPool(
  connection: pg.PoolConfig,
  { poolSize, timeouts, isPooled, connectMs = 5_000, log, outages, tracing }: PoolOptions,
): pg.Pool {
  const settings = setForSession(timeouts)
  const pool = new pg.Pool({
    ...connection,
    max: poolSize,
    connectionTimeoutMillis: connectMs,
    // A statement is sent without waiting for the one before it; see `inOneFlight`.
    pipeline: true,
    // For a database that stops responding and does not end statements itself.
    query_timeout: timeouts.statementMs + 1_000,
    types: { getTypeParser },
    ...(isPooled
      ? { application_name: `${pooledPrefix}${applicationName}`, Client: UnnamedClient }
      : {
          application_name: applicationName,
          // oxlint-disable-next-line typescript/no-misused-promises -- the pool awaits it; only its type says void
          onConnect: (client: pg.ClientBase) => client.query(settings).then(() => {}),
        }),
  })
  if (tracing) traceQueries(pool, tracing)
  pool.on('connect', (client) => {
    // Without a listener, the error of a broken connection would end the process. Queries report it themselves.
    client.on('error', () => {})
    onDatabaseError(client, ({ code }) => outages.note(code))
  })
  // Through a pooler, each statement is planned when it is executed.
  if (!isPooled) replan(pool)
  // Idle connections that break are replaced; those that a stopping server ends are expected to.
  pool.on('error', (error) => pool.ending || log.warn({ err: error }, 'idle database connection lost'))
  return pool
}

const replanMs = { first: 1_000, last: 600_000 }

/**
 * Makes each connection plan its statements again after one second, two, four and so on. PostgreSQL keeps a plan until the
 * tables are analysed: one for tables that were analysed while they were empty scans them, whatever they contain since.
 */
function replan(pool: pg.Pool): void {
  const next = new WeakMap<pg.PoolClient, { at: number; afterMs: number }>()
  pool.on('acquire', (client) => {
    const now = performance.now()
    const known = next.get(client)
    if (known && now < known.at) return
    const afterMs = known ? Math.min(2 * known.afterMs, replanMs.last) : replanMs.first
    next.set(client, { at: now + afterMs, afterMs })
    // If the connection is broken, the statement of the caller fails, too.
    if (known) client.query('discard plans').catch(() => {})
  })
}

const int8 = 20

// Prisma uses its own parsers.
const getTypeParser: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary') => {
  if (format === 'binary') return pg.types.getTypeParser(oid, format)
  // All bigint values stay far below 2^53.
  if (oid === int8) return Number
  return oid === timestamptz ? parseTimestamp : pg.types.getTypeParser(oid, format)
}
