import type { GraphQLObjectType } from 'graphql'
import { beforeAll, describe, expect, test } from 'vitest'
import { schema } from '../../clients/entities.ts'
import { useModeratedWorld } from '../../moderation/verbs.ts'
import { type Answer, ask } from '../../server/wire.ts'
import { actor, castOf, type Role, roles, tokenOf } from './cast.ts'
import { idsOf, nodeTypes, operationOn, shown } from './objects.ts'
import { reads } from './reads.ts'
import { type Scene, sceneOf } from './scene.ts'
import { Spare } from './spare.ts'
import { outcomeOfStream, streams } from './streams.ts'
import { type Outcomes, publishedTable, rowOf } from './table.ts'
import { writes } from './writes.ts'

const { world, molly } = useModeratedWorld({ LIMIT_QUERY_COST: '10000000' })
const published = publishedTable()
let scene: Scene
let spare: Spare

beforeAll(async () => {
  scene = await sceneOf(world, await castOf(world, molly()))
  spare = new Spare(scene)
})

const fieldsOf = (type: GraphQLObjectType | null | undefined) => Object.keys(type?.getFields() ?? {}).sort()

/** Reads do not change each other's answers. */
const eachRoleAtOnce = async (outcome: (role: Role) => Promise<string>) =>
  Object.fromEntries(
    await Promise.all(roles.map(async (role) => [role, await outcome(role)] as const)),
  ) as Outcomes

async function eachRole(outcome: (role: Role) => Promise<string>): Promise<Outcomes> {
  const found: Partial<Outcomes> = {}
  for (const role of roles) found[role] = await outcome(role)
  return found as Outcomes
}

/** An error code; otherwise `yes`, or `null` and `empty` if the answer does not show what is asked for. */
function outcomeOf({ body }: Answer, name: string, shows?: string): string {
  const [error] = body.errors ?? []
  if (error) return String(error.extensions.code)
  const value = body.data?.[name]
  if (value === null || value === undefined) return 'null'
  if (shows !== undefined) return JSON.stringify(value).includes(shows) ? 'yes' : 'empty'
  return shown(value, name).every(([, outcome]) => outcome === 'yes') ? 'yes' : 'empty'
}

const expectPublished = (field: string, outcomes: Partial<Outcomes>) =>
  expect(rowOf(field, outcomes)).toBe(rowOf(field, published.get(field)))

describe('each cell of docs/permissions.md is what the server answers', () => {
  test.each(fieldsOf(schema.getQueryType()))('Query.%s', async (name) => {
    const read = reads[name]
    if (!read) throw new Error(`There is no call of ${name}.`)
    const outcomes = await eachRoleAtOnce(async (role) =>
      outcomeOf(
        await ask(world.url, `{ ${read.call(scene)} }`, tokenOf(scene.cast, role)),
        name,
        read.shows?.(scene),
      ),
    )
    expectPublished(`Query.${name}`, outcomes)
  })

  test.each(fieldsOf(schema.getSubscriptionType()))('Subscription.%s', async (name) => {
    const stream = streams[name]
    if (!stream) throw new Error(`There is no call of ${name}.`)
    const online = await scene.cast.vera.listens()
    expectPublished(`Subscription.${name}`, await eachRole((role) => outcomeOfStream(scene, role, stream)))
    online.close()
  })

  test('every object type with an id, and each field that differs between its viewers', async () => {
    const ids = await idsOf(scene)
    const found = new Map<string, Partial<Outcomes>>()
    for (const type of nodeTypes) {
      const byField = new Map<string, Partial<Outcomes>>()
      await eachRoleAtOnce(async (role) => {
        const operation = operationOn(type, ids[type.name] ?? '')
        const answer = await ask(world.url, operation, tokenOf(scene.cast, role))
        const outcome = outcomeOf(answer, 'node', '{')
        const parts = outcome === 'yes' ? shown(answer.body.data?.node, type.name) : []
        for (const [field, value] of [[type.name, outcome] as const, ...parts])
          byField.set(field, { ...byField.get(field), [role]: value })
        return outcome
      })
      for (const [field, outcomes] of byField)
        if (field === type.name || new Set(Object.values(outcomes)).size > 1) found.set(field, outcomes)
    }
    const rows = [...found].map(([field, outcomes]) => rowOf(field, outcomes))
    const objects = [...published].filter(([field]) => !/^(Query|Mutation|Subscription)\./.test(field))
    expect(rows.join('\n')).toBe(objects.map(([field, outcomes]) => rowOf(field, outcomes)).join('\n'))
  })

  test.each(Object.keys(writes))('Mutation.%s', async (name) => {
    expectPublished(`Mutation.${name}`, await eachRole((role) => outcomeOfWrite(name, role)))
  })
})

async function outcomeOfWrite(name: string, role: Role): Promise<string> {
  const write = writes[name]
  const usual = actor(scene.cast, role)
  const withToken = role !== 'anonymous' && role !== 'revoked'
  const caller = withToken && write?.device ? await write.device(usual) : usual
  const input = await write?.input(scene, usual, spare)
  const type = schema.getMutationType()?.getFields()[name]?.args[0]?.type
  const operation = input
    ? `mutation ($input: ${String(type)}) { ${name}(input: $input) { __typename } }`
    : `mutation { ${name} { __typename } }`
  const token = role === 'anonymous' ? undefined : caller.credentials.accessToken
  const outcome = outcomeOf(await ask(world.url, operation, token, { input }), name)
  if (outcome === 'yes') spare.renew()
  return outcome
}

test('every mutation has a call', () => {
  expect(Object.keys(writes).sort()).toEqual(fieldsOf(schema.getMutationType()))
})

test('no cell of docs/permissions.md is empty for a root field, and no row is left over', () => {
  const all = (['Query', 'Mutation', 'Subscription'] as const).flatMap((root) =>
    fieldsOf(schema.getType(root) as GraphQLObjectType).map((name) => `${root}.${name}`),
  )
  const rows = [...published].filter(([field]) => /^(Query|Mutation|Subscription)\./.test(field))
  expect(rows.map(([field]) => field).sort()).toEqual(all.sort())
  expect(rows.filter(([, outcomes]) => Object.values(outcomes).includes(''))).toEqual([])
})

/** Calls that no role can complete on this server, which show no more than who is refused before them. */
const withoutSuccess = [
  'Mutation.renewSession',
  'Mutation.requestContactVerification',
  'Mutation.requestPasswordReset',
  'Mutation.resetPassword',
  'Mutation.verifyContact',
  'Query.pushAttempts',
]

test('every other row has a role for which it works, so its refusals are those of the permission', () => {
  const futile = [...published].filter(([, outcomes]) => !Object.values(outcomes).includes('yes'))
  expect(futile.map(([field]) => field).sort()).toEqual(withoutSuccess)
})
