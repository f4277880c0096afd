import { startChild } from '../child.ts'
import type { Place } from '../place.ts'
import { openPopulation, type Person } from '../population.ts'
import { medianRate, pairedRatio, type Rate, type Row, rateOf, rateText } from '../report.ts'
import type { Run } from '../run.ts'
import { type Server, startPageServer, startParlance } from '../server.ts'
import { operations } from './pages.ts'
import type { ReaderHandlers, Reading } from './readers.ts'

const readers = 16
const memberCount = 10
const messageCount = 200
const conversationCount = 50
/** With few users, PostgreSQL reads all of them to look up one. */
const otherUsers = 5_000
/** A busy machine reads too few pages in a time of warming up for the code to be compiled. */
const warmUpPages = 2_000

type Clients = ReturnType<typeof startChild<ReaderHandlers>>

interface Page {
  viewer: Person
  /** Key of the page on the floor. */
  key: string
  variables: object
}

interface Pages {
  name: keyof typeof operations
  what: string
  /** One for each reader, so that no two readers ask for the same rows. */
  pages: Page[]
}

/** Pages over HTTP, compared with one SQL statement through pg and with a text from memory. */
export async function measureReads(run: Run, place: Place): Promise<Row[]> {
  const server = await run.use(startParlance(place))
  const population = await openPopulation(server.connection)
  const viewers = await population.people(readers)
  const peers = await population.people(conversationCount)
  const directs = await population.directs(viewers.flatMap((viewer) => peers.map((peer) => [viewer, peer])))
  for (const [index, id] of directs.entries()) {
    const pair = [viewers[Math.floor(index / peers.length)], peers[index % peers.length]]
    await population.messages(id, pair as [Person, Person], 5)
  }
  const pages: Pages[] = [
    { name: 'messages', what: '20 messages', pages: [] },
    {
      name: 'conversations',
      what: '50 conversations',
      pages: viewers.map((viewer) => ({ viewer, key: viewer.userId, variables: {} })),
    },
  ]
  // Groups of people of their own: the lists have nothing but direct conversations.
  for (let reader = 0; reader < readers; reader += 1) {
    const members = await population.people(memberCount)
    const id = await population.group(members)
    await population.messages(id, members, messageCount)
    pages[0]?.pages.push({ viewer: members[0] as Person, key: id, variables: { id } })
  }
  await population.people(otherUsers)
  await population.analyse()
  await population.close()
  const floor = await run.use(startPageServer(server.connection))
  const clients = await run.use(startChild<ReaderHandlers>('bench/reads/readers.ts'))

  const rows: Row[] = []
  for (const each of pages) rows.push(...(await measurePages(run, server, floor, clients, each)))
  await clients.stop()
  await floor.stop()
  await server.stop()
  return rows
}

async function measurePages(run: Run, server: Server, floor: Server, clients: Clients, pagesOf: Pages) {
  const { warmUpMs, ms } = run
  const { name, what, pages } = pagesOf
  const ours: Reading = {
    warmUpMs,
    ms,
    pages: pages.map(({ viewer, variables }) => ({
      url: `${server.url}/graphql`,
      operation: { accessToken: viewer.accessTokens[0] ?? '', query: operations[name], variables },
    })),
  }
  const ofFloor = (end: string): Reading => ({
    warmUpMs,
    ms,
    pages: pages.map(({ key }) => ({
      url: `${floor.url}/${name}/${encodeURIComponent(key)}${end}`,
      operation: null,
    })),
  })
  const [sql, memory] = [ofFloor(''), ofFloor('?memory')]
  await check(clients, ours, sql)
  for (const reading of [ours, sql, memory]) await clients.ask('repeat', { ...reading, times: warmUpPages })

  const rates: Record<'ours' | 'sql' | 'memory', Rate[]> = { ours: [], sql: [], memory: [] }
  for (let round = 0; round < run.rounds; round += 1) {
    const profile = run.profileFor(`reads-${name}`, round)
    rates.ours.push(await server.profiled(profile, () => driven(server, clients, ours)))
    rates.sql.push(await driven(floor, clients, sql, server))
    rates.memory.push(await driven(floor, clients, memory))
  }
  return (['sql', 'memory'] as const).map((kind) => ({
    what: `${what} over HTTP, ${kind === 'sql' ? 'one SQL statement through pg' : 'JSON from memory'}`,
    ours: rateText(medianRate(rates.ours)),
    floor: rateText(medianRate(rates[kind])),
    ratio: pairedRatio(rates.ours, rates[kind]),
    aim: kind === 'sql' ? { atLeast: name === 'messages' ? 0.6 : 0.4 } : null,
  }))
}

/** The pages of both must have all items. */
async function check(clients: Clients, ours: Reading, sql: Reading): Promise<void> {
  const [mine, theirs] = [await clients.ask('once', ours), await clients.ask('once', sql)]
  for (const [index, answer] of mine.entries()) {
    const { data, errors } = JSON.parse(answer) as { data: Record<string, unknown>; errors?: unknown }
    const edges = JSON.stringify(data).split('"sentAt"').length
    if (errors || edges !== theirs[index]?.split('"sentAt"').length)
      throw new Error(`The pages differ:\n${answer.slice(0, 500)}\n${theirs[index]?.slice(0, 500)}`)
  }
}

/** The database is that of Parlance, also for the floor. */
async function driven(server: Server, clients: Clients, reading: Reading, databaseOf = server) {
  const cost = async () => ({
    server: (await server.cost()).server,
    database: (await databaseOf.cost()).database,
  })
  const before = await cost()
  const done = await clients.ask('drive', reading)
  return rateOf(done, before, await cost())
}
