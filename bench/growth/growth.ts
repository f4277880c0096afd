import { startChild } from '../child.ts'
import type { Place } from '../place.ts'
import { openPopulation, type Person, type Population } from '../population.ts'
import type { ReaderHandlers, Reading } from '../reads/readers.ts'
import { median, type Row, rateOf } from '../report.ts'
import type { Run } from '../run.ts'
import { type Server, startParlance } from '../server.ts'

const sizes = [10, 1_000, 10_000]

const listOf = (count: number) =>
  `{ conversations(first: ${count}) { edges { node { id maxSeq membership { unreadCount } lastMessage { plainText } } } } }`

interface Operation {
  name: string
  query: string
  /** Sizes of the persons who read the same number of rows; the first one is the floor. */
  sizes: number[]
}

const operations: Operation[] = [
  { name: 'list of conversations', query: listOf(10), sizes },
  { name: 'list of fifty conversations', query: listOf(50), sizes: sizes.slice(1) },
  { name: 'total of unread messages', query: '{ me { unreadCount } }', sizes },
  { name: 'sync', query: '{ sync { cursor } }', sizes },
]

/** Database time of what a person does at each start, with ten conversations and with ten thousand. */
export async function measureGrowth(run: Run, place: Place): Promise<Row[]> {
  const server = await run.use(startParlance(place))
  const population = await openPopulation(server.connection)
  const peers = await population.people(Math.max(...sizes))
  const viewers = new Map<number, Person>()
  for (const size of sizes) {
    run.progress(`a person with ${size} conversations`)
    viewers.set(size, await viewerWith(population, peers.slice(0, size)))
  }
  await population.analyse()
  await population.close()
  const clients = await run.use(startChild<ReaderHandlers>('bench/reads/readers.ts'))
  const rows: Row[] = []
  for (const operation of operations) {
    const costs = new Map<number, number[]>(operation.sizes.map((size) => [size, []]))
    for (let round = 0; round < run.rounds; round += 1)
      for (const [size, micros] of costs) {
        const reading = readingOf(run, server, viewers.get(size) as Person, operation)
        micros.push(await costOf(server, clients, reading))
      }
    rows.push(...rowsOf(operation, costs))
  }
  await clients.stop()
  await server.stop()
  return rows
}

async function viewerWith(population: Population, peers: Person[]): Promise<Person> {
  const [viewer] = (await population.people(1)) as [Person]
  await population.directs(peers.map((peer) => [viewer, peer]))
  return viewer
}

const readingOf = ({ warmUpMs, ms }: Run, server: Server, viewer: Person, { query }: Operation): Reading => ({
  warmUpMs,
  ms: ms / 2,
  pages: Array.from({ length: 4 }, () => ({
    url: `${server.url}/graphql`,
    operation: { accessToken: viewer.accessTokens[0] ?? '', query, variables: {} },
  })),
})

async function costOf(
  server: Server,
  clients: ReturnType<typeof startChild<ReaderHandlers>>,
  reading: Reading,
): Promise<number> {
  const before = await server.cost()
  const done = await clients.ask('drive', reading)
  return rateOf(done, before, await server.cost()).databaseMicros ?? Number.NaN
}

function rowsOf({ name, sizes }: Operation, costs: Map<number, number[]>): Row[] {
  const base = costs.get(sizes[0] as number) ?? []
  const text = (micros: number[]) => `database ${Math.round(median(micros)).toLocaleString('en')} µs`
  return [...costs].map(([size, micros]) => ({
    what: `${name}, ${size.toLocaleString('en')} conversations`,
    ours: text(micros),
    floor: text(base),
    ratio: median(micros) / median(base),
    aim: size === sizes[0] ? null : { atMost: 1.5 },
    values: { ours: micros, floor: base },
    point: {
      curve: `${name}, database time`,
      sizes: 'conversations',
      x: size,
      unit: 'µs',
      ours: median(micros),
      floor: median(base),
    },
  }))
}
