import { isInterfaceType, isObjectType } from 'graphql'
import { afterAll, describe, expect, test } from 'vitest'
import { buildSchema } from '../../src/schema.ts'
import { asks } from '../contact/verbs.ts'
import { announces, asksToJoin, invites } from '../group/verbs.ts'
import { uploads } from '../media/verbs.ts'
import { reacts } from '../message/verbs.ts'
import { auditOf, reportOf, reportsMessage, suspends, useModeratedWorld } from '../moderation/verbs.ts'
import { createGatewayServer } from '../notification/servers/gateway.ts'
import { attempts, registersDevice } from '../notification/verbs.ts'
import { ask, codesOf } from '../server/wire.ts'
import { eventually } from '../world/eventually.ts'
import type { Person } from '../world/person.ts'

const gateway = await createGatewayServer()
afterAll(() => gateway.close())
const { world, molly } = useModeratedWorld({
  ...gateway.env,
  LIMIT_PUSH_DELAY_MS: '50',
  LIMIT_PAGE_SIZE: '5',
})

interface Found {
  __typename: string
  id: string
}

const reads = async (person: Person, query: string, variables = {}) => {
  const { body } = await ask(world.url, query, person.credentials.accessToken, variables)
  expect(body.errors).toBeUndefined()
  return body.data as Record<string, unknown>
}

const nodeOf = async (person: Person, id: string) =>
  (await reads(person, 'query ($id: ID!) { node(id: $id) { __typename id } }', { id })).node as Found | null

const nodesOf = async (person: Person, ids: string[]) =>
  (await reads(person, 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }', { ids }))
    .nodes as (Found | null)[]

/** All objects with an id in an answer, by type. */
function objectsIn(value: unknown, found = new Map<string, string[]>()): Map<string, string[]> {
  if (typeof value !== 'object' || value === null) return found
  const { __typename, id } = value as Partial<Found>
  if (__typename && id) found.set(__typename, [...(found.get(__typename) ?? []), id])
  for (const each of Object.values(value)) objectsIn(each, found)
  return found
}

const everythingOfAlice = `query ($group: ID!, $direct: ID!, $message: ID!, $code: String!, $carol: ID!) {
  me { __typename id session { __typename id } user { __typename id } }
  friends { edges { node { __typename id } } }
  user(id: $carol) { friendRequest { __typename id } }
  direct: conversation(id: $direct) { __typename id }
  group: conversation(id: $group) {
    __typename id membership { __typename id }
    ... on GroupConversation {
      announcement { __typename id }
      members(role: OWNER) { edges { node { __typename id } } }
      joinRequests { edges { node { __typename id group { __typename id } } } }
    }
  }
  groupInvite(inviteCode: $code) { __typename id group { __typename id } }
  message(id: $message) { __typename id reactions { __typename id } revisions { __typename id } }
}`

async function arrange() {
  const [alice, bob] = await world.friends('alice', 'bob')
  const [carol, dan, eve] = await world.people('carol', 'dan', 'eve')
  const direct = await alice.opens(bob)
  const { id: group } = await alice.creates('house', [bob], { joinPolicy: 'APPROVAL' })
  await registersDevice(bob, 'WEBHOOK', 'token-of-bob')
  const message = await alice.sends(group, 'helo')
  await alice.edits(message, 'hello')
  await reacts(bob, message, '👍')
  const media = await uploads(alice, { bytes: Buffer.from('bytes'), filename: 'a.bin' })
  await alice.sendsContent(group, { file: { mediaId: media.id } })
  await announces(alice, group, 'be kind')
  const { inviteCode: code } = await invites(alice, group)
  await asksToJoin(carol, group)
  await asks(alice, carol)
  const reported = await alice.sends(group, 'rude')
  await reportsMessage(bob, reported)
  await suspends(molly(), dan, { reason: 'test' })
  const [attempt] = await eventually(async () => {
    const found = await attempts(alice, message)
    expect(found).not.toEqual([])
    return found
  })

  const variables = { group, direct: direct.id, message: message.id, code, carol: carol.id }
  const found = objectsIn(await reads(alice, everythingOfAlice, variables))
  const one = (type: string, index = 0) => found.get(type)?.[index] as string
  const all = { alice, bob, carol, eve, molly: molly() }
  const everyone = Object.keys(all) as (keyof typeof all)[]
  const device = objectsIn(await reads(bob, '{ me { pushDevices { __typename id } } }')).get('PushDevice')
  const audit = objectsIn(await reads(molly(), '{ auditLog { edges { node { __typename id } } } }'))
  expect(await auditOf(molly(), dan)).toHaveLength(1)

  const samples: [type: string, id: string, seenBy: (keyof typeof all)[]][] = [
    ['User', one('User'), everyone],
    ['Me', one('Me'), ['alice']],
    ['Session', one('Session'), ['alice']],
    ['Friendship', one('Friendship'), ['alice']],
    ['FriendRequest', one('FriendRequest'), ['alice', 'carol']],
    ['DirectConversation', one('DirectConversation'), ['alice', 'bob']],
    ['GroupConversation', one('GroupConversation'), ['alice', 'bob']],
    ['Membership', one('Membership'), ['alice']],
    ['GroupMember', one('GroupMember'), ['alice', 'bob']],
    ['Announcement', one('Announcement'), ['alice', 'bob']],
    ['GroupJoinRequest', one('GroupJoinRequest'), ['alice', 'carol']],
    ['GroupPreview', one('GroupPreview'), ['alice', 'carol']],
    // Anyone who knows the code may use an invite.
    ['GroupInvite', one('GroupInvite'), everyone],
    ['GroupPreview', one('GroupPreview', 1), everyone],
    ['Message', one('Message'), ['alice', 'bob']],
    ['ReactionGroup', one('ReactionGroup'), ['alice', 'bob']],
    ['MessageRevision', one('MessageRevision'), ['alice']],
    ['Media', media.id, ['alice', 'bob']],
    ['Report', (await reportOf(molly(), reported)).id, ['molly']],
    ['AuditEntry', audit.get('AuditEntry')?.[0] as string, ['molly']],
    ['PushDevice', device?.[0] as string, ['bob']],
    ['PushAttempt', attempt?.id as string, ['alice', 'molly']],
  ]
  return { ...all, group, all, samples }
}

const nodeTypes = () => {
  const schema = buildSchema()
  const node = schema.getType('Node')
  if (!isInterfaceType(node)) throw new Error('There is no interface Node.')
  return schema.getPossibleTypes(node).map(({ name }) => name)
}

test('every type with an id implements Node, and no two objects have one id', async () => {
  const withId = Object.values(buildSchema().getTypeMap())
    .filter(isObjectType)
    .filter((type) => type.getFields().id)
  expect(nodeTypes().sort()).toEqual(withId.map(({ name }) => name).sort())
})

describe('an object of each type', () => {
  test('is found by its id by the users who may see it, and by no others', async () => {
    const { all, samples } = await arrange()
    expect([...new Set(samples.map(([type]) => type))].sort()).toEqual(nodeTypes().sort())
    expect(new Set(samples.map(([, id]) => id)).size).toBe(samples.length)

    for (const [name, person] of Object.entries(all)) {
      const found = await Promise.all(samples.map(([, id]) => nodeOf(person, id)))
      const expected = samples.map(([type, id, seenBy]) =>
        (seenBy as string[]).includes(name) ? { __typename: type, id } : null,
      )
      expect({ name, found }).toEqual({ name, found: expected })
    }
  })
})

describe('node', () => {
  test('is null for unknown and malformed ids, for everyone', async () => {
    const alice = await world.person('alice')
    const unknown = '01ARZ3NDEKTSV4RRFFQ69G5FAV'
    const ids = [
      ...['', '_', 'user', unknown, 'server', 'me_', 'audit_x', 'audit_99999999999999999', 'preview_'],
      ...['group_', 'single_a', `group_${unknown}`, `me_${unknown}`, `reactions_${unknown}_👍`],
      ...[`membership_${alice.id}`, `member_single_x_y_${alice.id}`, `revision_${unknown}_1`, 'other_1'],
      ...[`preview_invite_${unknown}`, `preview_request_${unknown}`, `invite_${unknown}`],
    ]
    expect(await Promise.all(ids.map((id) => nodeOf(alice, id)))).toEqual(ids.map(() => null))
  })

  test('requires a session', async () => {
    const answer = await ask(world.url, '{ node(id: "me_1") { id } nodes(ids: []) { id } }')
    expect(codesOf(answer)).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED'])
  })

  test('finds nothing of a group once the viewer was removed', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const { id } = await alice.creates('house', [bob])
    const message = await alice.sends(id, 'hello')
    await announces(alice, id, 'be kind')
    const found = objectsIn(
      await reads(
        bob,
        `query ($id: ID!) { conversation(id: $id) { __typename id membership { __typename id }
          ... on GroupConversation { announcement { __typename id } members { edges { node { __typename id } } } } } }`,
        { id },
      ),
    )
    const ids = [message.id, ...[...found.values()].flat()]
    expect(await Promise.all(ids.map((each) => nodeOf(bob, each)))).not.toContain(null)
    await alice.removes(id, bob)
    expect(await Promise.all(ids.map((each) => nodeOf(bob, each)))).toEqual(ids.map(() => null))
  })

  test('finds messages and announcements of the history that the viewer may read', async () => {
    const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
    const { id } = await alice.creates('house', [bob])
    const early = await alice.sends(id, 'early')
    const first = await announces(alice, id, 'first')
    const second = await announces(alice, id, 'second')
    await alice.adds(id, carol)
    const found = async (person: Person) =>
      (await nodesOf(person, [early.id, first.id, second.id])).map((node) => node !== null)
    expect(await found(bob)).toEqual([true, true, true])
    // The current announcement is visible to all members.
    expect(await found(carol)).toEqual([false, false, true])
  })
})

