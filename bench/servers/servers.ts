import { setTimeout as pause } from 'node:timers/promises'
import { openTalks, targetsOf, warmUp } from '../pairs/pairs.ts'
import type { TalkTarget } from '../pairs/talk.ts'
import { makeSharedPlace } from '../place.ts'
import { openPopulation } from '../population.ts'
import type { Row } from '../report.ts'
import type { Run } from '../run.ts'
import { type Cluster, type ClusterCost, startCluster } from './cluster.ts'
import { type ServersRate, serversRows } from './rows.ts'

const counts = [1, 2, 4]
const most = Math.max(...counts)
/** In all, and of each server. */
const loads = [
  { name: '64 pairs', pairs: () => 64 },
  { name: '64 pairs each', pairs: (count: number) => 64 * count },
]

/**
 * 1:1 messages through one, two and four servers on one database. All four run all the time, and those without clients
 * are idle; what they use then is known and subtracted.
 */
export async function measureServers(run: Run): Promise<Row[]> {
  const place = await run.use(makeSharedPlace(process.env.DATABASE_URL))
  const cluster = await startCluster(run, place, most)
  const population = await openPopulation(cluster.connection)
  const urls = cluster.servers.map(({ url }) => url)
  const idle = await idleCost(run, cluster)
  const targets = await targetsOf(population, '', 64 * most)
  await warmUp(run, 'parlance', spread(targets, urls), most)
  await population.analyse()
  const rows: Row[] = []
  for (const { name, pairs } of loads) {
    const sides = []
    for (const count of counts) {
      const targets = await targetsOf(population, '', pairs(count))
      const clients = await openTalks(run, 'parlance', spread(targets, urls.slice(0, count)))
      sides.push({ count, clients, rates: [] as ServersRate[] })
    }
    for (let round = 0; round < run.rounds; round += 1)
      for (const { count, clients, rates } of sides) {
        run.progress(`${name}, ${count} of ${most} servers, round ${round + 1} of ${run.rounds}`)
        await population.checkpoint()
        rates.push(await oneRound(run, cluster, clients, scaled(idle, 1 - count / most)))
      }
    for (const { clients } of sides) {
      await clients.ask('close')
      await clients.stop()
    }
    rows.push(...serversRows(name, sides))
  }
  await population.close()
  return rows
}

/** Each pair is on one server or on two, as if a load balancer had distributed all of them. */
function spread(targets: TalkTarget[], urls: string[]): TalkTarget[] {
  const at = (place: number) => urls[place % urls.length] as string
  return targets.map((target, index) => ({
    ...target,
    url: at(index),
    receiverUrl: at(Math.floor(index / urls.length)),
  }))
}

/** CPU time per second of servers without clients. */
async function idleCost({ ms }: Run, cluster: Cluster): Promise<ClusterCost> {
  const [before, since] = [await cluster.cost(), performance.now()]
  // The system counts in steps of ten milliseconds.
  await pause(5 * ms)
  return scaled(between(before, await cluster.cost()), 1_000 / (performance.now() - since))
}

type Clients = Awaited<ReturnType<typeof openTalks>>

async function oneRound(
  { warmUpMs, ms }: Run,
  cluster: Cluster,
  clients: Clients,
  idle: ClusterCost,
): Promise<ServersRate> {
  const [before, since] = [await cluster.cost(), performance.now()]
  const { count, seconds, total, p50, p99, clientMicros } = await clients.ask('drive', { warmUpMs, ms })
  const used = between(before, await cluster.cost())
  const unused = scaled(idle, (performance.now() - since) / 1_000)
  return {
    perSecond: count / seconds,
    cost: scaled(between(unused, used), 1 / total),
    p50,
    p99,
    clientMicros,
  }
}

const each = (change: (name: keyof ClusterCost) => number): ClusterCost => ({
  servers: change('servers'),
  redis: change('redis'),
  database: change('database'),
})

const scaled = (cost: ClusterCost, factor: number) => each((name) => cost[name] * factor)
const between = (one: ClusterCost, other: ClusterCost) => each((name) => other[name] - one[name])
