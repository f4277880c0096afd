import type { Services } from '../../context.ts'
import { version } from '../../server-info/version.ts'

const waitingFanOut = 'select count(distinct conversation_id) as count from delivery_mark'

const waitingJobs = `
  select count(*) filter (where attempts < max_attempts) as waiting,
         count(*) filter (where attempts >= max_attempts) as dead
  from graphile_worker._private_jobs`

// The open transaction that is oldest keeps PostgreSQL from removing rows.
const databaseState = `
  select pg_database_size(current_database())::float8 as bytes,
    coalesce((select extract(epoch from clock_timestamp() - min(xact_start)) from pg_stat_activity
              where datname = current_database() and pid <> pg_backend_pid()), 0)::float8 as "oldestSeconds"`

/** Registers the gauges that are computed whenever the metrics are read. */
export function defineGauges(
  services: Services,
  sockets: { size: number } & Iterable<{ protocol: string }>,
): void {
  const { metrics, pool, bus, inbox, presence, search, sql } = services
  const lag = oncePerReading(() => search.worker.lag())
  const jobs = oncePerReading(async () => {
    const [row] = await sql.query<{ waiting: number; dead: number }>(waitingJobs)
    return row ?? { waiting: 0, dead: 0 }
  })

  const database = oncePerReading(async () => {
    const [row] = await sql.query<{ bytes: number; oldestSeconds: number }>(databaseState)
    return row ?? { bytes: Number.NaN, oldestSeconds: Number.NaN }
  })

  metrics.info('Version of the server.', { version, node: process.version })
  metrics.gauge('sockets', 'Open WebSockets and event streams.', () => sockets.size)
  metrics.gauge(
    'event_streams',
    'Of these, event streams.',
    () => [...sockets].filter(({ protocol }) => protocol === 'graphql-sse').length,
  )
  metrics.gauge('streams', 'Open inbox subscriptions.', () => inbox.streamCount)
  metrics.gauge(
    'people_connected',
    'Users with an open WebSocket on this server.',
    () => presence.hub.connectedCount,
  )
  metrics.gauge('database_connections', 'Connections to the database.', () => pool.totalCount)
  metrics.gauge('database_connections_idle', 'Of these, unused.', () => pool.idleCount)
  metrics.gauge('database_waiting', 'Requests that wait for a connection.', () => pool.waitingCount)
  metrics.gauge('database_bytes', 'Size of the database.', async () => (await database()).bytes)
  metrics.gauge(
    'database_oldest_transaction_seconds',
    'Age of the oldest open transaction.',
    async () => (await database()).oldestSeconds,
  )
  metrics.gauge('bus_up', '1 while the bus to the other servers works, or none is needed.', () =>
    Number(bus.healthy),
  )
  metrics.gauge('bus_lost', 'Hints dropped since the start.', () => bus.lost)
  metrics.gauge('fan_out_waiting', 'Conversations with undelivered changes.', async () => {
    const [row] = await sql.query<{ count: number }>(waitingFanOut)
    return row?.count ?? 0
  })
  metrics.gauge('search_index_up', '1 while the search index responds.', async () => Number((await lag()).up))
  metrics.gauge(
    'search_index_waiting',
    'Conversations with changes that are not indexed.',
    async () => (await lag()).conversations,
  )
  metrics.gauge(
    'search_index_lag_seconds',
    'Age of the oldest change that is not indexed.',
    async () => (await lag()).seconds,
  )
  metrics.gauge('jobs_waiting', 'Jobs that are due or scheduled.', async () => (await jobs()).waiting)
  metrics.gauge('jobs_dead', 'Jobs that failed permanently.', async () => (await jobs()).dead)
}

/** Gauges that are read together share one query. */
function oncePerReading<Value>(ask: () => Promise<Value>): () => Promise<Value> {
  let asking: Promise<Value> | null = null
  return () => {
    asking ??= ask().finally(() => {
      asking = null
    })
    return asking
  }
}
