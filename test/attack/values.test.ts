import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { buildSchema, isScalarType } from 'graphql'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Answer, send } from '../server/wire.ts'
import type { Person } from '../world/person.ts'
import { expectNoInternals, secretWord, useAttackedWorld } from './aftermath.ts'
import { placesOfScalars, type TextPlace, textPlaces } from './call-any-field.ts'
import { naughtyStrings } from './naughty-strings.ts'
import { runs } from './runs.ts'

const world = useAttackedWorld()

const schema = buildSchema(readFileSync(join(import.meta.dirname, '../../schema.graphql'), 'utf8'))
let alice: Person
let bob: Person
let places: TextPlace[]
/** Those of numbers and of Booleans. */
let numbers: TextPlace[]

beforeAll(async () => {
  ;[alice, bob] = await world.friends('alice', 'bob')
  const { id: conversationId } = await alice.creates('a group', [bob])
  const message = await alice.sends(conversationId, secretWord)
  const known = {
    ...{ conversationId, groupId: conversationId, sourceConversationId: conversationId },
    ...{ userId: bob.id, userIds: [bob.id], memberIds: [bob.id], messageId: message.id, seq: 1, seqs: [1] },
  }
  places = textPlaces(schema, known)
  numbers = placesOfScalars(schema, known, new Set(['Int', 'Float', 'Boolean']))
})

/** Sends a value, and checks that the response is one that a client can use. */
async function attack(place: TextPlace, value: unknown): Promise<Answer> {
  return attackWithJson(place, JSON.stringify(value))
}

/** The same with a value that is JSON already, and perhaps too deep to be made from an object. */
async function attackWithJson(place: TextPlace, value: string): Promise<Answer> {
  const mark = 'the place of the value'
  const body = JSON.stringify({ query: place.query, variables: place.variables(mark) })
  const headers = { authorization: `Bearer ${alice.credentials.accessToken}` }
  const answer = await send(
    world.url,
    body.replace(JSON.stringify(mark), () => value),
    headers,
  )
  const codes = answer.body.errors?.map(({ extensions }) => extensions.code) ?? []
  for (const code of ['INTERNAL', 'UNAVAILABLE', 'OUTCOME_UNKNOWN', undefined])
    expect(codes, `${place.name} = ${value.slice(0, 200)}`).not.toContain(code)
  expectNoInternals(answer.text, `${place.name} = ${value.slice(0, 200)}`)
  const [error] = answer.body.errors ?? []
  expect(JSON.stringify(error ?? null).length, `${place.name}: ${error?.message}`).toBeLessThan(6_000)
  return answer
}

/** Those that a naughty text cannot end, such as the session of the attacker. */
const placesOf = (...scalars: string[]) =>
  [...places, ...numbers].filter(({ scalar }) => scalars.includes(scalar))

test('naughty strings in every text argument are stored or refused, and never an internal error', {
  timeout: 600_000,
}, async () => {
  const kinds = Object.entries(naughtyStrings)
  expect(places.length).toBeGreaterThan(100)
  let turn = 0
  const share = Math.min(kinds.length, runs(2))
  const calls = places.flatMap((place) =>
    Array.from({ length: share }, () => {
      const [, texts] = kinds[turn % kinds.length] as (typeof kinds)[number]
      const text = texts[Math.floor(turn++ / kinds.length) % texts.length] as string
      return { place, text: place.scalar === 'String' && text.length > 3 ? `${text}${secretWord}` : text }
    }),
  )
  for (let from = 0; from < calls.length; from += 20)
    await Promise.all(calls.slice(from, from + 20).map(({ place, text }) => attack(place, text)))
})

