import type { EventEmitter } from 'node:events'
import type pg from 'pg'
import type { Logger } from 'pino'

const leaseSeconds = 30

const beat = `
  insert into job_worker (worker_id, seen_at) select unnest($1::text[]), clock_timestamp()
  on conflict (worker_id) do update set seen_at = excluded.seen_at`

// A worker of a process that was killed says nothing any more; one that never said anything has just begun or is dead.
const silent = `
  select distinct h.locked_by as id
  from (
    select locked_by, locked_at from graphile_worker._private_jobs where locked_by is not null
    union all
    select locked_by, locked_at from graphile_worker._private_job_queues where locked_by is not null
  ) h
  left join job_worker w on w.worker_id = h.locked_by
  where coalesce(w.seen_at, h.locked_at) < clock_timestamp() - interval '${leaseSeconds} seconds'`

// What is still held by a worker that goes away.
const release = 'select graphile_worker.force_unlock_workers($1::text[])'

const forget = `
  delete from job_worker where seen_at < clock_timestamp() - interval '${leaseSeconds * 2} seconds'`

/**
 * Says every few seconds that the worker of this process lives, and sets free the jobs of those that no longer say so.
 * The queue itself waits four hours before it believes that a worker is dead.
 */
export function keepWorkerLeases(parts: {
  pool: pg.Pool
  log: Logger
  events: EventEmitter
  heartbeatMs: number
}) {
  const { pool, log, events, heartbeatMs } = parts
  const living = new Set<string>()
  events.on('pool:create', ({ workerPool }: PoolEvent) => void living.add(workerPool.id))
  events.on('pool:release', ({ workerPool }: PoolEvent) => void living.delete(workerPool.id))

  async function turn(): Promise<void> {
    await pool.query(beat, [[...living]])
    const { rows } = await pool.query<{ id: string }>(silent)
    const dead = rows.map(({ id }) => id).filter((id) => !living.has(id))
    if (dead.length > 0) {
      log.warn({ workers: dead }, 'the jobs of workers that have died are run again')
      await pool.query(release, [dead])
    }
    await pool.query(forget)
  }

  let turning: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    turning = turn().catch((error: unknown) =>
      log.debug({ err: error }, 'no word of the workers got through'),
    )
  }, heartbeatMs)
  return {
    async close(): Promise<void> {
      clearInterval(timer)
      await turning
      await pool.query(release, [[...living]]).catch(() => {})
    },
  }
}

// Jobs are held in the name of the whole pool of a process.
interface PoolEvent {
  workerPool: { id: string }
}
