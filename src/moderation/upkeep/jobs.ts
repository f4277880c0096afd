import type { Context } from '../../context.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { withTransaction } from '../../transaction.ts'
import type { Actor } from '../actor.ts'
import { recordAct, serverSubject } from '../audit.ts'

/** A job that failed finally. */
export interface DeadJob {
  id: string
  task: string
  attempts: number
  lastError: string | null
  failedAt: Date
}

const dead = 'attempts >= max_attempts and locked_at is null'

const list = `
  select id::text as id, task_identifier as task, attempts, last_error as "lastError", updated_at as "failedAt"
  from graphile_worker.jobs where ${dead} order by id limit $1`

/** Jobs that failed finally, oldest first. */
export const listDeadJobs = (sql: Sql, most: number): Promise<DeadJob[]> => sql.query(list, [most])

const retry = `
  select id::text as id from graphile_worker.reschedule_jobs(
    (select coalesce(array_agg(id), '{}') from graphile_worker.jobs where ${dead} and ($1::bigint is null or id = $1::bigint)),
    run_at := now(), attempts := 0)`

/** Lets servers run dead jobs again, or one of them, and returns their number. */
export async function retryJobs(ctx: Context, actor: Actor, id: string | null): Promise<number> {
  return withTransaction(ctx, async (tx) => {
    const jobs = (await tx.sql.query<{ id: string }>(retry, [id])).length
    if (jobs > 0) await recordAct(tx.sql, actor, 'retryJobs', serverSubject, { jobs, ...(id && { id }) })
    return jobs
  })
}
