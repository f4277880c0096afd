import pg from 'pg'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { poolSql } from '../../src/platform/db/sql.ts'
import { addJob } from '../../src/platform/jobs/add-job.ts'
import { startJobs, type Tasks } from '../../src/platform/jobs/job-runner.ts'
import { createTestDatabase, type TestDatabase } from '../setup/database.ts'

// The queue has no public API, so this test calls it directly.
let database: TestDatabase
let pool: pg.Pool
const log = pino({ level: 'silent' })
const timings = { heartbeatMs: 200, retryMs: 100, graceMs: 500 }

beforeAll(async () => {
  database = await createTestDatabase()
  pool = openPool()
})

afterAll(async () => {
  await pool.end()
  await database.drop()
})

function openPool(): pg.Pool {
  const opened = new pg.Pool({ connectionString: database.url, max: 6 })
  opened.on('error', () => {})
  opened.on('connect', (client) => client.on('error', () => {}))
  return opened
}

function startRunner(tasks: Tasks) {
  const runner = startJobs({ pool, log, tasks, timings })
  onTestFinished(() => runner.close())
  return runner
}

const waiting = async () => (await pool.query('select from graphile_worker.jobs')).rowCount

test('a job runs after its transaction commits, and not after a rollback', async () => {
  const done: unknown[] = []
  startRunner({ greet: { run: async (payload) => void done.push(payload) } })

  const client = await pool.connect()
  for (const [who, end] of [
    ['mallory', 'rollback'],
    ['alice', 'commit'],
  ] as const) {
    await client.query('begin')
    await addJob(poolSql(client), 'greet', { who })
    await client.query(end)
  }
  client.release()

  await vi.waitFor(() => expect(done).toEqual([{ who: 'alice' }]), 10_000)
  await vi.waitFor(async () => expect(await waiting()).toBe(0), 10_000)
})

test('a failed job is retried, and the last of several jobs with one key replaces the others', async () => {
  const tries: unknown[] = []
  await addJob(poolSql(pool), 'stumble', { step: 1 }, { jobKey: 'one' })
  await addJob(poolSql(pool), 'stumble', { step: 2 }, { jobKey: 'one' })
  startRunner({
    stumble: {
      run: async (payload, { attempt }) => {
        tries.push([payload, attempt])
        if (attempt === 1) throw new Error('not yet')
      },
    },
  })

  await vi.waitFor(async () => expect(await waiting()).toBe(0), 20_000)
  expect(tries).toEqual([
    [{ step: 2 }, 1],
    [{ step: 2 }, 2],
  ])
})

test('a job of a killed server is run by another server', async () => {
  await addJob(poolSql(pool), 'orphan', {})
  await pool.query(
    `update graphile_worker._private_jobs set locked_by = 'killed', locked_at = now() - interval '1 minute', attempts = 1`,
  )
  const done: number[] = []
  startRunner({ orphan: { run: async (_payload, { attempt }) => void done.push(attempt) } })

  await vi.waitFor(() => expect(done).toEqual([2]), 15_000)
})

test('a job of a process that has ended is run at once, and one of a live process is not', async () => {
  const alive = new pg.Client({ connectionString: database.url, application_name: 'alive' })
  await alive.connect()
  for (const owner of ['ended', 'alive']) {
    await addJob(poolSql(pool), 'owned', { owner })
    await pool.query(
      `update graphile_worker._private_jobs set locked_by = $1, locked_at = now(), attempts = 1 where locked_by is null`,
      [`worker of ${owner}`],
    )
    await pool.query(`insert into job_worker (worker_id, owner, seen_at) values ($1, $2, now())`, [
      `worker of ${owner}`,
      owner,
    ])
  }
  const done: unknown[] = []
  startRunner({ owned: { run: async (payload, { attempt }) => void done.push([payload, attempt]) } })

  await vi.waitFor(() => expect(done).toEqual([[{ owner: 'ended' }, 2]]), 15_000)
  expect(await lockedBy()).toEqual(['worker of alive'])
  await alive.end()
  await vi.waitFor(() => expect(done).toHaveLength(2), 15_000)
})

test('a long job is not taken from a server that sends heartbeats', async () => {
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const starts: number[] = []
  startRunner({
    long: {
      run: async (_payload, { attempt }) => {
        starts.push(attempt)
        await held
      },
    },
  })
  await addJob(poolSql(pool), 'long', {})
  await vi.waitFor(() => expect(starts).toEqual([1]), 10_000)
  await vi.waitFor(async () => expect(await lastHeartbeat('HOLDERS')).toBeGreaterThan(0), 15_000)
  // Simulates a job that began long ago. The second heartbeat of the other runner follows the end of its first check.
  await pool.query(`update graphile_worker._private_jobs set locked_at = now() - interval '1 hour'`)
  startRunner({})
  for (let turn = 1; turn <= 2; turn += 1) {
    const before = await lastHeartbeat('OTHERS')
    await vi.waitFor(async () => expect(await lastHeartbeat('OTHERS')).toBeGreaterThan(before), 10_000)
  }

  expect(await lockedBy()).toEqual([expect.any(String)])
  expect(starts).toEqual([1])
  release()
  await vi.waitFor(async () => expect(await waiting()).toBe(0), 10_000)
})

test('a job that does not end when its server stops is run by another server', async () => {
  const stuck = startJobs({ pool, log, timings, tasks: { long: { run: () => new Promise(() => {}) } } })
  await addJob(poolSql(pool), 'long', {})
  await vi.waitFor(async () => expect(await lockedBy()).toHaveLength(1), 10_000)

  await stuck.close()
  const done: number[] = []
  startRunner({ long: { run: async (_payload, { attempt }) => void done.push(attempt) } })
  await vi.waitFor(() => expect(done).toEqual([2]), 10_000)
})

async function lockedBy(): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `select locked_by as id from graphile_worker._private_jobs where locked_by is not null`,
  )
  return rows.map(({ id }) => id)
}

/** Time of the last heartbeat of workers with a job, or of the others; 0 if there is none. */
async function lastHeartbeat(of: 'HOLDERS' | 'OTHERS'): Promise<number> {
  const { rows } = await pool.query<{ at: Date | null }>(
    'select max(seen_at) as at from job_worker where (worker_id = any($1)) = $2',
    [await lockedBy(), of === 'HOLDERS'],
  )
  return rows[0]?.at?.getTime() ?? 0
}

test('jobs continue after the database closed every connection', async () => {
  const done: unknown[] = []
  startRunner({ greet: { run: async (payload) => void done.push(payload) } })
  await addJob(poolSql(pool), 'greet', { time: 1 })
  await vi.waitFor(() => expect(done).toHaveLength(1), 10_000)

  // A separate pool, since the connections of the other one may be dead.
  const separate = openPool()
  onTestFinished(() => separate.end())
  await separate.query(
    'select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  )
  await addJob(poolSql(separate), 'greet', { time: 2 })
  await vi.waitFor(() => expect(done).toEqual([{ time: 1 }, { time: 2 }]), 15_000)
})