describe('scalars', () => {
  test('of every kind are fuzzed', () => {
    const fuzzed = new Set([...places, ...numbers].map(({ scalar }) => scalar))
    const all = Object.values(schema.getTypeMap()).filter((type) => isScalarType(type))
    // No argument has one of these types.
    expect(
      all.map(({ name }) => name).filter((name) => !['Float', 'URL'].includes(name) && !fuzzed.has(name)),
    ).toEqual([])
  })

  const date = fc.tuple(...[9999, 99, 99, 99, 99, 99].map((max) => fc.nat(max)))
  const padded = (part: number, length = 2) => String(part).padStart(length, '0')
  const dateTime = date.map(
    ([year = 0, month = 0, day = 0, ...time]) =>
      `${padded(year, 4)}-${padded(month)}-${padded(day)}T${time.map((part) => padded(part)).join(':')}Z`,
  )

  /** One value after the other, at one of the places of these scalars. */
  const fuzz = <Value>(
    values: fc.Arbitrary<Value>,
    count: number,
    scalars: string[],
    attackWith: (place: TextPlace, value: Value) => Promise<Answer> = attack,
  ) =>
    fc.assert(
      fc.asyncProperty(fc.nat(), values, async (at, value) => {
        const fitting = placesOf(...scalars)
        await attackWith(fitting[at % fitting.length] as TextPlace, value)
      }),
      { numRuns: runs(count) },
    )

  test('no DateTime is an internal error', { timeout: 600_000 }, () =>
    fuzz(
      fc.oneof(
        dateTime,
        fc.date({ noInvalidDate: true }).map((d) => d.toISOString()),
        fc.string(),
      ),
      150,
      ['DateTime'],
    ),
  )

  test.each([
    ['2026-02-30T00:00:00Z', 'exist'],
    ['2026-02-29T00:00:00Z', 'exist'],
    ['2026-13-01T00:00:00Z', 'exist'],
    ['2026-01-01T24:00:00Z', 'exist'],
    ['0000-01-01T00:00:00Z', 'years 0001 to 9999'],
    ['0001-01-01T00:00:00+01:00', 'years 0001 to 9999'],
  ])('DateTime %s is INVALID_INPUT', async (value, reason) => {
    for (const place of placesOf('DateTime')) {
      const { body } = await attack(place, value)
      expect(body.errors?.[0]?.extensions.code).toBe('INVALID_INPUT')
      expect(body.errors?.[0]?.message).toContain(reason)
    }
  })

  test('no JSONObject is an internal error', { timeout: 600_000 }, () => {
    const deep = fc.nat(5_000).map((levels) => `${'{"a":'.repeat(levels)}{}${'}'.repeat(levels)}`)
    return fuzz(
      fc.oneof(fc.object({ withNullPrototype: false }).map(jsonOf), deep, fc.json()),
      100,
      ['JSONObject'],
      attackWithJson,
    )
  })

  test('no ID and no SyncCursor is an internal error', { timeout: 600_000 }, () =>
    fuzz(fc.oneof(fc.string({ unit: 'binary' }), fc.base64String(), fc.double(), fc.jsonValue()), 150, [
      'ID',
      'SyncCursor',
    ]),
  )

  const time = fc.tuple(fc.nat(99), fc.nat(99)).map((parts) => parts.map((part) => padded(part)).join(':'))
  const zone = fc
    .tuple(fc.constantFrom('Europe', 'Etc', '..', 'posix'), fc.string())
    .map((parts) => parts.join('/'))
  const number = fc.oneof(
    fc.maxSafeInteger(),
    fc.double(),
    fc.bigInt().map(String),
    fc.constantFrom(-1, 0, 2 ** 31),
  )

  test.each([
    ['LocalTime', fc.oneof(time, fc.string())],
    ['TimeZone', fc.oneof(zone, fc.string())],
    ['Int', number],
    ['Boolean', fc.oneof(number, fc.string(), fc.array(fc.boolean()))],
  ])('no %s is an internal error', { timeout: 600_000 }, (scalar, values) =>
    fuzz<unknown>(values, 60, [scalar]),
  )

  test('no String is an internal error', { timeout: 600_000 }, () =>
    fuzz(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme', maxLength: 500 })), 150, [
      'String',
    ]),
  )
})

const jsonOf = (value: unknown): string =>
  JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? 0 : part)) ?? '{}'

describe('list cursors', () => {
  const lists = () => placesOf('String', 'ID').filter(({ name }) => /\.(after|before)$/.test(name))
  const key = fc.array(
    fc.oneof(
      fc.double(),
      fc.integer(),
      fc.bigInt().map(String),
      fc.string({ unit: 'binary' }),
      fc.constant('a'.repeat(5_000)),
    ),
    { minLength: 1, maxLength: 4 },
  )

  test('forged ones are INVALID_INPUT', { timeout: 600_000 }, async () => {
    expect(lists().length).toBeGreaterThan(5)
    await fc.assert(
      fc.asyncProperty(fc.nat(), key, async (at, parts) => {
        const place = lists()[at % lists().length] as TextPlace
        const { body } = await attack(place, Buffer.from(JSON.stringify(parts)).toString('base64url'))
        expect(body.errors?.length).toBeGreaterThan(0)
      }),
      { numRuns: runs(100) },
    )
  })
})
