import type { Logger } from 'pino'
import type { Tracing } from '../../tracing/tracing.ts'
import { openPool } from '../pool.ts'
import type { StatementTimeouts } from '../pooled/session-settings.ts'
import { poolSql } from '../sql.ts'

/** A standby that answers reads for which it has replayed enough. */
export interface Replica {
  /** The rows of a statement; null while the standby does not answer. */
  read<Row>(text: string, params: unknown[]): Promise<Row[] | null>
  close(): Promise<void>
}

// A request that waited for the standby is answered by the primary.
const answerMs = 1_000
// After a failure, the standby is left alone for this time.
const pauseMs = 5_000

export function openReplica(
  connectionString: string,
  {
    poolSize,
    timeouts,
    log,
    tracing,
  }: { poolSize: number; timeouts: StatementTimeouts; log: Logger; tracing: Tracing | null },
): Replica {
  const pool = openPool(
    { connectionString },
    {
      poolSize,
      timeouts: { ...timeouts, statementMs: answerMs },
      connectMs: answerMs,
      isPooled: false,
      log,
      tracing,
      // Its outages are none of the primary.
      outages: { note: () => {} },
    },
  )
  const sql = poolSql(pool)
  let pausedUntil = 0
  return {
    async read<Row>(text: string, params: unknown[]) {
      if (performance.now() < pausedUntil) return null
      try {
        return await sql.query<Row>(text, params)
      } catch (error) {
        if (performance.now() >= pausedUntil)
          log.warn({ err: error }, 'replica failed, reading from the primary')
        pausedUntil = performance.now() + pauseMs
        return null
      }
    },
    close: () => pool.end(),
  }
}
