import type { Place } from '../place.ts'
import { openPopulation } from '../population.ts'
import { median, type Row } from '../report.ts'
import type { Run } from '../run.ts'
import { type ParlanceServer, startParlance } from '../server.ts'
import { openTalks, targetsOf, warmUp } from './pairs.ts'

const sizes = [1, 4, 16, 48]

/** Per message, in microseconds. */
interface Share {
  batch: number
  server: number
  database: number
}

/** What messages cost that are stored together: so many pairs send at once, compared with one pair. */
export async function measureBatches(run: Run, place: Place): Promise<Row[]> {
  const server = await run.use(startParlance(place, { METRICS_PORT: '0' }))
  const population = await openPopulation(server.connection)
  await warmUp(run, 'parlance', await targetsOf(population, server.url, Math.max(...sizes)))
  await population.analyse()
  // People of their own: an event goes to every stream of its reader.
  const clients = await Promise.all(
    sizes.map(async (size) => openTalks(run, 'parlance', await targetsOf(population, server.url, size))),
  )
  const shares: Share[][] = sizes.map(() => [])
  for (let round = 0; round < run.rounds; round += 1) {
    for (const [index, size] of sizes.entries()) {
      run.progress(`${size} sends at once, round ${round + 1} of ${run.rounds}`)
      await population.checkpoint()
      const volleys = () => clients[index]?.ask('volleys', run.ms) ?? Promise.resolve(0)
      const profile = run.profileFor(`batches-${size}`, round)
      shares[index]?.push(await server.profiled(profile, () => shareOf(server, volleys)))
    }
  }
  for (const open of clients) {
    await open.ask('close')
    await open.stop()
  }
  await population.close()
  await server.stop()
  return sizes.map((size, index) => rowOf(size, shares[index] ?? [], shares[0] ?? []))
}

async function shareOf(server: ParlanceServer, volleys: () => Promise<number>): Promise<Share> {
  const state = async () => ({
    ...(await server.cost()),
    batches: await server.metric('parlance_send_batch_messages_count'),
  })
  const before = await state()
  const messages = await volleys()
  const after = await state()
  return {
    batch: messages / (after.batches - before.batches),
    server: (after.server - before.server) / messages,
    database: ((after.database ?? 0) - (before.database ?? 0)) / messages,
  }
}

function rowOf(size: number, ours: Share[], alone: Share[]): Row {
  const of = (shares: Share[], key: keyof Share) => median(shares.map((share) => share[key]))
  const text = (shares: Share[]) =>
    `${of(shares, 'batch').toPrecision(3)} in a batch, ${Math.round(of(shares, 'server'))} + ${Math.round(of(shares, 'database'))} µs`
  const costs = (shares: Share[]) => shares.map((share) => share.server + share.database)
  const values = { ours: costs(ours), floor: costs(alone) }
  return {
    what: `1:1, ${size} sends at once, CPU time of each`,
    ours: text(ours),
    floor: text(alone),
    ratio: median(values.ours) / median(values.floor),
    aim: null,
    values,
    point: {
      curve: 'CPU time of 1:1 messages that are sent at once',
      sizes: 'messages',
      x: size,
      unit: 'µs',
      ours: median(values.ours),
      floor: median(values.floor),
    },
  }
}
