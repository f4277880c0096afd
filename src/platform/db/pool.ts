import pg from 'pg'
import type { Logger } from 'pino'
import { applicationName } from '../postgres/lock.ts'
import { parseTimestamp, timestamptz } from '../time/timestamp.ts'
import type { Outages } from './outages.ts'
import { onDatabaseError } from './start-fault.ts'

/**
 * Settings of each session, whatever database and role set as defaults. They are set by a statement, because PgBouncer
 * rejects most startup parameters.
 */
const sessionSettings = Object.entries({
  timezone: 'UTC',
  // JIT compilation takes longer than the statements themselves.
  jit: 'off',
  // Each statement sees what was committed before it; under SERIALIZABLE a fifth of the sends fail.
  default_transaction_isolation: 'read committed',
  statement_timeout: '5s',
  lock_timeout: '2s',
  idle_in_transaction_session_timeout: '10s',
})
  .map(([name, value]) => `set ${name} = '${value}'`)
  .join('; ')

export function openPool(
  connection: pg.PoolConfig,
  { poolSize, log, outages }: { poolSize: number; log: Logger; outages: Outages },
): pg.Pool {
  const pool = new pg.Pool({
    ...connection,
    max: poolSize,
    connectionTimeoutMillis: 5_000,
    application_name: applicationName,
    // For a database that stops responding and does not end statements itself.
    query_timeout: 6_000,
    // oxlint-disable-next-line typescript/no-misused-promises -- the pool awaits it; only its type says void
    onConnect: (client) => client.query(sessionSettings).then(() => {}),
    types: { getTypeParser },
  })
  pool.on('connect', (client) => {
    // Without a listener, the error of a broken connection would end the process. Queries report it themselves.
    client.on('error', () => {})
    onDatabaseError(client, ({ code }) => outages.note(code))
  })
  // Idle connections that break are replaced; those that a stopping server ends are expected to.
  pool.on('error', (error) => pool.ending || log.warn({ err: error }, 'idle database connection lost'))
  return pool
}

const int8 = 20

// Prisma uses its own parsers.
const getTypeParser: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary') => {
  if (format === 'binary') return pg.types.getTypeParser(oid, format)
  // All bigint values stay far below 2^53.
  if (oid === int8) return Number
  return oid === timestamptz ? parseTimestamp : pg.types.getTypeParser(oid, format)
}
