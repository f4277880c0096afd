import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { eventually } from '../../world/eventually.ts'
import { useWorld } from '../../world/world.ts'
import { ask, codesOf, Wire } from '../wire.ts'

const stallMs = 1_000
const hasty = useWorld({ LIMIT_STALL_MS: String(stallMs), METRICS_PORT: '0' })
const patient = useWorld({ LIMIT_STALL_MS: String(20 * stallMs) })

const part = 'name description type { name kind ofType { name kind ofType { name kind } } } '
const parts = `name kind description fields { ${part} args { ${part} } } inputFields { ${part} } enumValues { name description }`
const wholeSchema = `{ ${['a', 'b', 'c', 'd'].map((name) => `${name}: __schema { types { ${parts} } }`)} }`

// Compressed, the results would fit into the buffers of the network.
const uncompressed = { perMessageDeflate: false }

// More than the buffers of the network hold.
const enough = 16_000_000

/** Sends queries with large results and reads nothing; returns the last query. */
async function asksWithoutReading(wire: Wire): Promise<string> {
  wire.subscribe('one', wholeSchema)
  const size = JSON.stringify(await wire.answers('one')).length
  wire.ws.pause()
  const last = Math.ceil(enough / size)
  expect(last).toBeLessThan(50)
  for (let index = 0; index <= last; index += 1) wire.subscribe(`${index}`, wholeSchema)
  return `${last}`
}

/** Queries that the server with the short time limit has answered. */
async function answered(): Promise<number> {
  const text = await (await fetch(hasty.parts.Metrics ?? '')).text()
  return Number(text.match(/^parlance_operation_seconds_count\{type="query",code="OK"\} (\d+)$/m)?.[1])
}

test('a client that reads nothing is closed with 4490, and no other client waits for it', async () => {
  const { accessToken } = (await hasty.person('ada')).credentials
  const wire = await Wire.ready(hasty.url, accessToken, uncompressed)
  const last = await asksWithoutReading(wire)
  // The first query and those from 0 to the last: once they are answered, the send buffer is full.
  await eventually(async () => expect(await answered()).toBe(Number(last) + 2))
  await pause(1.5 * stallMs)
  expect(codesOf(await ask(hasty.url, '{ __typename }'))).toBeUndefined()
  wire.ws.resume()
  expect((await wire.closed).code).toBe(4490)
})

test('a client that pauses reading gets everything', async () => {
  const { accessToken } = (await patient.person('bob')).credentials
  const wire = await Wire.ready(patient.url, accessToken, uncompressed)
  const last = await asksWithoutReading(wire)
  await pause(stallMs)
  wire.ws.resume()
  expect((await wire.answers(last)).data).toHaveProperty('d')
})
