import { startChild } from './child.ts'
import type { NaiveHandlers } from './load/naive.ts'
import type { Sender, SenderHandlers } from './load/senders.ts'
import { makeSharedPlace } from './place.ts'
import { openPopulation, type Population } from './population.ts'
import { median, medianRate, pairedRatio, type Rate, type Row, rateOf, rateText } from './report.ts'
import type { Run } from './run.ts'
import { type Server, startParlance } from './server.ts'

const senderCount = 16
const inFlight = 32
const naiveConnections = 16
const conversationCount = 1_000

/** Sends through the API, compared with one transaction per message on the same database. */
export async function measureSends(run: Run): Promise<Row[]> {
  const place = await run.use(makeSharedPlace(process.env.DATABASE_URL))
  const server = await run.use(startParlance(place))
  const population = await openPopulation(server.connection)
  const naive = await run.use(startChild<NaiveHandlers>('bench/load/naive.ts'))
  await naive.ask('open', { connection: server.connection, count: naiveConnections })
  const crowds = [
    {
      name: 'one hot conversation',
      conversations: 1,
      senders: await hotSenders(population, server.url),
      aim: { atLeast: 6 },
    },
    {
      name: '1,000 conversations',
      conversations: conversationCount,
      senders: await manySenders(population, server.url),
      aim: { atLeast: 3 },
    },
  ]
  await population.analyse()

  const rows: Row[] = []
  for (const { name, conversations, senders, aim } of crowds) {
    const clients = await run.use(startChild<SenderHandlers>('bench/load/senders.ts'))
    await clients.ask('open', senders)
    const ours: (Rate & { medianMs: number })[] = []
    const floor: Rate[] = []
    for (let round = 0; round < run.rounds; round += 1) {
      await population.checkpoint()
      const profile = run.profileFor(`sends-${conversations}`, round)
      ours.push(await server.profiled(profile, () => sendRound(run, server, clients)))
      await population.checkpoint()
      floor.push(await naiveRound(run, server, naive, conversations))
    }
    await clients.ask('close')
    await clients.stop()
    rows.push(rowOf(`sends, ${name}`, aim, ours, floor))
  }
  await naive.ask('close')
  await naive.stop()
  await population.close()
  await server.stop()
  return rows
}

function rowOf(what: string, aim: Row['aim'], ours: (Rate & { medianMs: number })[], floor: Rate[]): Row {
  const [mine, theirs] = [medianRate(ours), medianRate(floor)]
  const latency = Math.round(median(ours.map(({ medianMs }) => medianMs)))
  return {
    what,
    ours: `${rateText(mine)}, answered in ${latency} ms`,
    floor: rateText(theirs),
    ratio: pairedRatio(ours, floor),
    aim,
  }
}

async function hotSenders(population: Population, url: string): Promise<Sender[]> {
  const people = await population.people(senderCount)
  const conversationIds = [await population.group(people)]
  return people.map(({ accessTokens: [accessToken = ''] }) => ({ url, accessToken, conversationIds }))
}

async function manySenders(population: Population, url: string): Promise<Sender[]> {
  const people = await population.people(senderCount)
  const peers = await population.people(conversationCount)
  const ids = await population.directs(
    peers.map((peer, index) => [people[index % senderCount] as (typeof people)[0], peer]),
  )
  return people.map(({ accessTokens: [accessToken = ''] }, sender) => ({
    url,
    accessToken,
    conversationIds: ids.filter((_id, index) => index % senderCount === sender),
  }))
}

type Clients = ReturnType<typeof startChild<SenderHandlers>>
type Naive = ReturnType<typeof startChild<NaiveHandlers>>

async function sendRound({ warmUpMs, ms }: Run, server: Server, clients: Clients) {
  const before = await server.cost()
  const done = await clients.ask('drive', { inFlight, warmUpMs, ms })
  return { ...rateOf(done, before, await server.cost()), medianMs: done.medianMs }
}

async function naiveRound({ warmUpMs, ms }: Run, server: Server, naive: Naive, conversations: number) {
  const cost = async () => ({ ...(await server.cost()), server: await naive.ask('cpu') })
  const before = await cost()
  const done = await naive.ask('drive', { conversations, warmUpMs, ms })
  return rateOf(done, before, await cost())
}
