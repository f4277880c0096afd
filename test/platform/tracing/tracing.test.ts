import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { print } from 'graphql'
import pino from 'pino'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { send } from '../../server/wire.ts'
import { SendMessage } from '../../world/operations.ts'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { Collector } from './collector.ts'

const collector = new Collector()
beforeAll(() => collector.start())
afterAll(() => collector.stop())
const lines: string[] = []
const world = useWorld(
  {
    get TRACES_ENDPOINT() {
      return collector.url
    },
    TRACES_RATIO: '0.5',
    METRICS_PORT: '0',
  },
  { log: pino({ level: 'info' }, { write: (line: string) => void lines.push(line) }) },
)

// The words of the trace id, combined by xor, are compared with the ratio.
const sampled = () => `${randomUUID().slice(0, 8).repeat(2)}0000000000000001`
const unsampled = () => `${randomUUID().slice(0, 8).repeat(2)}00000000fffffff0`

async function sends(person: Person, conversationId: string, traceId: string, flag = '01'): Promise<void> {
  const input = { conversationId, content: { text: 'hello' }, clientMessageId: randomUUID() }
  const { body } = await send(
    world.url,
    JSON.stringify({ query: print(SendMessage), variables: { input } }),
    {
      authorization: `Bearer ${person.credentials.accessToken}`,
      traceparent: `00-${traceId}-00f067aa0ba902b7-${flag}`,
    },
  )
  expect(body.errors).toBeUndefined()
}

async function notesOf(name: string) {
  const person = await world.person(name)
  return { person, id: (await person.creates('notes', [])).id }
}

async function droppedSpans(): Promise<number> {
  const text = await (await fetch(world.parts.Metrics ?? '')).text()
  return Number(text.match(/^parlance_trace_spans_dropped_total (\d+)$/m)?.[1])
}

test('the ratio decides by the trace id, not by the flag of the client', async () => {
  const { person, id } = await notesOf('alice')
  const [ignored, recorded] = [unsampled(), sampled()]
  await sends(person, id, ignored, '01')
  await sends(person, id, recorded, '00')
  await collector.traceWith(recorded, ['mutation SendMessage', 'store batch'])
  expect(collector.trace(ignored)).toEqual([])
})

test('spans that wait are sent when the server stops', async () => {
  const { person, id } = await notesOf('bob')
  const traceId = sampled()
  await sends(person, id, traceId)
  await world.restarts()
  expect(collector.trace(traceId).map(({ name }) => name)).toContain('mutation SendMessage')
})

// The server of the file then stops without a collector.
test('spans that the collector does not take are counted, logged once, and nothing waits for it', async () => {
  const { person, id } = await notesOf('carol')
  collector.status = 400
  await sends(person, id, sampled())
  await vi.waitFor(async () => expect(await droppedSpans()).toBeGreaterThan(0), 10_000)
  const before = await droppedSpans()
  await sends(person, id, sampled())
  await vi.waitFor(async () => expect(await droppedSpans()).toBeGreaterThan(before), 10_000)
  expect(lines.filter((line) => line.includes('trace collector unreachable'))).toHaveLength(1)

  await collector.stop()
  await sends(person, id, sampled())
}, 40_000)

test('the SDK is loaded by one file only, which is imported only while traces are on', () => {
  const src = join(import.meta.dirname, '../../../src')
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  const importing = (path: string) =>
    files.filter((file) =>
      new RegExp(`^import (?!type\\b)[^'"]*'${path}'`, 'm').test(readFileSync(join(src, file), 'utf8')),
    )
  const ofSdk = ['bounded-export', 'open-span', 'sdk'].map((name) => `platform/tracing/${name}.ts`)
  expect(importing("@opentelemetry/[^']+").sort()).toEqual(ofSdk)
  expect(importing("[^']*/(bounded-export|open-span)\\.ts")).toEqual(['platform/tracing/sdk.ts'])
  expect(importing("[^']*/tracing/sdk\\.ts").concat(importing('\\./sdk\\.ts'))).toEqual([])
})
