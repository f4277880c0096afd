import {
  type GraphQLArgument,
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql'
import { describe, expect, test } from 'vitest'
import { buildSchema } from '../../src/schema.ts'
import { send } from '../server/wire.ts'
import type { Person } from '../world/person.ts'
import { useWorld } from '../world/world.ts'

const world = useWorld()
const schema = buildSchema()

const textScalars = new Set(['ID', 'String', 'URL', 'SyncCursor'])
const samples: Record<string, string> = {
  ID: '"x"',
  String: '"x"',
  URL: '"https://example.com"',
  SyncCursor: '"x"',
  Int: '1',
  Boolean: 'true',
  DateTime: '"2026-01-31T09:30:00.000Z"',
  JSONObject: '{}',
}

/** The paths to all texts in a value of the type. */
function textPaths(type: GraphQLInputType, path: string): string[] {
  if (isNonNullType(type)) return textPaths(type.ofType, path)
  if (isListType(type)) return textPaths(type.ofType, `${path}.0`)
  if (isInputObjectType(type))
    return Object.values(type.getFields()).flatMap((field) => textPaths(field.type, `${path}.${field.name}`))
  return textScalars.has(type.name) ? [path] : []
}

/** A literal of the type with an unstorable text at the path, if the path leads into it, and else only what is required. */
function literal(type: GraphQLInputType, at: string[] | null): string {
  if (isNonNullType(type)) return literal(type.ofType, at)
  if (isListType(type)) return `[${literal(type.ofType, at?.slice(1) ?? null)}]`
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).filter(
      (field) => field.name === at?.[0] || (isNonNullType(field.type) && !type.isOneOf),
    )
    const [first] = Object.values(type.getFields())
    const used = fields.length === 0 && type.isOneOf && first ? [first] : fields
    const parts = used.map(
      (field) => `${field.name}: ${literal(field.type, field.name === at?.[0] ? at.slice(1) : null)}`,
    )
    return `{ ${parts.join(', ')} }`
  }
  if (isEnumType(type)) return type.getValues()[0]?.name ?? ''
  return at ? '"x\\u0000"' : (samples[type.name] ?? '"x"')
}

function callOf(name: string, args: readonly GraphQLArgument[], path: string): string {
  const [argument, ...rest] = path.split('.')
  const given = args
    .filter((arg) => arg.name === argument || isNonNullType(arg.type))
    .map((arg) => `${arg.name}: ${literal(arg.type, arg.name === argument ? rest : null)}`)
  return `${name}(${given.join(', ')})`
}

const cases = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap(
  (root) =>
    Object.values(root?.getFields() ?? {}).map((field) => ({
      operation: String(root?.name).toLowerCase(),
      name: field.name,
      calls: field.args.flatMap((arg) =>
        textPaths(arg.type, arg.name).map((path) => ({
          path,
          text: `${String(root?.name).toLowerCase()} { ${callOf(field.name, field.args, path)} ${isLeafType(getNamedType(field.type)) ? '' : '{ __typename }'} }`,
        })),
      ),
    })),
)

async function issuesOverHttp({ url, credentials }: Person, query: string): Promise<unknown> {
  const { body } = await send(url, JSON.stringify({ query }), {
    authorization: `Bearer ${credentials.accessToken}`,
  })
  return body
}

/** The first result or error of a subscription. */
const firstOf = (person: Person, query: string): Promise<unknown> =>
  new Promise((resolve) => {
    person
      .socket()
      .subscribe(
        { query },
        { next: resolve, error: (errors) => resolve({ errors }), complete: () => resolve(null) },
      )
  })

const refusedAt = (path: string) => ({
  errors: [
    expect.objectContaining({
      extensions: {
        code: 'INVALID_INPUT',
        issues: [{ path, message: 'must not contain U+0000 or half a surrogate pair' }],
      },
    }),
  ],
})

describe('text with U+0000 is rejected with INVALID_INPUT and its path', () => {
  test.each(cases.filter(({ calls }) => calls.length > 0))(
    'in every argument of the $operation $name',
    async ({ operation, calls }) => {
      const alice = await world.person('alice')
      for (const { path, text } of calls) {
        const answer = operation === 'subscription' ? firstOf(alice, text) : issuesOverHttp(alice, text)
        expect(await answer, text).toMatchObject(refusedAt(path))
      }
    },
  )

  test('in ids that are given as variables, at once and also with half a surrogate pair', async () => {
    const alice = await world.person('alice')
    for (const id of ['x\0', 'x\ud83d']) {
      const result = new Promise((resolve) => {
        alice.socket().subscribe(
          {
            query: 'subscription ($ids: [ID!]!) { presence(userIds: $ids) { id } }',
            variables: { ids: [alice.id, id] },
          },
          { next: resolve, error: (errors) => resolve({ errors }), complete: () => resolve(null) },
        )
      })
      expect(await result).toMatchObject(refusedAt('userIds.1'))
    }
  })
})
