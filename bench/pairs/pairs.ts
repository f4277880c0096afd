import { startChild } from '../child.ts'
import type { Place } from '../place.ts'
import { openPopulation, type Person, type Population } from '../population.ts'
import type { Row } from '../report.ts'
import type { Run } from '../run.ts'
import { type Server, startFloorServer, startParlance } from '../server.ts'
import type { PairHandlers, Protocol } from './clients.ts'
import { type TalkRate, talkRows } from './rows.ts'
import type { TalkTarget } from './talk.ts'

const sizes = [10, 50, 200]

/** Pairs that write one message at a time, each to the live inbox of the other, compared with `ws` and `pg` alone. */
export async function measurePairs(run: Run, place: Place): Promise<Row[]> {
  const server = await run.use(startParlance(place))
  const population = await openPopulation(server.connection)
  const floor = await run.use(startFloorServer(server.connection, Math.max(...sizes)))
  const most = Math.max(...sizes)
  await warmUp(run, 'parlance', await targetsOf(population, server.url, most))
  await warmUp(run, 'floor', floorTargets(floor.url, most))
  await population.analyse()
  const rows: Row[] = []
  for (const size of sizes) {
    const ours = await openTalks(run, 'parlance', await targetsOf(population, server.url, size))
    const theirs = await openTalks(run, 'floor', floorTargets(floor.url, size))
    const rates: { ours: TalkRate[]; floor: TalkRate[] } = { ours: [], floor: [] }
    for (let round = 0; round < run.rounds; round += 1) {
      run.progress(`${size} pairs, round ${round + 1} of ${run.rounds}`)
      await population.checkpoint()
      const profile = run.profileFor(`pairs-${size}`, round)
      rates.ours.push(await server.profiled(profile, () => talkRound(run, server, ours)))
      rates.floor.push(await talkRound(run, floor, theirs, server))
    }
    for (const clients of [ours, theirs]) {
      await clients.ask('close')
      await clients.stop()
    }
    rows.push(...talkRows(size, rates.ours, rates.floor, aimsFor(size)))
  }
  await population.close()
  await floor.stop()
  await server.stop()
  return rows
}

/** Few pairs make small batches. */
const aimsFor = (size: number) => ({ rate: { atLeast: size < 50 ? 0.5 : 0.6 }, cost: { atMost: 2 } })

type Clients = ReturnType<typeof startChild<PairHandlers>>

/**
 * V8 compiles what a server does often: the first 500 messages of Parlance cost 1,200 to 1,450 µs each, and from 6,000 on
 * 350 to 390.
 */
export async function warmUp(
  run: Run,
  protocol: Protocol,
  targets: TalkTarget[],
  servers = 1,
): Promise<void> {
  const count = 8_000 * servers
  run.progress(`${count.toLocaleString('en')} messages to warm up`)
  const clients = await openTalks(run, protocol, targets)
  await clients.ask('exchange', count)
  await clients.ask('close')
  await clients.stop()
}

export async function openTalks(run: Run, protocol: Protocol, targets: TalkTarget[]): Promise<Clients> {
  const clients = await run.use(startChild<PairHandlers>('bench/pairs/clients.ts'))
  await clients.ask('open', { protocol, targets })
  return clients
}

export async function targetsOf(population: Population, url: string, size: number): Promise<TalkTarget[]> {
  const people = await population.people(2 * size)
  const pairs = Array.from({ length: size }, (_none, index): [Person, Person] => [
    people[2 * index] as Person,
    people[2 * index + 1] as Person,
  ])
  const ids = await population.directs(pairs)
  return pairs.map(([sender, receiver], index) => ({
    url,
    sender: sender.accessTokens[0] ?? '',
    receiver: receiver.accessTokens[0] ?? '',
    conversationId: ids[index] ?? '',
  }))
}

const floorTargets = (url: string, size: number): TalkTarget[] =>
  Array.from({ length: size }, (_none, index) => ({
    url,
    sender: `a${index}`,
    receiver: `b${index}`,
    conversationId: `c${index}`,
  }))

/** One round, with the cost of the server and of the database, which may be that of another server. */
export async function talkRound(
  { warmUpMs, ms }: Run,
  server: Pick<Server, 'cost'>,
  clients: Clients,
  databaseOf: Pick<Server, 'cost'> = server,
): Promise<TalkRate> {
  const cost = async () => ({
    server: (await server.cost()).server,
    database: (await databaseOf.cost()).database ?? 0,
  })
  const before = await cost()
  const { total, count, seconds, ...latency } = await clients.ask('drive', { warmUpMs, ms })
  const after = await cost()
  return {
    perSecond: count / seconds,
    serverMicros: (after.server - before.server) / total,
    databaseMicros: (after.database - before.database) / total,
    ...latency,
  }
}
