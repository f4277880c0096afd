import { beforeAll, expect, test } from 'vitest'
import { attempts, type Targets } from '../../attack/every-mutation.ts'
import { showsReading } from '../../message/verbs.ts'
import { seesStatus, setsPresence, types, typist, watches, watchesTyping } from '../../presence/verbs.ts'
import { ask } from '../../server/wire.ts'
import { liveEqualsRefetch } from '../../world/mirror.ts'
import { Acknowledge } from '../../world/operations.ts'
import { everythingIsNumbered } from '../../world/outbox.ts'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { blocks, relation, unblocks, unfriends } from '../verbs.ts'
import { comparable, everythingAbout, everythingOf } from './everything.ts'

const world = useWorld({
  GROUP_ADDITIONS_FROM: 'friends',
  LIMIT_PRESENCE_GRACE_MS: '300',
  LIMIT_QUERY_COST: '1000000',
  LIMIT_QUERY_DEPTH: '50',
  LIMIT_QUERY_LENGTH: '1000000',
  LIMIT_ALIASES: '1000',
  LIMIT_BODY_BYTES: '1000000',
})

const answered = async (person: Person, query: string) =>
  (await ask(world.url, query, person.credentials.accessToken)).body

const acknowledges = (person: Person, cursor: string | undefined) =>
  person.do(Acknowledge, { cursor: cursor ?? '' })

/** Two friends who share a group with carol. Bob has sent more than alice has read and received, and watches her. */
async function arrange(carol: Person) {
  // One after the other, since lists of members are in the order of ids.
  const alice = await world.person('alice')
  const bob = await world.person('bob')
  await alice.befriends(bob)
  for (const each of [alice, bob]) await carol.befriends(each)
  const direct = (await alice.opens(bob)).id
  const group = (await carol.creates('club', [alice, bob])).id
  const own = (await bob.creates('circle', [carol])).id
  const alices = await alice.listens()
  for (const text of ['one', 'two']) await bob.sends(direct, text)
  const answer = await alice.sends(direct, 'three')
  await alices.sees('MessagesChanged', ({ messages }) => messages.some(({ id }) => id === answer.id))
  await alice.reads(direct, answer.seq)
  await acknowledges(alice, (await alice.sync()).cursor)
  const last = await bob.sends(direct, 'four')

  // A change that is numbered later would follow the cursor.
  await everythingIsNumbered(world.databaseUrl)
  const inbox = await bob.listens({ after: await bob.syncCursor() })
  const presence = watches(bob, alice, carol)
  const typing = await watchesTyping(bob)
  await seesStatus(presence, alice, 'ONLINE')
  await seesStatus(presence, carol, 'OFFLINE')
  const cursor = await bob.syncCursor()
  return { alice, bob, carol, direct, group, own, alices, answer, last, inbox, presence, typing, cursor }
}

type Pair = Awaited<ReturnType<typeof arrange>>

/** Everything that a user can do that others may see, short of writing to a group. */
async function isActive({ alice, direct, group, last }: Pair) {
  const phone = await alice.onAnotherDevice()
  await phone.listens()
  await alice.reads(direct, last.seq)
  await acknowledges(phone, await phone.syncCursor())
  await setsPresence(phone, 'BUSY')
  await types(alice, group)
}

/** Whatever the server announces about alice has arrived when these later changes have. */
async function awaitsLaterChanges({ carol, group, inbox, presence, typing }: Pair) {
  const marker = await carol.sends(group, 'later')
  await inbox.sees('MessagesChanged', ({ messages }) => messages.some(({ id }) => id === marker.id))
  await types(carol, group)
  await typing.sees(typist(carol, true))
  await seesStatus(presence, carol, 'ONLINE')
}

const namesOf = ({ alice, bob, carol, direct, group, own }: Pair) =>
  new Map([
    [direct, 'the direct conversation'],
    [group, 'the shared group'],
    [own, 'the own group'],
    ...[alice, bob, carol].flatMap(({ id, handle, name }) => [
      [id, name] as const,
      [handle, `${name}'s handle`] as const,
    ]),
  ])

