import pg from 'pg'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { createMetrics } from '../../../src/platform/metrics.ts'
import type { Health } from '../../../src/server/ops/health.ts'
import { startMetricsServer } from '../../../src/server/ops/metrics-server.ts'
import { version } from '../../../src/server-info/version.ts'
import { inDatabase } from '../../auth/verbs.ts'
import { perform, refusal } from '../../world/client.ts'
import { eventually } from '../../world/eventually.ts'
import { Login } from '../../world/operations.ts'
import { useWorld } from '../../world/world.ts'
import { fetchPath } from '../wire.ts'

const world = useWorld({ METRICS_PORT: '0', METRICS_INSPECTION: 'on' })
const silent = useWorld()

/** The samples that Prometheus reads, by name and labels. */
async function metrics(): Promise<Map<string, number>> {
  const response = await fetch(world.parts.Metrics ?? '')
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toMatch(/^text\/plain/)
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]))
}

test('metrics count operations and their duration', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await alice.opens(bob)
  const before = await metrics()
  await alice.sends(id, 'one')
  await alice.sends(id, 'two')
  expect(await refusal(bob.sends('none', 'three'))).toBe('NOT_FOUND')

  const count = (code: string) => `parlance_operation_seconds_count{type="mutation",code="${code}"}`
  const sends = 'parlance_sends_total'
  const delivered = 'parlance_fan_out_delay_seconds_count'
  await eventually(async () => {
    const after = await metrics()
    const grown = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0)
    expect([grown(count('OK')), grown(count('NOT_FOUND')), grown(sends)]).toEqual([2, 1, 2])
    expect(grown(delivered)).toBeGreaterThan(0)
    expect(after.get('parlance_fan_out_waiting')).toBe(0)
  })
})

test('gauges show the current state', async () => {
  const alice = await world.person('alice')
  const inbox = await alice.listens()
  const open = await metrics()
  expect(open.get('parlance_sockets')).toBe(1)
  expect(open.get('parlance_streams')).toBe(1)
  expect(open.get('parlance_bus_up')).toBe(1)
  expect(open.get('parlance_bus_lost')).toBe(0)
  expect(open.get('parlance_database_connections')).toBeGreaterThan(0)
  expect(open.get('process_cpu_seconds_total')).toBeGreaterThan(0)
  expect(open.get('nodejs_eventloop_lag_p99_seconds')).toBeDefined()
  inbox.close()
  await alice.dispose()
  await eventually(async () => expect((await metrics()).get('parlance_streams')).toBe(0))
})

test('metrics count sign-ins and responses, and show version and database', async () => {
  const alice = await world.person('alice')
  const before = await metrics()
  await alice.onAnotherDevice()
  const input = { handle: alice.handle, password: 'another password' }
  expect(await refusal(perform(world.url, Login, { input }, null))).toBe('BAD_CREDENTIALS')
  await fetchPath(world.url, '/nowhere/at/all')
  await eventually(async () => {
    const after = await metrics()
    const grown = (name: string) =>
      (after.get(`parlance_${name}`) ?? 0) - (before.get(`parlance_${name}`) ?? 0)
    expect(grown('logins_total{outcome="OK"}')).toBe(1)
    expect(grown('logins_total{outcome="BAD_CREDENTIALS"}')).toBe(1)
    expect(grown('http_responses_total{route="graphql",status="200"}')).toBeGreaterThan(0)
    expect(grown('http_responses_total{route="other",status="404"}')).toBe(1)
    expect([...after.keys()]).toContain(`parlance_info{version="${version}",node="${process.version}"}`)
    expect(after.get('parlance_database_bytes')).toBeGreaterThan(1e6)
  })
  const db = new pg.Client({ connectionString: world.databaseUrl })
  await db.connect()
  await db.query('begin; select 1')
  const ages = [0, 1].map(async () => (await metrics()).get('parlance_database_oldest_transaction_seconds'))
  for (const age of await Promise.all(ages)) expect(age).toBeGreaterThan(0)
  await db.end()
})

test('metrics show how far the index and the jobs are behind', async () => {
  await eventually(async () => expect((await metrics()).get('parlance_search_index_up')).toBe(1))
  expect((await metrics()).get('parlance_jobs_dead')).toBe(0)
  await inDatabase(
    world,
    `select graphile_worker.add_job('unknown task', run_at := now() + interval '1 hour')`,
    [],
  )
  expect((await metrics()).get('parlance_jobs_waiting')).toBe(1)
})

test('metrics are on no port by default, and never on the public one', async () => {
  expect(silent.parts.Metrics).toBeUndefined()
  for (const { url } of [world, silent]) expect((await fetchPath(url, '/metrics')).status).toBe(404)
  const elsewhere = (world.parts.Metrics ?? '').replace('/metrics', '/graphql')
  expect((await fetch(elsewhere)).status).toBe(404)
})

async function look(path: string, signal?: AbortSignal) {
  const response = await fetch(new URL(path, world.parts.Metrics), signal ? { signal } : {})
  return { status: response.status, text: await response.text() }
}

test('the port for metrics serves CPU profiles, one at a time, if inspection is on', async () => {
  const leaving = new AbortController()
  const long = [1, 2].map(() => look('/debug/profile?seconds=60', leaving.signal))
  expect((await Promise.race(long)).status).toBe(409)
  leaving.abort()
  await Promise.allSettled(long)
  await eventually(async () => {
    const { status, text } = await look('/debug/profile?seconds=0.1')
    expect(status).toBe(200)
    expect((JSON.parse(text) as { nodes: unknown[] }).nodes.length).toBeGreaterThan(1)
  })
  for (const seconds of ['0', '61', 'x'])
    expect((await look(`/debug/profile?seconds=${seconds}`)).status).toBe(400)

  const parts = { metrics: createMetrics({ ofProcess: false }), log: pino({ level: 'silent' }) }
  const off = { host: '127.0.0.1', port: 0, inspection: false }
  const closed = await startMetricsServer(parts, {} as Health, off)
  for (const path of ['/debug/profile', '/debug/heap'])
    expect((await fetch(new URL(path, closed.url))).status).toBe(404)
  await closed.close()
})
