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
/** A busy machine reads too few pages in a time of warming up for the code to be compiled. */
const warmUpPages = 2_000

type Clients = ReturnType<typeof startChild<ReaderHandlers>>

interface Page {
  name: keyof typeof operations
  what: string
  /** Key of the page on the floor. */
  key: string
  variables: object
  viewer: Person
}

/** Pages over HTTP, compared with one SQL statement through pg and with a text from memory. */
export async function measureReads(run: Run, place: Place): Promise<Row[]> {
  const server = await run.use(startParlance(place))
  const population = await openPopulation(server.connection)
  const people = await population.people(conversationCount + 1)
  const [viewer, ...peers] = people as [Person, ...Person[]]
  const groupId = await population.group(people.slice(0, memberCount))
  await population.messages(groupId, people.slice(0, memberCount), messageCount)
  const directs = await population.directs(peers.map((peer) => [viewer, peer]))
  for (const [index, id] of directs.entries())
    await population.messages(id, [viewer, peers[index] as Person], 5)
  await population.close()
  const floor = await run.use(startPageServer(server.connection))
  const clients = await run.use(startChild<ReaderHandlers>('bench/reads/readers.ts'))

  const pages: Page[] = [
    { name: 'messages', what: '20 messages', key: groupId, variables: { id: groupId }, viewer },
    { name: 'conversations', what: '50 conversations', key: viewer.userId, variables: {}, viewer },
  ]
  const rows: Row[] = []
  for (const page of pages) rows.push(...(await measurePage(run, server, floor, clients, page)))
  await clients.stop()
  await floor.stop()
  await server.stop()
  return rows
}

async function measurePage(run: Run, server: Server, floor: Server, clients: Clients, page: Page) {
  const { warmUpMs, ms } = run
  const timing = { readers, warmUpMs, ms }
  const { viewer, variables, name, key } = page
  const operation = { accessToken: viewer.accessTokens[0] ?? '', query: operations[name], variables }
  const ours: Reading = { ...timing, url: `${server.url}/graphql`, operation }
  const sql: Reading = { ...timing, url: `${floor.url}/${name}/${encodeURIComponent(key)}`, operation: null }
  const memory: Reading = { ...sql, url: `${sql.url}?memory` }
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
    what: `${page.what} over HTTP, ${kind === 'sql' ? 'one SQL statement through pg' : 'JSON from memory'}`,
    ours: rateText(medianRate(rates.ours)),
    floor: rateText(medianRate(rates[kind])),
    ratio: pairedRatio(rates.ours, rates[kind]),
    aim: kind === 'sql' ? { atLeast: name === 'messages' ? 0.6 : 0.4 } : null,
  }))
}

/** Both pages must have all items. */
async function check(clients: Clients, ours: Reading, sql: Reading): Promise<void> {
  const [mine, theirs] = [await clients.ask('first', ours), await clients.ask('first', sql)]
  const { data, errors } = JSON.parse(mine) as { data: Record<string, unknown>; errors?: unknown }
  const edges = JSON.stringify(data).split('"sentAt"').length
  if (errors || edges !== theirs.split('"sentAt"').length)
    throw new Error(`The pages differ:\n${mine.slice(0, 500)}\n${theirs.slice(0, 500)}`)
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
