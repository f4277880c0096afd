import { startChild } from '../child.ts'
import { type Crowd, measureRound, openReaders, readersOf } from '../deliveries.ts'
import type { Sender, SenderHandlers } from '../load/senders.ts'
import type { Place } from '../place.ts'
import { openPopulation, type Person, type Population } from '../population.ts'
import { median, medianRate, pairedRatio, type Rate, type Row, rateOf, rateText } from '../report.ts'
import type { Run } from '../run.ts'
import { type Server, startParlance } from '../server.ts'
import { silentProvider } from './silent-provider.ts'
import { openPushSwitch, type PushSwitch } from './switch.ts'

const senderCount = 16
const inFlight = 32
const groupSize = 200
const conversationCount = 1_000
const listeners: Crowd = {
  name: '200 subscribers',
  readers: groupSize,
  groups: 1,
  window: 64,
  rawWindow: 64,
  unit: 'messages',
}
// Many short rounds: the expected difference is a few percent, and the load of the machine changes by the second.
const pairsARound = 5
const shorter = 4

/** Sends and deliveries while all members have a push device, compared with the same without push, on the same server. */
export async function measurePush(run: Run, place: Place): Promise<Row[]> {
  const provider = await run.use(silentProvider())
  const server = await run.use(
    startParlance(place, {
      PUSH_GATEWAY_URL: provider.url,
      PUSH_GATEWAY_SECRET: 'a secret of the bench, of no use elsewhere',
      LIMIT_PUSH_DELAY_MS: '0',
    }),
  )
  const population = await openPopulation(server.connection)
  const switches = await openPushSwitch(server.connection)
  const crowds = [
    { name: `one group of ${groupSize}`, senders: await inOneGroup(population, server.url) },
    { name: '1,000 conversations', senders: await inMany(population, server.url) },
  ]

  await switches.registerAll()
  await population.analyse()

  const rows: Row[] = []
  for (const { name, senders } of crowds) {
    const clients = await run.use(startChild<SenderHandlers>('bench/load/senders.ts'))
    await clients.ask('open', senders)
    const rates = await byTurns(run, population, switches, (which, pair) => {
      const profile = run.profileFor(`push-${which}-${senders[0]?.conversationIds.length}`, pair)
      return server.profiled(profile, () => round(run, server, clients))
    })
    await clients.ask('close')
    await clients.stop()
    rows.push(...rowsOf(`sends with push, ${name}`, rates))
  }
  rows.push(...(await deliveries(run, server, population, switches)))
  await switches.close()
  await population.close()
  await server.stop()
  return rows
}

interface Rates {
  on: Rate[]
  off: Rate[]
}

async function byTurns(
  run: Run,
  population: Population,
  switches: PushSwitch,
  measure: (which: 'on' | 'off', pair: number) => Promise<Rate>,
): Promise<Rates> {
  const rates: Rates = { on: [], off: [] }
  for (let pair = 0; pair < run.rounds * pairsARound; pair += 1)
    // Each goes first equally often.
    for (const which of pair % 2 ? (['on', 'off'] as const) : (['off', 'on'] as const)) {
      await switches.turn(which)
      await population.checkpoint()
      rates[which].push(await measure(which, pair))
    }
  return rates
}

/** Messages to subscribers with a push device who do not acknowledge: all of them get notifications. */
async function deliveries(
  run: Run,
  server: Server,
  population: Population,
  switches: PushSwitch,
): Promise<Row[]> {
  const readers = await readersOf(listeners, population, server.url)
  await switches.registerAll()
  const subscribers = await openReaders(run, readers)
  const frameBytes = await subscribers.ask('measureFrame')
  const short = { ...run, warmUpMs: run.warmUpMs / shorter, ms: run.ms / shorter }
  const rates = await byTurns(run, population, switches, async () => {
    const load = { window: listeners.window, frameBytes }
    return (await measureRound(short, listeners, server, subscribers, load)).rate
  })
  await subscribers.ask('close')
  await subscribers.stop()
  return rowsOf(`deliveries with push, ${listeners.name}`, rates)
}

function rowsOf(what: string, { on, off }: Rates): Row[] {
  const costs = [on, off].map((rates) => median(rates.map(processorTime)))
  const [mine = Number.NaN, theirs = Number.NaN] = costs
  return [
    {
      what,
      ours: rateText(medianRate(on)),
      floor: `${rateText(medianRate(off))} without`,
      ratio: pairedRatio(on, off),
      aim: { atLeast: 0.95 },
    },
    {
      what: '– the same in processor time, of both',
      ours: `${mine.toPrecision(3)} µs`,
      floor: `${theirs.toPrecision(3)} µs without`,
      ratio: mine / theirs,
      aim: null,
    },
  ]
}

async function round({ warmUpMs, ms }: Run, server: Server, clients: Clients): Promise<Rate> {
  const before = await server.cost()
  const done = await clients.ask('drive', { inFlight, warmUpMs: warmUpMs / shorter, ms: ms / shorter })
  return rateOf(done, before, await server.cost())
}

const processorTime = ({ serverMicros, databaseMicros }: Rate) => (serverMicros ?? 0) + (databaseMicros ?? 0)

type Clients = ReturnType<typeof startChild<SenderHandlers>>

async function inOneGroup(population: Population, url: string): Promise<Sender[]> {
  const people = await population.people(groupSize)
  const conversationIds = [await population.group(people)]
  return people
    .slice(0, senderCount)
    .map(({ accessTokens: [accessToken = ''] }) => ({ url, accessToken, conversationIds }))
}

async function inMany(population: Population, url: string): Promise<Sender[]> {
  const people = await population.people(senderCount)
  const peers = await population.people(conversationCount)
  const ids = await population.directs(
    peers.map((peer, index) => [people[index % senderCount] as Person, peer]),
  )
  return people.map(({ accessTokens: [accessToken = ''] }, sender) => ({
    url,
    accessToken,
    conversationIds: ids.filter((_id, index) => index % senderCount === sender),
  }))
}
