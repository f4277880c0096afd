import { beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { createsUpload, sendsBytes } from '../media/verbs.ts'
import { ask } from '../server/wire.ts'
import type { Person } from '../world/person.ts'
import { heldBytes } from '../world/probe/heap.ts'
import { useAttackedWorld } from './aftermath.ts'
import { each, requestBytes, sendRaw } from './raw.ts'
import { runs } from './runs.ts'

const world = useAttackedWorld({ LIMIT_UPLOADS_PER_DAY: '1000000' })

let alice: Person
let conversationId: string
beforeAll(async () => {
  const people = await world.friends('alice', 'bob')
  alice = people[0]
  conversationId = (await alice.opens(people[1])).id
})

const json = { 'content-type': 'application/json', 'content-length': '5000' }
const inbox = 'subscription { inbox { __typename } }'
const typing = (id: string) => `subscription { typing(conversationId: "${id}") { typing } }`

async function refusedUpload(turn: number): Promise<void> {
  const announced = { filename: `${turn}.txt`, mimeType: 'text/plain', byteSize: 10 }
  const ticket = await createsUpload(alice, announced)
  expect((await sendsBytes(ticket, Buffer.from('longer than announced'))).status).toBe(400)
}

// Not a Wire, which is kept until the end of the test.
async function brokenSocket(accessToken: string): Promise<void> {
  const ws = new WebSocket(`${world.url.replace(/^http/, 'ws')}/graphql`, 'graphql-transport-ws')
  const say = (message: object) => ws.send(JSON.stringify(message))
  ws.once('open', () => say({ type: 'connection_init', payload: { authorization: `Bearer ${accessToken}` } }))
  await new Promise<void>((resolve) => {
    ws.on('message', (data) => {
      const { type } = JSON.parse(String(data)) as { type: string }
      if (type === 'next') ws.terminate()
      if (type !== 'connection_ack') return
      say({ type: 'subscribe', id: '1', payload: { query: inbox } })
      say({ type: 'subscribe', id: '2', payload: { query: typing(conversationId) } })
    })
    ws.on('error', () => {})
    ws.on('close', () => resolve())
  })
}

const sent = (query: string, variables = {}) =>
  ask(world.url, query, alice.credentials.accessToken, variables)

/** One attack of each class; `turn` makes each one different. */
const attacks: [string, (turn: number) => Promise<unknown>][] = [
  ['an unknown field', (turn) => sent(`{ unknown${turn} }`)],
  ['a document that cannot be parsed', (turn) => sent(`{ me { id } ... broken${turn}`)],
  ['a forged token', (turn) => ask(world.url, '{ me { id } }', `${alice.credentials.accessToken}${turn}`)],
  ['an id that does not exist', (turn) => sent(look, { id: `missing ${turn}` })],
  [
    'an operation that is cut off',
    (turn) => sendRaw(world.url, requestBytes('POST', '/graphql', json, `{"query":"${turn}`), 'resets'),
  ],
  [
    'an upload that is cut off',
    (turn) => sendRaw(world.url, requestBytes('PUT', `/uploads/${turn}`, json, 'part'), 'resets'),
  ],
  ['an upload that is too long', refusedUpload],
  ['a socket that breaks', () => brokenSocket(alice.credentials.accessToken)],
]

const look = 'query Look($id: ID!) { conversation(id: $id) { id } }'
const warmUp = 100
const measured = runs(100)
/** Kilobytes. Measured are at most 6; a refused document that is kept is 60. */
const keptMax = 16

const repeats = (attack: (turn: number) => Promise<unknown>, count: number, from: number) =>
  each(
    Array.from({ length: count }, (_, turn) => from + turn),
    async (turn) => void (await attack(turn)),
    4,
  )

test.each(attacks)(
  '%s leaves nothing in memory, however often it is repeated',
  {
    timeout: 600_000,
  },
  async (_what, attack) => {
    await repeats(attack, warmUp, 0)
    const before = await heldBytes()
    await repeats(attack, measured, warmUp)
    const kept = ((await heldBytes()) - before) / measured / 1_024
    expect(kept, 'kilobytes kept of each').toBeLessThan(keptMax)
  },
)
