import { EventEmitter } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { parseCronItems, type Runner, run, runMigrations, Logger as WorkerLogger } from 'graphile-worker'
import type pg from 'pg'
import type { Logger } from 'pino'
import { keepWorkerLeases } from './worker-leases.ts'

export interface RunningJob {
  /** 1 for the first attempt. */
  attempt: number
  maxAttempts: number
  /** Aborted when the server stops; an unfinished job is repeated later. */
  signal: AbortSignal
}

/** A job handler. A job that throws is retried; any job may run twice. */
export interface Task {
  run(payload: unknown, job: RunningJob): Promise<void>
  /** Crontab pattern in UTC at which the job also runs, once for all servers: `0 4 * * *` is daily at 04:00. */
  every?: string
}

export type Tasks = Record<string, Task>

export interface JobRunner {
  /** Waits for running jobs: until `graceMs`, then with their signal aborted as long again. */
  close(): Promise<void>
}

export interface JobTimings {
  /** Interval of heartbeats. */
  heartbeatMs: number
  /** Pause before reconnecting to the queue. */
  retryMs: number
  /** Time that running jobs have when the server stops: once until their signal is aborted, once after. */
  graceMs: number
}

const concurrency = 4
const defaultTimings: JobTimings = { heartbeatMs: 5_000, retryMs: 1_000, graceMs: 5_000 }

/** Migrates the tables of the queue, which are separate from the migrations of the application. */
export async function prepareJobs(pool: pg.Pool, log: Logger): Promise<void> {
  await runMigrations({ pgPool: pool, logger: workerLogger(log) })
}

/** Runs jobs until closed; reconnects when the database was unavailable. */
export function startJobs(parts: {
  pool: pg.Pool
  log: Logger
  tasks: Tasks
  timings?: JobTimings
}): JobRunner {
  const { pool, log, tasks } = parts
  const { heartbeatMs, retryMs, graceMs } = parts.timings ?? defaultTimings
  const events = new EventEmitter()
  const leases = keepWorkerLeases({ pool, log, events, heartbeatMs })
  const stopping = new AbortController()
  let runner: Runner | null = null

  async function keepRunning(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        runner = await run({
          pgPool: pool,
          logger: workerLogger(log),
          events,
          concurrency,
          noHandleSignals: true,
          gracefulShutdownAbortTimeout: graceMs,
          taskList: taskList(tasks),
          parsedCronItems: cronItems(tasks),
        })
        if (stopping.signal.aborted) await runner.stop()
        await runner.promise
      } catch (error) {
        log.warn({ err: error, retryMs }, 'job queue unavailable, retrying')
      }
      runner = null
      if (!stopping.signal.aborted) await pause(retryMs, undefined, stopping).catch(() => {})
    }
  }

  const running = keepRunning()
  return {
    async close() {
      stopping.abort()
      // It rejects if the runner has already stopped.
      runner?.stop().catch(() => {})
      // A job that ignores its signal is abandoned; another server repeats it.
      await Promise.race([running, pause(graceMs * 2, undefined, { ref: false })])
      await leases.close()
    },
  }
}

function taskList(tasks: Tasks) {
  return Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [
      name,
      (payload: unknown, { job, abortSignal }: { job: JobNumbers; abortSignal?: AbortSignal }) =>
        task.run(payload, {
          attempt: job.attempts,
          maxAttempts: job.max_attempts,
          signal: abortSignal ?? new AbortController().signal,
        }),
    ]),
  )
}

interface JobNumbers {
  attempts: number
  max_attempts: number
}

function cronItems(tasks: Tasks) {
  return parseCronItems(
    Object.entries(tasks).flatMap(([task, { every }]) =>
      every ? [{ task, match: every, options: { backfillPeriod: 0, jobKey: task } }] : [],
    ),
  )
}

function workerLogger(log: Logger): WorkerLogger {
  return new WorkerLogger(() => (level, message, meta) => {
    // Its info lines are of no use to an operator.
    if (level === 'error' || level === 'warning') log.warn({ err: meta?.error }, `jobs: ${message}`)
  })
}
