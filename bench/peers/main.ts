import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { writeResults } from '../output/results.ts'
import { openTalks, talkRound, targetsOf, warmUp } from '../pairs/pairs.ts'
import { type TalkRate, talkRows } from '../pairs/rows.ts'
import type { TalkTarget } from '../pairs/talk.ts'
import { makePlace } from '../place.ts'
import { openPopulation } from '../population.ts'
import { type Row, table } from '../report.ts'
import { createRun, type Run } from '../run.ts'
import { startParlance } from '../server.ts'
import { startEjabberd } from './ejabberd.ts'

// npm run bench:peers [-- --quick] [--out folder]   see docs/benchmarks.md

const sizes = [10, 50]
const aims = { rate: { atLeast: 2 }, cost: { atMost: 0.45 } }

const { values } = parseArgs({ options: { quick: { type: 'boolean' }, out: { type: 'string' } } })
const say = (text: string) => void process.stdout.write(`${text}\n`)

const peerTargets = (url: string, size: number): TalkTarget[] =>
  Array.from({ length: size }, (_none, index) => ({
    url,
    sender: `u${2 * index}`,
    receiver: `u${2 * index + 1}`,
    conversationId: '',
  }))

/** 1:1 messages of Parlance and of ejabberd on one PostgreSQL, by turns. */
async function measurePeers(run: Run, databaseUrl: string): Promise<Row[]> {
  const place = await makePlace(databaseUrl)
  try {
    const server = await run.use(startParlance(place))
    const peer = await run.use(startEjabberd(databaseUrl, 2 * Math.max(...sizes)))
    const population = await openPopulation(server.connection)
    const most = Math.max(...sizes)
    await warmUp(run, 'parlance', await targetsOf(population, server.url, most))
    await warmUp(run, 'xmpp', peerTargets(peer.url, most))
    await population.analyse()
    const rows: Row[] = []
    for (const size of sizes) {
      const ours = await openTalks(run, 'parlance', await targetsOf(population, server.url, size))
      const theirs = await openTalks(run, 'xmpp', peerTargets(peer.url, size))
      const rates: { ours: TalkRate[]; peer: TalkRate[] } = { ours: [], peer: [] }
      for (let round = 0; round < run.rounds; round += 1) {
        run.progress(`${size} pairs, round ${round + 1} of ${run.rounds}`)
        await population.checkpoint()
        rates.ours.push(await talkRound(run, server, ours))
        const peerCost = async () => ({ ...(await server.cost()), ...(await peer.cost()) })
        rates.peer.push(await talkRound(run, { cost: peerCost }, theirs))
      }
      for (const clients of [ours, theirs]) {
        await clients.ask('close')
        await clients.stop()
      }
      rows.push(...talkRows(size, rates.ours, rates.peer, aims))
    }
    await population.close()
    return rows
  } finally {
    await run.stopAll()
    await place.remove()
  }
}

const { DATABASE_URL: databaseUrl } = process.env
if (!databaseUrl) throw new Error('Set DATABASE_URL: both servers use that PostgreSQL over TCP.')
const run = createRun({ quick: values.quick ?? false, profileDir: undefined })
const interruption = new Promise<never>((_resolve, reject) => {
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => reject(new Error(`Stopped by ${name}.`)))
})
say(`On ${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}; the floor is ejabberd`)
try {
  const rows = await Promise.race([measurePeers(run, databaseUrl), interruption])
  say(`\n${table(rows)}`)
  if (values.out) say(`\nWritten to ${await writeResults(values.out, rows)}`)
} finally {
  await run.stopAll()
}
process.exit(0)
