import { type GraphQLObjectType, getNamedType } from 'graphql'
import { expect, test } from 'vitest'
import { EntityDocument, schema } from '../clients/entities.ts'
import { asks } from '../contact/verbs.ts'
import { asksToJoin } from '../group/verbs.ts'
import { reportsMessage, useModeratedWorld } from '../moderation/verbs.ts'
import { ask } from '../server/wire.ts'
import type { Person } from '../world/person.ts'
import { dataTypes, elsewhere, routes } from './reach-all-types.ts'

const { world, molly } = useModeratedWorld({ LIMIT_QUERY_COST: '10000000' })

const typeNamed = (name: string) => schema.getType(name) as GraphQLObjectType

/** Selects everything, and expects no error: what a viewer may not see is null. */
async function reads(person: Person | null, operation: (document: EntityDocument) => string) {
  const document = new EntityDocument()
  const text = document.text(operation(document))
  const { body } = await ask(world.url, text, person?.credentials.accessToken)
  expect(body.errors).toBeUndefined()
  return JSON.stringify(body.data)
}

test('a moderator reads everything about a report in a conversation of others', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await alice.opens(bob)
  const message = await alice.sends(id, 'cheap watches')
  await reportsMessage(bob, message, 'SPAM')
  const found = await reads(molly(), (of) => `{ reports { nodes ${of.deep(typeNamed('Report'))} } }`)
  expect(found).toContain('"conversation":null')
})

test('a stranger reads everything about a user', async () => {
  const [alice, mallory] = await world.people('alice', 'mallory')
  const found = await reads(mallory, (of) => `{ user(id: "${alice.id}") ${of.deep(typeNamed('User'))} }`)
  expect(found).toContain(alice.id)
})

test('the recipient of a friend request and the sender of a join request read everything about it', async () => {
  const [alice, dave] = await world.people('alice', 'dave')
  const group = await alice.creates('the club', [], { joinPolicy: 'APPROVAL' })
  const requests = [
    ['FriendRequest', (await asks(alice, dave)).id],
    ['GroupJoinRequest', (await asksToJoin(dave, group.id)).id],
  ] as const
  for (const [type, id] of requests)
    expect(await reads(dave, (of) => `{ node(id: "${id}") ${of.deep(typeNamed(type))} }`)).toContain(id)
})

test('a new user reads everything in the payload of register and login', async () => {
  const name = { handle: 'newcomer', password: 'correct horse battery' }
  for (const [mutation, input] of [
    ['register', `{ handle: "${name.handle}", displayName: "New", password: "${name.password}" }`],
    ['login', `{ handle: "${name.handle}", password: "${name.password}" }`],
  ] as const) {
    const field = schema.getMutationType()?.getFields()[mutation]
    const type = getNamedType(field?.type) as GraphQLObjectType
    const found = await reads(null, (of) => `mutation { ${mutation}(input: ${input}) ${of.payload(type)} }`)
    expect(found).toContain('"blockedByMe":false')
  }
})

/** The types of all objects in the data. */
function typesIn(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value !== 'object' || value === null) return found
  if ('__typename' in value) found.add(String(value.__typename))
  for (const part of Object.values(value)) typesIn(part, found)
  return found
}

test('for each type, a viewer with the fewest rights reads every field without an error', async () => {
  const seen = new Set<string>(elsewhere)
  for (const { as, operation } of await routes(world, molly())) {
    for (const type of typesIn(JSON.parse(await reads(as, operation)))) seen.add(type)
  }
  expect(dataTypes.filter((type) => !seen.has(type))).toEqual([])
})

test('a refused mutation leaves the results of others', async () => {
  const alice = await world.person('alice')
  const text = `mutation { setPresence(input: { status: AWAY }) { me { id } }
    leaveGroup(input: { groupId: "unknown" }) { leftConversationId } }`
  const { body } = await ask(world.url, text, alice.credentials.accessToken)
  expect(body.errors).toMatchObject([{ path: ['leaveGroup'], extensions: { code: 'NOT_FOUND' } }])
  expect(body.data).toMatchObject({ setPresence: { me: {} }, leaveGroup: null })
})
