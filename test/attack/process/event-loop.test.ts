import { beforeAll, expect, test } from 'vitest'
import { ask, send, Wire } from '../../server/wire.ts'
import type { Person } from '../../world/person.ts'
import { loopLagOf } from '../../world/probe/loop-lag.ts'
import { useAttackedWorld } from '../aftermath.ts'
import { naughtyStrings } from '../naughty-strings.ts'

const world = useAttackedWorld()

/** Maximum time for which one request may block the event loop, in milliseconds. */
const lagMaxMs = 50

/** A little less than the largest body. */
const bodyMax = 250_000
/** A little less than the longest document. */
const documentMax = 14_900

let alice: Person
let conversationId: string
beforeAll(async () => {
  const people = await world.friends('alice', 'bob')
  alice = people[0]
  conversationId = (await alice.opens(people[1])).id
})

const repeat = (text: string, length: number) => text.repeat(Math.floor(length / text.length))
const nested = (open: string, close: string, length: number) => {
  const levels = Math.floor(length / (open.length + close.length))
  return `${open.repeat(levels)}${close.repeat(levels)}`
}

const documents: [string, string][] = [
  ['levels', nested('{a', '}', documentMax)],
  ['lists', `{ user(id: ${nested('[', ']', documentMax)}) { id } }`],
  ['fields', `{ ${repeat('__typename ', documentMax)} }`],
  ['unknown fields', `{ ${repeat('nothing ', documentMax)} }`],
  ['aliases', `{ ${Array.from({ length: 900 }, (_, n) => `a${n}: __typename`).join(' ')} }`],
  ['directives', `{ me ${repeat('@skip(if: false) ', documentMax)} { id } }`],
  ['fragments', `{ me { ...f } } ${repeat('fragment f on Me { ...f } ', documentMax)}`],
  [
    'fragments that double',
    `{ me { ...f0 } } ${Array.from({ length: 200 }, (_, n) => `fragment f${n} on Me { ...f${n + 1} ...f${n + 1} }`).join(' ')} fragment f200 on Me { id }`,
  ],
  ['operations', Array.from({ length: 400 }, (_, n) => `query q${n} { __typename }`).join(' ')],
  ['variables', `query (${Array.from({ length: 800 }, (_, n) => `$a${n}: Int`).join(', ')}) { __typename }`],
  ['block strings', `{ user(id: """${repeat('\n \\"""', documentMax)}""") { id } }`],
  ['comments', `{ __typename } ${repeat('#\n', documentMax)}`],
]

const bodies: [string, string][] = [
  ['nested JSON', `{"query":"{ __typename }","variables":{"a":${nested('[', ']', bodyMax)}}}`],
  [
    'nested objects',
    `{"query":"{ __typename }","variables":${nested('{"a":', '}', bodyMax).replace(':}', ':1}')}}`,
  ],
  [
    'many keys',
    `{"query":"{ __typename }","variables":{${Array.from({ length: 20_000 }, (_, n) => `"${n}":1`).join()}}}`,
  ],
  ['escapes', `{"query":"{ __typename }","variables":{"a":"${repeat('\\u0041', bodyMax)}"}}`],
  ['numbers', `{"query":"{ __typename }","variables":{"a":[${repeat('1e308,', bodyMax)}1]}}`],
  ['broken JSON', `{"query":"${repeat('\\\\', bodyMax)}`],
]

const mayBe = [200, 400, 413]

test.each(documents)(
  'a document of as many %s as fit does not block the event loop',
  async (_what, query) => {
    const wire = await Wire.ready(world.url, alice.credentials.accessToken)
    let id = 0
    const lag = await loopLagOf(async () => {
      expect(mayBe).toContain((await ask(world.url, query, alice.credentials.accessToken)).status)
      id += 1
      wire.subscribe(`${id}`, query)
      await wire.answers(`${id}`)
    })
    expect(lag).toBeLessThan(lagMaxMs)
  },
)

test.each(bodies)('a body of %s does not block the event loop', async (_what, body) => {
  const lag = await loopLagOf(async () => expect(mayBe).toContain((await send(world.url, body)).status))
  expect(lag).toBeLessThan(lagMaxMs)
})

/** Many short parts, whose number is limited. */
const repeatParts = (text: string) =>
  Array.from({ length: 100 }, (_, at) => ({ text: text.slice(at * 40, at * 40 + 40) || 'x' }))

const contents: [string, (text: string) => object][] = [
  ['a text', (text) => ({ text })],
  ['rich text', (text) => ({ richText: { parts: repeatParts(text) } })],
  ['a custom message', (text) => ({ custom: { type: 'test', data: { text }, fallbackText: 'x' } })],
]

test.each(contents)(
  '%s of the longest naughty strings does not block the event loop',
  async (what, content) => {
    const texts = [...(naughtyStrings.long ?? []), ...(naughtyStrings.combining ?? []), '👩🏽‍🚀'.repeat(900)]
    const query =
      'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { plainText } } }'
    let key = 0
    const lag = await loopLagOf(async () => {
      for (const text of texts) {
        key += 1
        const input = {
          conversationId,
          clientMessageId: `${what} ${key}`,
          content: content(text),
        }
        expect((await ask(world.url, query, alice.credentials.accessToken, { input })).status).toBe(200)
      }
    })
    expect(lag).toBeLessThan(lagMaxMs)
  },
)
