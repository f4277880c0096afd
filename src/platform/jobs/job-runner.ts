import { EventEmitter } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { parseCronItems, type Runner, run, runMigrations, Logger as WorkerLogger } from 'graphile-worker'
import type pg from 'pg'
import type { Logger } from 'pino'
import { keepWorkerLeases } from './worker-leases.ts'

export interface RunningJob {
  /** 1 at the first try. */
  attempt: number
  maxAttempts: number
  /** Aborted when the server stops: what is not done by then is done again later. */
  signal: AbortSignal
}

/** What a task does; a job that throws is run again later, and may be run twice in any case. */
export interface Task {
  run(payload: unknown, job: RunningJob): Promise<void>
  /** A crontab pattern in UTC, such as `0 4 * * *` for four each morning: it is also run by the clock, once for all servers. */
  every?: string
}

export type Tasks = Record<string, Task>

export interface JobRunner {
  /** Waits for the jobs in hand, for ten seconds at most; the last five with their signal aborted. */
  close(): Promise<void>
}

export interface JobTimings {
  /** How often a process reports that its worker is alive. */
  heartbeatMs: number
  /** The pause before the queue is connected to again. */
  retryMs: number
  /** How long a job may go on when the server stops: once until its signal is aborted, and once after. */
  graceMs: number
}

const concurrency = 4
const defaultTimings: JobTimings = { heartbeatMs: 5_000, retryMs: 1_000, graceMs: 5_000 }

/** Brings the tables of the queue up to date; they are its own. */
export async function prepareJobs(pool: pg.Pool, log: Logger): Promise<void> {
  await runMigrations({ pgPool: pool, logger: workerLogger(log) })
}

/** Runs jobs until it is closed, whatever happens to the database meanwhile. */
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
        log.warn({ err: error, retryMs }, 'jobs cannot be run for now')
      }
      runner = null
      if (!stopping.signal.aborted) await pause(retryMs, undefined, stopping).catch(() => {})
    }
  }

  const running = keepRunning()
  return {
    async close() {
      stopping.abort()
      // It throws when it has stopped by itself meanwhile, which is as well.
      runner?.stop().catch(() => {})
      // A job that does not heed its signal is left to itself, and to another server.
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
    // What it tells in the ordinary course of things is of no use to an operator.
    if (level === 'error' || level === 'warning') log.warn({ err: meta?.error }, `jobs: ${message}`)
  })
}
