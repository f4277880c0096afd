import type { EventEmitter } from 'node:events'
import type pg from 'pg'
import type { Logger } from 'pino'
import { isOrphaned, owner } from '../db/lease.ts'

const leaseSeconds = 30

const heartbeat = `
  insert into job_worker (worker_id, owner, seen_at) select unnest($1::text[]), ${owner}, clock_timestamp()
  on conflict (worker_id) do update set seen_at = excluded.seen_at`

// A killed worker has no connection, one whose machine is gone sends no heartbeats. A worker without any heartbeat has
// just started or is dead.
const expired = `
  select distinct h.locked_by as id
  from (
    select locked_by, locked_at from graphile_worker._private_jobs where locked_by is not null
    union all
    select locked_by, locked_at from graphile_worker._private_job_queues where locked_by is not null
  ) h
  left join job_worker w on w.worker_id = h.locked_by
  where coalesce(w.seen_at, h.locked_at) < clock_timestamp() - interval '${leaseSeconds} seconds' or ${isOrphaned('w')}`

// Unlocks the jobs of workers that stop or are dead.
const release = 'select graphile_worker.force_unlock_workers($1::text[])'

const purge = `
  delete from job_worker where seen_at < clock_timestamp() - interval '${leaseSeconds * 2} seconds'`

/**
 * Sends heartbeats of this process's workers, and unlocks the jobs of workers whose process has ended or whose
 * heartbeats have stopped. The queue itself would wait four hours.
 */
export function keepWorkerLeases(parts: {
  pool: pg.Pool
  log: Logger
  events: EventEmitter
  heartbeatMs: number
}) {
  const { pool, log, events, heartbeatMs } = parts
  const living = new Set<string>()
  events.on('pool:create', ({ workerPool }: PoolEvent) => {
    living.add(workerPool.id)
    // At once, so that the owner is known before the first job, and a restarted server repeats the jobs of the last one.
    startTurn()
  })
  events.on('pool:release', ({ workerPool }: PoolEvent) => void living.delete(workerPool.id))

  async function turn(): Promise<void> {
    await pool.query(heartbeat, [[...living]])
    const { rows } = await pool.query<{ id: string }>(expired)
    const dead = rows.map(({ id }) => id).filter((id) => !living.has(id))
    if (dead.length > 0) {
      log.warn({ workers: dead }, 'workers dead, repeating their jobs')
      await pool.query(release, [dead])
    }
    await pool.query(purge)
  }

  let turning: Promise<void> = Promise.resolve()
  let isQueued = false
  function startTurn(): void {
    // While a turn hangs only one waits for it.
    if (isQueued) return
    isQueued = true
    turning = turning
      .then(() => {
        isQueued = false
        return turn()
      })
      .catch((error: unknown) => log.debug({ err: error }, 'worker heartbeat failed'))
  }
  const timer = setInterval(startTurn, heartbeatMs)
  return {
    async close(): Promise<void> {
      clearInterval(timer)
      await turning
      await pool.query(release, [[...living]]).catch(() => {})
    },
  }
}

// Jobs are locked in the name of the process’s worker pool.
interface PoolEvent {
  workerPool: { id: string }
}
