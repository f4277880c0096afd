import {
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isAbstractType,
  isObjectType,
  isRequiredArgument,
} from 'graphql'
import pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { buildSchema } from '../../../src/schema.ts'
import { reacts } from '../../message/verbs.ts'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { ask } from '../wire.ts'

const limit = 2_000
const size = 6
const world = useWorld({
  LIMIT_QUERY_COST: String(limit),
  LIMIT_PAGE_SIZE: String(size),
  LIMIT_PAGE_SIZE_MAX: String(size),
  LIMIT_ALIASES: '100',
})
const schema = buildSchema()

/** What the server reads: statements and rows of all its connections. */
const read = { statements: 0, rows: 0 }
const count = (result: unknown) => {
  read.statements += 1
  read.rows += (result as { rows?: unknown[] } | undefined)?.rows?.length ?? 0
}

beforeAll(() => {
  const original = pg.Client.prototype.query as (...args: unknown[]) => unknown
  vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...args: unknown[]) {
    const done = args.at(-1)
    if (typeof done === 'function')
      return original.call(this, ...args.slice(0, -1), (error: unknown, result: unknown) => {
        count(result)
        done(error, result)
      })
    const answer = original.call(this, ...args)
    if (answer instanceof Promise) answer.then(count, () => {})
    return answer
  })
})
afterAll(() => vi.restoreAllMocks())

/** Numbers from 0 to 1 that are the same in every run. */
function numbers(seed: number) {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

type Next = () => number

const pick = <Value>(values: readonly Value[], next: Next) =>
  values[Math.floor(next() * values.length)] as Value

/** Selects random fields of objects, and most of all lists, to a depth. */
class Selection {
  readonly #next: Next
  readonly #arguments: Record<string, string>

  constructor(next: Next, args: Record<string, string>) {
    this.#next = next
    this.#arguments = args
  }

  of(type: GraphQLObjectType, depth: number, width: number): string {
    const fields = Object.values(type.getFields()).filter(
      (field) =>
        this.#composite(field) &&
        (!field.args.some(isRequiredArgument) || `${type.name}.${field.name}` in this.#arguments),
    )
    const chosen =
      depth === 0
        ? []
        : [...new Set(Array.from({ length: Math.min(width, fields.length) }, () => pick(fields, this.#next)))]
    return `__typename ${chosen.map((field) => this.#field(type, field, depth - 1)).join(' ')}`
  }

  #composite(field: GraphQLField<unknown, unknown>) {
    const type = getNamedType(field.type)
    return isObjectType(type) || isAbstractType(type)
  }

  #field(parent: GraphQLObjectType, field: GraphQLField<unknown, unknown>, depth: number): string {
    const type = getNamedType(field.type)
    const concrete = isAbstractType(type) ? pick(schema.getPossibleTypes(type), this.#next) : type
    if (!isObjectType(concrete)) return '__typename'
    const selected = this.of(concrete, depth, 3)
    const args = this.#arguments[`${parent.name}.${field.name}`] ?? ''
    const body = concrete === type ? selected : `... on ${concrete.name} { ${selected} }`
    return `a${Math.floor(this.#next() * 1e9)}: ${field.name}${args} { ${body} }`
  }
}

async function arrange() {
  const names = Array.from({ length: size }, (_, index) => `p${index}`)
  const person = await world.person('ada')
  const others = await world.people(...names)
  const groups = await Promise.all(names.map(async (name) => (await person.creates(name, others)).id))
  const mentions = others.map(({ id: userId }) => ({ mention: { userId, displayText: '@x' } }))
  const content = { richText: { parts: [...mentions, { text: 'hello' }] } }
  await Promise.all(
    groups.map(async (id) => {
      for (let index = 0; index < size; index += 1) {
        const message = await person.sendsContent(id, content)
        if (index === 0) await reacts(person, message, '👍')
      }
    }),
  )
  return { person, groups, userId: (others[0] as Person).id }
}

test('an operation reads no more rows than it costs, and a statement per ten of its cost', async () => {
  const { person, groups, userId } = await arrange()
  const message = (await person.history(groups[0] as string, 1))?.[0]?.id
  const since = groups.map((id) => `{ conversationId: "${id}", afterVersion: 0 }`)
  const args = {
    'Query.conversation': `(id: "${groups[0]}")`,
    'Query.conversationChanges': `(since: [${since}])`,
    'Query.message': `(id: "${message}")`,
    'Query.node': `(id: "${groups[0]}")`,
    'Query.nodes': `(ids: ${JSON.stringify(groups)})`,
    'Query.searchMessages': '(query: "hello")',
    'Query.searchUsers': '(query: "p")',
    'Query.user': `(id: "${userId}")`,
    'GroupConversation.changes': '(afterVersion: 0)',
    'GroupConversation.message': '(seq: 3)',
    'DirectConversation.changes': '(afterVersion: 0)',
    'DirectConversation.message': '(seq: 1)',
  }
  const next = numbers(7)
  const root = schema.getQueryType() as GraphQLObjectType
  const near: { cost: number; statements: number; rows: number; query: string }[] = []
  for (let tries = 0; tries < 1_000 && near.length < 20; tries += 1) {
    const query = `{ ${new Selection(next, args).of(root, 3 + Math.floor(next() * 4), 2)} }`
    const before = { ...read }
    const { body } = await ask(world.url, query, person.credentials.accessToken)
    const cost = (body as { extensions?: { cost: number } }).extensions?.cost
    if (cost === undefined || cost < limit / 8) continue
    near.push({ cost, query, statements: read.statements - before.statements, rows: read.rows - before.rows })
  }
  expect(near).toHaveLength(20)
  // Background work, and the session of the request.
  const besides = 30
  for (const { cost, query, statements, rows } of near) {
    expect(rows, query).toBeLessThanOrEqual(cost + besides)
    expect(statements, query).toBeLessThanOrEqual(cost / 10 + besides)
  }
  expect(Math.max(...near.map(({ rows }) => rows))).toBeGreaterThan(size * size)
})
