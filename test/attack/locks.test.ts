import pg from 'pg'
import { beforeAll, describe, expect, test } from 'vitest'
import { buildSchema } from '../../src/schema.ts'
import { asks } from '../contact/verbs.ts'
import { asksToJoin, invites } from '../group/verbs.ts'
import { useModeratedWorld } from '../moderation/verbs.ts'
import { ask } from '../server/wire.ts'
import type { Person } from '../world/person.ts'
import { attempts, elsewhere, type Own, ownMutations, type Targets } from './every-mutation.ts'

const { world } = useModeratedWorld()

/** Another transaction, which locks rows until the test releases them. */
async function holding<Result>(
  statements: [text: string, ...params: unknown[]][],
  act: () => Promise<Result>,
) {
  const client = new pg.Client({ connectionString: world.databaseUrl })
  await client.connect()
  try {
    await client.query('begin')
    for (const [text, ...params] of statements) await client.query(text, params)
    return await act()
  } finally {
    await client.end()
  }
}

/** null if it succeeded. A call that waits for a lock ends as UNAVAILABLE. */
async function codeOf(person: Person, name: string, rest: string): Promise<unknown> {
  const { body } = await ask(world.url, `mutation { ${name}${rest} }`, person.credentials.accessToken)
  return body.errors?.[0]?.extensions.code ?? null
}

let alice: Person
let bob: Person
let dave: Person
let targets: Targets

beforeAll(async () => {
  const [first, second, third, fourth] = await world.people('alice', 'bob', 'dave', 'erin')
  alice = first
  bob = second
  dave = third
  const directId = await alice.befriends(bob)
  const group = await alice.creates('the club', [bob, dave], { joinPolicy: 'APPROVAL' })
  const message = await alice.sends(group.id, 'hello')
  const request = await asks(fourth, alice)
  const joinRequest = await asksToJoin(fourth, group.id)
  const { inviteCode } = await invites(alice, group.id)
  await alice.removes(group.id, dave)
  await alice.changesGroup(group.id, { joinPolicy: 'INVITE_ONLY' })
  targets = {
    victimId: alice.id,
    groupId: group.id,
    directId,
    messageId: message.id,
    friendRequestId: request.id,
    joinRequestId: joinRequest.id,
    inviteCode,
    mediaId: await created(alice, 'createUpload', ownMutations.createUpload),
    pushDeviceId: await created(alice, 'registerPushDevice', ownMutations.registerPushDevice),
    sessionId: alice.credentials.sessionId,
    reportId: await reported(bob, message.id),
  }
})

interface Made {
  ticket?: { media: { id: string } }
  pushDevice?: { id: string }
}

async function created(person: Person, name: string, rest: ((own: Own) => string) | undefined) {
  const operation = `mutation { made: ${name}${rest?.(ownOf(person, ''))} }`
  const { body } = await ask(world.url, operation, person.credentials.accessToken)
  const made = body.data?.made as Made
  return made.ticket?.media.id ?? made.pushDevice?.id ?? ''
}

async function reported(person: Person, messageId: string): Promise<string> {
  await codeOf(
    person,
    'reportMessage',
    `(input: { messageId: "${messageId}", reason: SPAM }) { message { id } }`,
  )
  const client = new pg.Client({ connectionString: world.databaseUrl })
  await client.connect()
  const { rows } = await client.query<{ id: string }>('select id from report where message_id = $1', [
    messageId,
  ])
  await client.end()
  return rows[0]?.id ?? ''
}

const ownOf = (person: Person, cursor: string): Own => ({ ...person.credentials, ...person, cursor })

/** As a sign-in of the victim locks it. */
const victimAtWork = (id: string): [string, string] => [
  `select from "user" where id = $1 for no key update`,
  id,
]

/** Everything else of the victim that calls can name. */
const everythingOf = ({ groupId, directId, victimId, messageId }: Targets): [string, ...unknown[]][] => [
  [`select from conversation where id = any($1) for update`, [groupId, directId]],
  [`select from membership where conversation_id = any($1) for update`, [groupId, directId]],
  [`select from group_conversation where conversation_id = $1 for update`, groupId],
  [`select from group_invite where conversation_id = $1 for update`, groupId],
  [`select from join_request where conversation_id = $1 for update`, groupId],
  [`select from message where conversation_id = any($1) for update`, [groupId, directId]],
  [`select from friend_request where to_id = $1 for update`, victimId],
  [`select from friendship where user_id = $1 or friend_id = $1 for update`, victimId],
  [`select from session where user_id = $1 for update`, victimId],
  [`select from push_device where user_id = $1 for update`, victimId],
  [`select from media where owner_id = $1 for update`, victimId],
  [`select from report where message_id = $1 for update`, messageId],
]

test('every mutation is in one of the tables of attempts', () => {
  const all = Object.keys(buildSchema().getMutationType()?.getFields() ?? {}).sort()
  expect([...Object.keys(attempts), ...Object.keys(ownMutations), ...elsewhere].sort()).toEqual(all)
})

describe('while another transaction locks the rows of a user and of their group', () => {
  const everyCall = (caller: () => Person) =>
    holding([victimAtWork(targets.victimId), ...everythingOf(targets)], async () => {
      const answers: Record<string, unknown> = {}
      for (const [name, { call }] of Object.entries(attempts))
        answers[name] = await codeOf(caller(), name, call(targets))
      return answers
    })
  const codes = Object.fromEntries(Object.entries(attempts).map(([name, { code }]) => [name, code]))

  test('every mutation answers a stranger without waiting for the locks', async () => {
    const mallory = await world.person('mallory')
    expect(await everyCall(() => mallory)).toEqual(codes)
  })

  test('every mutation answers a removed member without waiting for the locks', async () => {
    expect(await everyCall(() => dave)).toEqual(codes)
  })

  test('a member without the right is refused without waiting for the lock of the conversation', async () => {
    const names = [
      'addGroupMembers',
      'approveJoinRequest',
      'createGroupInvite',
      'declineJoinRequest',
      'dissolveGroup',
      'editMessage',
      'muteGroupMember',
      'pinMessage',
      'postAnnouncement',
      'recallMessage',
      'removeGroupMember',
      'revokeGroupInvite',
      'setGroupMemberRole',
      'transferGroup',
      'unpinMessage',
      'updateGroup',
    ]
    await holding([[`select from conversation where id = $1 for update`, targets.groupId]], async () => {
      const answers = names.map(async (name) => [
        name,
        await codeOf(bob, name, attempts[name]?.call(targets) ?? ''),
      ])
      expect(Object.fromEntries(await Promise.all(answers))).toEqual(
        Object.fromEntries(names.map((name) => [name, 'FORBIDDEN'])),
      )
    })
  })

  test('mutations of the own account do not wait for locks of other users', async () => {
    const erin = await world.person('erin')
    const cursor = await erin.syncCursor()
    await holding([victimAtWork(targets.victimId), ...everythingOf(targets)], async () => {
      for (const [name, rest] of Object.entries(ownMutations))
        expect([name, await codeOf(erin, name, rest(ownOf(erin, cursor)))]).toEqual([name, null])
    })
  })
})

test('locks that others can take on a user do not block mutations of that user', async () => {
  const victim = await world.person('victor')
  const cursor = await victim.syncCursor()
  const held: [string, string] = [`select from "user" where id = $1 for key share`, victim.id]
  await holding([held], async () => {
    for (const [name, rest] of Object.entries(ownMutations))
      expect([name, await codeOf(victim, name, rest(ownOf(victim, cursor)))]).toEqual([name, null])
  })
})