async function everyQuery({ alice, bob, direct, group, answer, last, cursor }: Pair) {
  const queries = {
    user: everythingAbout(`user(id: "${alice.id}")`, 'User', 3),
    userByHandle: everythingAbout(`userByHandle(handle: "${alice.handle}")`, 'User', 2),
    searchUsers: everythingAbout(`searchUsers(query: "${alice.handle}")`, 'UserConnection', 3),
    direct: everythingAbout(`conversation(id: "${direct}")`, 'DirectConversation', 2),
    group: everythingAbout(`conversation(id: "${group}")`, 'GroupConversation', 2),
    members: [
      `{ conversation(id: "${group}") { ... on GroupConversation { members { edges { node ${everythingOf('GroupMember', 2)} } } } } }`,
    ],
    messages: [direct, group].map(
      (id) => `{ conversation(id: "${id}") { messages { edges { node ${everythingOf('Message', 1)} } } } }`,
    ),
    sent: everythingAbout(`message(id: "${last.id}")`, 'Message', 2),
    received: everythingAbout(`message(id: "${answer.id}")`, 'Message', 2),
    friends: everythingAbout('friends', 'FriendshipConnection', 3),
    requests: everythingAbout('friendRequests(direction: OUTGOING)', 'FriendRequestConnection', 3),
    conversations: everythingAbout('conversations', 'ConversationConnection', 2),
    sync: everythingAbout(`sync(after: ${JSON.stringify(cursor)})`, 'SyncPage', 2),
    me: everythingAbout('me', 'Me', 1),
  }
  return Promise.all(
    Object.values(queries)
      .flat()
      .map(async (query) => {
        const { data, errors } = await answered(bob, query)
        expect([query, errors]).toEqual([query, undefined])
        // The cursor is the user's own.
        return [query.replace(/after: "[^"]*"/, ''), data]
      }),
  )
}

async function everyMutation(pair: Pair) {
  const { alice, bob, direct, group, own, answer, last } = pair
  const nothing = 'nothing'
  const base: Targets = {
    victimId: alice.id,
    groupId: own,
    directId: direct,
    messageId: last.id,
    friendRequestId: nothing,
    joinRequestId: nothing,
    inviteCode: nothing,
    mediaId: nothing,
    pushDeviceId: nothing,
    sessionId: alice.credentials.sessionId,
    reportId: nothing,
  }
  const all = Object.entries(attempts)
  const harmless = all.filter(([name]) => !/^(block|unblock|dissolve|leave)/.test(name))
  const send = `(input: { conversationId: "${direct}", clientMessageId: "x", content: { text: "x" } }) { id }`
  const calls = [
    ['sendMessage', send],
    ...harmless.map(([name, { call }]) => [name, call(base)]),
    ...all.map(([name, { call }]) => [name, call({ ...base, groupId: group, messageId: answer.id })]),
  ]
  const answers: unknown[] = []
  for (const [name, call] of calls) {
    const { data, errors } = await answered(bob, `mutation { ${name}${call} }`)
    answers.push([name, data, errors?.map(({ message, extensions }) => ({ message, ...extensions }))])
  }
  return answers
}

// The stream's own, and the total of unread messages, which comes at intervals.
const bobsOwn = new Set(['Checkpoint', 'MeChanged'])

let blocking: Pair
let inactive: Pair

beforeAll(async () => {
  const carol = await world.person('carol')
  blocking = await arrange(carol)
  inactive = await arrange(carol)
  await carol.listens()

  await blocks(blocking.alice, blocking.bob)
  await isActive(blocking)
  await unfriends(inactive.alice, inactive.bob)
  inactive.alices.close()
  for (const pair of [blocking, inactive]) await seesStatus(pair.presence, pair.alice, 'OFFLINE')
  for (const pair of [blocking, inactive]) await awaitsLaterChanges(pair)
})

/** The same about both pairs, in comparable form. */
async function sameOfBoth(ofPair: (pair: Pair) => Promise<unknown> | unknown) {
  const [found, expected] = await Promise.all(
    [blocking, inactive].map(async (pair) => comparable(await ofPair(pair), namesOf(pair))),
  )
  expect(found).toEqual(expected)
}

test('a blocked user gets the same events about the blocker as about an inactive user', async () => {
  await sameOfBoth(({ inbox }) => inbox.events.filter(({ __typename }) => !bobsOwn.has(__typename)))
  // Events of different users have no order.
  await sameOfBoth(({ presence, alice, carol }) =>
    [alice, carol].map(({ id }) => presence.events.filter((event) => event.id === id)),
  )
  await sameOfBoth(({ typing }) => typing.events)
})

test('every query of a blocked user about the blocker is answered as one about an inactive user', async () => {
  await sameOfBoth(everyQuery)
})

test('every mutation of a blocked user is answered as one about an inactive user', async () => {
  await sameOfBoth(everyMutation)
})

test('read receipts that the blocker switches off do not change what the blocked user sees', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await alice.opens(bob)
  const sent = await bob.sends(id, 'hello')
  await alice.reads(id, sent.seq)
  await blocks(alice, bob)
  const before = await bob.syncCursor()
  await showsReading(alice, false)
  expect(await bob.conversation(id)).toMatchObject({ peerReadSeq: sent.seq })
  const page = await bob.sync(before)
  expect([page.conversations, page.users]).toEqual([[], []])
})

test('the positions of the former blocker are current again after the block is removed', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await alice.opens(bob)
  const sent = await bob.sends(id, 'hello')
  await blocks(alice, bob)
  await liveEqualsRefetch([alice, bob], () => alice.reads(id, sent.seq))
  expect(await bob.conversation(id)).toMatchObject({ peerReadSeq: 0 })
  await liveEqualsRefetch([alice, bob], () => unblocks(alice, bob))
  expect(await bob.conversation(id)).toMatchObject({ peerReadSeq: sent.seq })
  expect((await relation(bob, alice)).blockedByMe).toBe(false)
})
