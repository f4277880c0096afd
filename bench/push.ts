import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import pg from 'pg'
import { newId } from '../src/platform/ids.ts'
import { startChild } from './child.ts'
import type { Sender, SenderHandlers } from './load/senders.ts'
import type { Place } from './place.ts'
import { openPopulation, type Person, type Population } from './population.ts'
import { median, medianRate, pairedRatio, type Rate, type Row, rateOf, rateText } from './report.ts'
import type { Run, Stoppable } from './run.ts'
import { type Server, startParlance } from './server.ts'

const senderCount = 16
const inFlight = 32
const groupSize = 200
const conversationCount = 1_000
// Many and short: what is looked for is a few in a hundred, and the neighbours on the machine change by the second.
const pairsARound = 5
const shorter = 4

/** Sends while all members have a telephone to be pushed to, beside the same sends without push, on the same server. */
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
  const switches = await openSwitch(server.connection)
  const crowds = [
    { name: `one group of ${groupSize}`, senders: await inOneGroup(population, switches, server.url) },
    { name: '1,000 conversations', senders: await inMany(population, switches, server.url) },
  ]

  const rows: Row[] = []
  for (const { name, senders } of crowds) {
    const clients = await run.use(startChild<SenderHandlers>('bench/load/senders.ts'))
    await clients.ask('open', senders)
    const rates = { on: [] as Rate[], off: [] as Rate[] }
    for (let pair = 0; pair < run.rounds * pairsARound; pair += 1)
      // Each goes first as often as the other.
      for (const which of pair % 2 ? (['on', 'off'] as const) : (['off', 'on'] as const)) {
        await switches.turn(which)
        await population.checkpoint()
        const profile = run.profileFor(`push-${which}-${senders[0]?.conversationIds.length}`, pair)
        rates[which].push(await server.profiled(profile, () => round(run, server, clients)))
      }
    await clients.ask('close')
    await clients.stop()
    rows.push(...rowsOf(`sends with push, ${name}`, rates))
  }
  await switches.close()
  await population.close()
  await server.stop()
  return rows
}

function rowsOf(what: string, { on, off }: { on: Rate[]; off: Rate[] }): Row[] {
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

/** Takes every connection and says nothing on it. */
async function silentProvider(): Promise<Stoppable & { url: string }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    socket.resume()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

interface Switch {
  /** Gives these people a telephone each. */
  register(people: Person[]): Promise<void>
  /** Begins with nothing left over from the round before. */
  turn(which: 'on' | 'off'): Promise<void>
  close(): Promise<void>
}

/** Push is on while its topic is there: without it, sends leave no marks and the worker finds nothing to do. */
async function openSwitch(connection: pg.ClientConfig): Promise<Switch> {
  const client = new pg.Client(connection)
  client.on('error', () => {})
  await client.connect()
  return {
    async register(people) {
      const ids = people.map(newId)
      await client.query(
        `insert into push_device (id, user_id, session_id, provider, token, token_hash, locale)
         select d.id, d.user_id, (select s.id from session s where s.user_id = d.user_id limit 1), 'WEBHOOK', d.id, d.id, 'en'
         from unnest($1::text[], $2::text[]) as d (id, user_id)`,
        [ids, people.map(({ userId }) => userId)],
      )
    },
    async turn(which) {
      await client.query(
        which === 'on'
          ? `insert into outbox_topic (name) values ('push') on conflict do nothing`
          : `delete from outbox_topic where name = 'push'`,
      )
      await client.query(`delete from outbox_mark where topic = 'push'`)
      await client.query('delete from push_attempt')
      // As if all of it had been looked at: it would be news for an hour.
      await client.query(
        `insert into push_progress (conversation_id, version, seq) select id, version, max_seq from conversation
         on conflict (conversation_id) do update set version = excluded.version, seq = excluded.seq`,
      )
      await client.query('vacuum analyze push_attempt, push_progress, outbox_mark')
    },
    close: () => client.end(),
  }
}

async function inOneGroup(population: Population, { register }: Switch, url: string): Promise<Sender[]> {
  const people = await population.people(groupSize)
  await register(people)
  const conversationIds = [await population.group(people)]
  return people
    .slice(0, senderCount)
    .map(({ accessTokens: [accessToken = ''] }) => ({ url, accessToken, conversationIds }))
}

async function inMany(population: Population, { register }: Switch, url: string): Promise<Sender[]> {
  const people = await population.people(senderCount)
  const peers = await population.people(conversationCount)
  await register([...people, ...peers])
  const ids = await population.directs(
    peers.map((peer, index) => [people[index % senderCount] as Person, peer]),
  )
  return people.map(({ accessTokens: [accessToken = ''] }, sender) => ({
    url,
    accessToken,
    conversationIds: ids.filter((_id, index) => index % senderCount === sender),
  }))
}
