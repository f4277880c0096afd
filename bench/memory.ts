import { startChild } from './child.ts'
import type { SubscriberHandlers } from './load/subscribers.ts'
import type { Place } from './place.ts'
import { openPopulation } from './population.ts'
import { median, type Row } from './report.ts'
import type { Run } from './run.ts'
import { type Server, startParlance, startRawServer } from './server.ts'

const peopleCount = 500
/** Opened first and kept: they compile the code and let the young generation of the heap grow to its full size. */
const warmUpSockets = 1_500

interface PerSocket {
  rss: number
  held: number
}

/** Memory of an idle socket with an open inbox, compared with an idle socket of `ws`; each in a new process. */
export async function measureMemory(run: Run, place: Place): Promise<Row[]> {
  const ours: PerSocket[] = []
  const floor: PerSocket[] = []
  const accessTokens: string[] = []
  for (let round = 0; round < run.idleRounds; round += 1) {
    const server = await run.use(startParlance(place))
    if (accessTokens.length === 0) {
      const population = await openPopulation(server.connection)
      const people = await population.people(
        peopleCount,
        Math.ceil((warmUpSockets + run.idleSockets) / peopleCount),
      )
      accessTokens.push(...people.flatMap((person) => person.accessTokens))
      await population.close()
    }
    ours.push(await memoryPerSocket(run, server, accessTokens))
    floor.push(await memoryPerSocket(run, await run.use(startRawServer()), []))
  }
  const name = `memory of an idle socket at ${run.idleSockets.toLocaleString('en')}`
  return [
    row(`${name}, resident`, 'rss', ours, floor, 2),
    row(`${name}, held by JavaScript`, 'held', ours, floor, null),
  ]
}

async function memoryPerSocket(run: Run, server: Server, accessTokens: string[]): Promise<PerSocket> {
  const subscribers = await run.use(startChild<SubscriberHandlers>('bench/load/subscribers.ts'))
  const open = (count: number, tokens: string[]) =>
    subscribers.ask('open', {
      url: server.url,
      accessTokens: tokens,
      senderTokens: [],
      conversationIds: [],
      count,
    })
  await open(warmUpSockets, accessTokens.slice(0, warmUpSockets))
  const before = await server.memory()
  await open(run.idleSockets, accessTokens.slice(warmUpSockets))
  const after = await server.memory()
  await subscribers.ask('close')
  await subscribers.stop()
  await server.stop()
  return {
    rss: (after.rss - before.rss) / run.idleSockets,
    held: (after.held - before.held) / run.idleSockets,
  }
}

function row(
  what: string,
  key: keyof PerSocket,
  ours: PerSocket[],
  floor: PerSocket[],
  atMost: number | null,
): Row {
  const [mine, theirs] = [ours, floor].map((rounds) => median(rounds.map((round) => round[key])))
  const text = (bytes: number | undefined) => `${((bytes ?? 0) / 1024).toFixed(1)} KiB`
  return {
    what,
    ours: text(mine),
    floor: text(theirs),
    ratio: (mine ?? 0) / (theirs ?? 1),
    aim: atMost === null ? null : { atMost },
  }
}
