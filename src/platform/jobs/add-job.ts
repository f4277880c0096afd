import type { Sql } from '../db/sql.ts'

export interface JobOptions {
  /** Of the jobs with one key only the last asked for is kept, until one of them is being run. */
  jobKey?: string
  runAt?: Date
  /** 25 unless said, with growing pauses: days. */
  maxAttempts?: number
  /** Jobs of one queue run one after the other. */
  queueName?: string
}

const insertJob = `
  select id::text from graphile_worker.add_job($1, $2::text::json, queue_name := $3, run_at := $4::text::timestamptz,
                                               max_attempts := $5::integer, job_key := $6)`

/** Leaves work for later in the caller's transaction: it is done if that commits, at least once. */
export async function addJob(
  sql: Sql,
  task: string,
  payload: object,
  { jobKey, runAt, maxAttempts, queueName }: JobOptions = {},
): Promise<void> {
  await sql.query(insertJob, [
    task,
    JSON.stringify(payload),
    queueName ?? null,
    runAt?.toISOString() ?? null,
    maxAttempts ?? null,
    jobKey ?? null,
  ])
}
