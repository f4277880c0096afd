import { describe, expect, test } from 'vitest'
import { buildSchema } from '../../../src/schema.ts'
import { type TextPlace, textPlaces } from '../../attack/call-any-field.ts'
import { send } from '../../server/wire.ts'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'

const world = useWorld()

/** Scalars that check themselves: JSONObject what it contains, the others their form. */
const selfChecking = new Set(['DateTime', 'JSONObject', 'LocalTime', 'TimeZone', 'URL'])
const isText = ({ scalar }: TextPlace) => !selfChecking.has(scalar)
const placesOf = (kind: Parameters<typeof textPlaces>[2]) =>
  textPlaces(buildSchema(), {}, kind).filter(isText)

interface Operation {
  query: string
  variables: Record<string, unknown>
}

async function overHttp({ url, credentials }: Person, operation: Operation): Promise<unknown> {
  const headers = { authorization: `Bearer ${credentials.accessToken}` }
  return (await send(url, JSON.stringify(operation), headers)).body
}

/** The first result or error of a subscription. */
const onSocket = (person: Person, operation: Operation): Promise<unknown> =>
  new Promise((resolve) => {
    person.socket().subscribe(operation, {
      next: resolve,
      error: (errors) => resolve({ errors }),
      complete: () => resolve(null),
    })
  })

/** The paths of the issues, without the name of the field and the indexes of lists. */
const issuesOf = (answer: unknown) =>
  (
    answer as { errors?: { extensions?: { code: string; issues?: { path: string; message: string }[] } }[] }
  ).errors?.map(({ extensions }) => ({
    code: extensions?.code,
    issues: extensions?.issues?.map(({ path, message }) => [path.replace(/\.\d+/g, ''), message]),
  }))

const refusedAt = ({ name }: TextPlace) => [
  {
    code: 'INVALID_INPUT',
    issues: [[name.slice(name.indexOf('.') + 1), 'must not contain U+0000 or half a surrogate pair']],
  },
]

describe('text that PostgreSQL cannot store is rejected with INVALID_INPUT and its path', () => {
  const texts = ['a\0', 'a\ud83d']

  test.each(['query', 'mutation'] as const)('in every argument of every %s', async (kind) => {
    const alice = await world.person('alice')
    const places = placesOf([kind])
    expect(places.length).toBeGreaterThan(20)
    for (const [index, place] of places.entries()) {
      const variables = place.variables(texts[index % texts.length])
      expect(issuesOf(await overHttp(alice, { query: place.query, variables })), place.name).toEqual(
        refusedAt(place),
      )
    }
  })

  test('in every argument of every subscription, at once', async () => {
    const alice = await world.person('alice')
    for (const place of placesOf(['subscription']))
      for (const text of texts) {
        const variables = place.variables(text)
        expect(issuesOf(await onSocket(alice, { query: place.query, variables })), place.name).toEqual(
          refusedAt(place),
        )
      }
  })

  test('but not in a presence subscription on an unknown id', async () => {
    const alice = await world.person('alice')
    const query = 'subscription ($ids: [ID!]!) { presence(userIds: $ids) { id } }'
    const variables = { ids: ['unknown', alice.id] }
    expect(await onSocket(alice, { query, variables })).toEqual({ data: { presence: { id: alice.id } } })
  })
})
