import type { Place } from '../place.ts'
import { processorTimeOfFamily } from '../processor-time.ts'
import type { Run } from '../run.ts'
import { type Server, startParlance } from '../server.ts'
import { startRedis } from './redis.ts'

/** CPU time in microseconds. */
export interface ClusterCost {
  servers: number
  redis: number
  database: number
}

/** Several servers with a Redis on one database. */
export interface Cluster {
  servers: Server[]
  connection: Awaited<ReturnType<typeof startParlance>>['connection']
  /** Of all of them, whether they have work or not. */
  cost(): Promise<ClusterCost>
}

export async function startCluster(run: Run, place: Place, count: number): Promise<Cluster> {
  const redis = await run.use(startRedis())
  // With 7 more for the lock and jobs of each, four servers stay below 100, which is the default of PostgreSQL.
  const env = { REDIS_URL: redis.url, DATABASE_POOL_SIZE: '12' }
  const start = () => run.use(startParlance(place, env))
  // The first one applies the migrations.
  const first = await start()
  const servers = [first, ...(await Promise.all(Array.from({ length: count - 1 }, start)))]
  return {
    servers,
    connection: first.connection,
    async cost() {
      const costs = await Promise.all(servers.map((server) => server.cost()))
      return {
        servers: costs.reduce((sum, { server }) => sum + server, 0),
        redis: processorTimeOfFamily(redis.pid) ?? 0,
        database: costs[0]?.database ?? 0,
      }
    },
  }
}