describe('nodes', () => {
  test('returns objects in the order of their ids, null for what the viewer may not see, and repeats', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const { id: group } = await alice.creates('house', [])
    const { id: message } = await alice.sends(group, 'hello')
    const ids = [message, bob.id, 'group_1', group, message]
    expect((await nodesOf(alice, ids)).map((node) => node?.__typename ?? null)).toEqual([
      'Message',
      'User',
      null,
      'GroupConversation',
      'Message',
    ])
    expect((await nodesOf(bob, ids)).map((node) => node?.__typename ?? null)).toEqual([
      ...[null, 'User', null, null, null],
    ])
  })

  test('accepts as many ids as a page has, and none', async () => {
    const alice = await world.person('alice')
    const maximum = 100
    expect(await nodesOf(alice, [])).toEqual([])
    expect(await nodesOf(alice, Array<string>(maximum).fill(alice.id))).toHaveLength(maximum)
    const answer = await ask(
      world.url,
      'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
      alice.credentials.accessToken,
      { ids: Array<string>(maximum + 1).fill(alice.id) },
    )
    expect(answer.body.errors?.[0]?.extensions).toMatchObject({
      code: 'INVALID_INPUT',
      issues: [{ path: 'ids', message: `must have at most ${maximum} items` }],
    })
  })
})

test('me.id is not the user id', async () => {
  const alice = await world.person('alice')
  expect(await reads(alice, '{ me { id user { id } } }')).toEqual({
    me: { id: `me_${alice.id}`, user: { id: alice.id } },
  })
})
