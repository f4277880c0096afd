import { startChild } from '../child.ts'
import type { Place } from '../place.ts'
import { openPopulation } from '../population.ts'
import type { Row } from '../report.ts'
import type { Run } from '../run.ts'
import { type Server, startParlance, startRawServer } from '../server.ts'
import type { DeviceHandlers, Outcome } from './devices.ts'

const readersPerGroup = 19
const missed = 10

/** Every device reconnects at once: first with nothing to catch up, then with ten missed messages each. */
export async function measureStorm(run: Run, place: Place): Promise<Row[]> {
  const server = await run.use(startParlance(place))
  const raw = await run.use(startRawServer())
  const population = await openPopulation(server.connection)
  const groupCount = Math.ceil(run.stormSockets / readersPerGroup)
  const tokens: string[] = []
  const groups: { id: string; writer: string }[] = []
  for (let index = 0; index < groupCount; index += 1) {
    const people = await population.people(readersPerGroup + 1)
    const [writer, ...readers] = people.map(({ accessTokens }) => accessTokens[0] ?? '')
    groups.push({ id: await population.group(people), writer: writer ?? '' })
    tokens.push(...readers)
  }
  await population.analyse()
  await population.close()
  const devices = await run.use(startChild<DeviceHandlers>('bench/storm/devices.ts'))
  const sockets = tokens.length

  const bare = await costOf(raw, () => devices.ask('connect', { url: raw.url, count: sockets }))
  await devices.ask('open', { url: server.url, accessTokens: tokens })
  const storm = (count: number) => costOf(server, () => devices.ask('reconnect', count))
  await devices.ask('cut')
  run.progress(`${sockets} devices reconnect`)
  const idle = await storm(0)
  await devices.ask('cut')
  for (const { id, writer } of groups) await writeMissed(server.url, id, writer)
  run.progress(`${sockets} devices reconnect with ${missed} missed messages each`)
  const behind = await storm(missed)

  await devices.stop()
  await raw.stop()
  await server.stop()
  const floor = `${perSocket(bare.server, sockets)}, ${bare.result.toFixed(1)} s`
  const row = (what: string, { server, database, result }: Cost<Outcome>): Row => ({
    what: `${sockets.toLocaleString('en')} sockets reconnect at once with a cursor, ${what}`,
    ours: `${perSocket(server, sockets)} and ${perSocket(database, sockets)} of the database, ${result.seconds.toFixed(1)} s, ${result.refused} retries`,
    floor,
    ratio: (server + database) / bare.server,
    aim: null,
  })
  return [
    row('nothing missed', idle),
    row('ten missed messages', behind),
    {
      what: 'share of them that caught up without a gap',
      ours: String(behind.result.caughtUp),
      floor: String(sockets),
      ratio: behind.result.caughtUp / sockets,
      aim: { atLeast: 1 },
    },
  ]
}

interface Cost<Result> {
  server: number
  database: number
  result: Result
}

async function costOf<Result>(server: Server, work: () => Promise<Result>): Promise<Cost<Result>> {
  const before = await server.cost()
  const result = await work()
  const after = await server.cost()
  return {
    server: after.server - before.server,
    database: (after.database ?? 0) - (before.database ?? 0),
    result,
  }
}

const perSocket = (micros: number, sockets: number) => `${Math.round(micros / sockets)} µs`

const send = 'mutation Send($input: SendMessageInput!) { sendMessage(input: $input) { message { seq } } }'

async function writeMissed(url: string, conversationId: string, accessToken: string): Promise<void> {
  for (let number = 0; number < missed; number += 1) {
    const input = {
      conversationId,
      clientMessageId: `missed-${number}`,
      content: { text: `missed ${number}` },
    }
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
      body: JSON.stringify({ query: send, variables: { input } }),
    })
    const text = await response.text()
    if (text.includes('"errors"')) throw new Error(`A send was refused: ${text}`)
  }
}
