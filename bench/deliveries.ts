import { type Child, startChild } from './child.ts'
import type { Readers, SubscriberHandlers } from './load/subscribers.ts'
import type { Place } from './place.ts'
import { openPopulation, type Population } from './population.ts'
import { median, medianRate, pairedRatio, type Rate, type Row, rateOf, rateText } from './report.ts'
import type { Run } from './run.ts'
import { type Server, startParlance, startRawServer } from './server.ts'

export interface Crowd {
  name: string
  readers: number
  /** Groups of all subscribers; one in SIGNAL mode sends at most every 75 ms. */
  groups: number
  /** Messages of one group in transit. */
  window: number
  /** The same for the floor, where all go to one group. */
  rawWindow: number
  /** What counts as a delivery. */
  unit: 'messages' | 'frames'
}

const crowds: Crowd[] = [
  { name: '200 subscribers (INLINE)', readers: 200, groups: 1, window: 64, rawWindow: 64, unit: 'messages' },
  {
    name: '1,000 subscribers (INLINE), one message at a time',
    readers: 1_000,
    groups: 1,
    window: 1,
    rawWindow: 1,
    unit: 'messages',
  },
  {
    name: '2,000 subscribers (SIGNAL)',
    readers: 2_000,
    groups: 16,
    window: 1,
    rawWindow: 16,
    unit: 'frames',
  },
]

const senderSockets = 4

type Subscribers = Child<SubscriberHandlers>

/** Messages to many subscribers, compared with prepared frames written to as many sockets. */
export async function measureDeliveries(run: Run, place: Place): Promise<Row[]> {
  // The setting applies to groups that grow; those of a crowd have the mode that it measures.
  const server = await run.use(startParlance(place, { LIMIT_INLINE_GROUP_SIZE: '1000' }))
  const raw = await run.use(startRawServer())
  const population = await openPopulation(server.connection)
  const rows: Row[] = []
  for (const crowd of crowds) {
    const ours = await openReaders(run, await readersOf(crowd, population, server.url))
    const theirs = await openReaders(run, rawReaders(crowd, raw.url))
    const frameBytes = await ours.ask('measureFrame')
    await population.analyse()
    const rounds: Rounds = { ours: [], floor: [] }
    for (let round = 0; round < run.rounds; round += 1) {
      const profile = run.profileFor(`deliveries-${crowd.readers}-${crowd.window}`, round)
      const measure = () => measureRound(run, crowd, server, ours, { window: crowd.window, frameBytes })
      rounds.ours.push(await server.profiled(profile, measure))
      rounds.floor.push(await measureRound(run, crowd, raw, theirs, { window: crowd.rawWindow, frameBytes }))
    }
    for (const subscribers of [ours, theirs]) {
      await subscribers.ask('close')
      await subscribers.stop()
    }
    rows.push(...rowsOf(crowd, rounds, frameBytes))
  }
  await population.close()
  await raw.stop()
  await server.stop()
  return rows
}

export async function openReaders(run: Run, readers: Readers): Promise<Subscribers> {
  const subscribers = await run.use(startChild<SubscriberHandlers>('bench/load/subscribers.ts'))
  await subscribers.ask('open', readers)
  return subscribers
}

export async function readersOf(crowd: Crowd, population: Population, url: string): Promise<Readers> {
  const people = await population.people(crowd.readers)
  const conversationIds: string[] = []
  for (let group = 0; group < crowd.groups; group += 1)
    conversationIds.push(await population.group(people, modeOf(crowd)))
  const accessTokens = people.flatMap((person) => person.accessTokens)
  return {
    url,
    count: crowd.readers,
    accessTokens,
    senderTokens: accessTokens.slice(0, senderSockets),
    conversationIds,
  }
}

const modeOf = ({ unit }: Crowd) => (unit === 'messages' ? 'BROADCAST' : 'SIGNAL')

const rawReaders = ({ readers }: Crowd, url: string): Readers => ({
  url,
  count: readers,
  accessTokens: [],
  senderTokens: [''],
  conversationIds: ['all'],
})

interface Measured {
  rate: Rate
  frames: { perSecond: number }
}

export async function measureRound(
  { warmUpMs, ms }: Run,
  { unit, readers }: Crowd,
  server: Server,
  subscribers: Subscribers,
  load: { window: number; frameBytes: number },
): Promise<Measured> {
  const before = await server.cost()
  const delivered = await subscribers.ask('drive', { ...load, warmUpMs, ms })
  const after = await server.cost()
  const { counted, total, seconds, incomplete } = delivered
  if (incomplete > 0) throw new Error(`${incomplete} of ${readers} subscribers missed messages.`)
  return {
    rate: rateOf({ count: counted[unit], seconds, total: total[unit] }, before, after),
    frames: { perSecond: counted.frames / seconds },
  }
}

interface Rounds {
  ours: Measured[]
  floor: Measured[]
}

function rowsOf({ name, unit }: Crowd, rounds: Rounds, frameBytes: number): Row[] {
  const [ours, floor] = [rounds.ours, rounds.floor].map((each) => each.map(({ rate }) => rate)) as [
    Rate[],
    Rate[],
  ]
  const what = unit === 'messages' ? 'messages delivered' : 'signals delivered'
  const rates: Row = {
    what: `${what} to ${name}, ${frameBytes} B`,
    ours: rateText(medianRate(ours)),
    floor: rateText(medianRate(floor)),
    ratio: pairedRatio(ours, floor),
    aim: { atLeast: unit === 'messages' ? 0.5 : 0.6 },
  }
  return unit === 'frames' ? [rates] : [rates, framesRow(rounds)]
}

/** How much of the rate above is due to messages that share a frame. */
function framesRow(rounds: Rounds): Row {
  const frames = (measured: Measured[]) => measured.map((each) => each.frames)
  const text = (measured: Measured[]) =>
    `${Math.round(median(frames(measured).map(({ perSecond }) => perSecond))).toLocaleString('en')}/s`
  return {
    what: '  the same in frames, of one or more messages',
    ours: text(rounds.ours),
    floor: text(rounds.floor),
    ratio: pairedRatio(frames(rounds.ours), frames(rounds.floor)),
    aim: null,
  }
}
