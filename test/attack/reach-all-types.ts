import {
  type GraphQLNamedType,
  type GraphQLObjectType,
  getNamedType,
  isAbstractType,
  isLeafType,
  isObjectType,
} from 'graphql'
import { inDatabase } from '../auth/verbs.ts'
import { type EntityDocument, schema } from '../clients/entities.ts'
import { asks } from '../contact/verbs.ts'
import { announces, approves, asksToJoin, invites } from '../group/verbs.ts'
import { png } from '../media/samples.ts'
import { uploads, uploadsReady } from '../media/verbs.ts'
import { reportsMessage, suspends } from '../moderation/verbs.ts'
import { indexed } from '../search/verbs.ts'
import { ask } from '../server/wire.ts'
import type { Person } from '../world/person.ts'
import type { World } from '../world/world.ts'

export interface Route {
  as: Person | null
  operation: (of: EntityDocument) => string
}

const typeNamed = (name: string) => schema.getType(name) as GraphQLObjectType

const deep = (name: string) => (of: EntityDocument) => of.deep(typeNamed(name))

/** Every field of a part of a message, with the parts in it; media in full and other objects by their ids. */
function whole(type: GraphQLNamedType, within: string[] = []): string {
  if (isLeafType(type)) return ''
  // Forwarded messages contain contents again.
  if (within.includes(type.name)) return '{ __typename }'
  const path = [...within, type.name]
  if (isAbstractType(type)) {
    const each = schema.getPossibleTypes(type).map((one) => `... on ${one.name} ${whole(one, path)}`)
    return `{ __typename ${each.join(' ')} }`
  }
  const fields = (type as GraphQLObjectType).getFields()
  if ('id' in fields && type.name !== 'Media') return '{ __typename id }'
  const parts = Object.values(fields).map(({ name, type: of }) => `${name} ${whole(getNamedType(of), path)}`)
  return `{ __typename ${parts.join(' ')} }`
}

/** The object types of the data, besides those of lists and payloads. */
export const dataTypes = Object.values(schema.getTypeMap())
  .filter(isObjectType)
  .map(({ name }) => name)
  .filter((name) => !/^__|(Connection|Edge|Payload|PageInfo|Query|Mutation|Subscription)$/.test(name))

/** Types that no query returns here: parts of a stream, of an error, of a video, or of a server with other settings. */
export const elsewhere = [
  ...schema.getPossibleTypes(schema.getType('InboxEvent') as never).map(({ name }) => name),
  ...[
    'TypingEvent',
    'ErrorExtensions',
    'ErrorIssue',
    'ContactVerification',
    'CustomMessageKind',
    'MediaVariant',
  ],
]

async function mutates({ url, credentials }: Person, call: string): Promise<void> {
  const { body } = await ask(url, `mutation { ${call} { __typename } }`, credentials.accessToken)
  if (body.errors) throw new Error(JSON.stringify(body.errors))
}

/** Causes every kind of system message. */
async function changesEverything(alice: Person, bob: Person, id: string, messageId: string): Promise<void> {
  const { id: avatarMediaId } = await uploadsReady(alice, { bytes: await png(), mimeType: 'image/png' })
  await alice.changesGroup(id, {
    ...{
      name: 'the new club',
      avatarMediaId,
      slowModeSeconds: 1,
      joinPolicy: 'OPEN',
      postingPolicy: 'ADMINS',
    },
    ...{ historyVisibility: 'SINCE_JOINED', mentionAllPolicy: 'ADMINS' },
  })
  const open = {
    name: 'the club',
    slowModeSeconds: 0,
    postingPolicy: 'EVERYONE',
    joinPolicy: 'APPROVAL',
  } as const
  await alice.changesGroup(id, open)
  await mutates(alice, `pinMessage(input: { messageId: "${messageId}" })`)
  for (const role of ['ADMIN', 'MEMBER'] as const) await alice.appoints(id, bob, role)
}

async function sendAllKinds(world: World, alice: Person, bob: Person, id: string): Promise<void> {
  const { id: mediaId } = await uploadsReady(alice, { bytes: await png(1_600, 900), mimeType: 'image/png' })
  const { id: fileId } = await uploads(alice, { bytes: Buffer.from('hello'), asFile: true })
  const { seq } = await alice.sends(id, 'to forward')
  await alice.sendsContent(id, { image: { mediaId } })
  await alice.sendsContent(id, { file: { mediaId: fileId } })
  await alice.sendsContent(id, { custom: { type: 'x.poll', data: {}, fallbackText: 'a poll' } })
  const mention = { userId: bob.id, displayText: '@bob' }
  await alice.sendsContent(id, { richText: { parts: [{ text: 'hello ' }, { mention }] } })
  await alice.recalls(await alice.sends(id, 'oops'))
  const target = `targets: [{ conversationId: "${id}", clientMessageId: "f" }]`
  await mutates(
    alice,
    `forwardMessages(input: { mode: MERGED, sourceConversationId: "${id}", seqs: [${seq}], ${target} })`,
  )
  // A recording takes ffmpeg a second; its message has the form of an image's.
  for (const kind of ['AUDIO', 'VIDEO']) {
    const message = await alice.sendsContent(id, { image: { mediaId } })
    await inDatabase(world, `update message set kind = $2::message_kind where id = $1`, [message.id, kind])
  }
}

/** For each type a viewer with no more rights than are needed to reach an object of it. */
export async function routes(world: World, molly: Person): Promise<Route[]> {
  const [alice, bob] = await world.friends('alice', 'bob')
  const [carol, mallory] = await world.people('carol', 'mallory')
  const group = await alice.creates('the club', [bob], { joinPolicy: 'APPROVAL', historyVisibility: 'ALL' })
  const direct = await alice.opens(bob)
  const sent = await alice.sends(group.id, 'hello everyone')
  await alice.edits(sent, 'hello everybody')
  await mutates(bob, `addReaction(input: { messageId: "${sent.id}", emoji: "👍" })`)
  await sendAllKinds(world, alice, bob, group.id)
  await announces(alice, group.id, 'No smoking.')
  await changesEverything(alice, bob, group.id, sent.id)
  const { inviteCode } = await invites(alice, group.id)
  const friendRequest = await asks(carol, mallory)
  const joinRequest = await asksToJoin(carol, group.id)
  await approves(alice, await asksToJoin(await world.person('dora'), group.id))
  await reportsMessage(bob, sent, 'SPAM')
  await suspends(molly, await world.person('sid'))
  await mutates(bob, `registerPushDevice(input: { provider: FCM, token: "${'x'.repeat(140)}" })`)
  const [device] = (await bob.me()).pushDevices
  await indexed(world.databaseUrl)
  const conversation = deep('GroupConversation')
  const list = (name: string, type: string) => (of: EntityDocument) =>
    `{ ${name} { nodes ${deep(type)(of)} } }`
  return [
    { as: molly, operation: list('reports', 'Report') },
    { as: molly, operation: list('auditLog', 'AuditEntry') },
    { as: mallory, operation: (of) => `{ user(id: "${alice.id}") ${deep('User')(of)} }` },
    { as: mallory, operation: (of) => `{ node(id: "${friendRequest.id}") ${deep('FriendRequest')(of)} }` },
    { as: carol, operation: (of) => `{ node(id: "${joinRequest.id}") ${deep('GroupJoinRequest')(of)} }` },
    {
      as: mallory,
      operation: (of) => `{ groupInvite(inviteCode: "${inviteCode}") ${deep('GroupInvite')(of)} }`,
    },
    {
      as: bob,
      operation: (of) =>
        `{ conversation(id: "${group.id}") { ... on GroupConversation ${conversation(of)} } }`,
    },
    {
      as: bob,
      operation: (of) =>
        `{ conversation(id: "${direct.id}") { ... on DirectConversation ${deep('DirectConversation')(of)} } }`,
    },
    {
      as: bob,
      operation: (of) =>
        `{ conversation(id: "${group.id}") { messages(last: 50) { nodes ${deep('Message')(of)} } } }`,
    },
    {
      as: bob,
      operation: (of) =>
        `{ conversation(id: "${group.id}") { ... on GroupConversation {
             members { nodes ${deep('GroupMember')(of)} } announcements { nodes ${deep('Announcement')(of)} }
             joinRequests { nodes ${deep('GroupJoinRequest')(of)} } } } }`,
    },
    {
      as: bob,
      operation: (of) =>
        `{ conversation(id: "${group.id}") { changes(afterVersion: 0) ${of.flat(typeNamed('ConversationChanges'))} } }`,
    },
    {
      as: bob,
      operation: () =>
        `{ conversation(id: "${group.id}") { messages(last: 50) { nodes { id content ${whole(typeNamed('MessageContent'))} } } } }`,
    },
    // Earlier texts are for the sender.
    {
      as: alice,
      operation: (of) =>
        `{ conversation(id: "${group.id}") { messages(last: 50) { nodes ${deep('Message')(of)} } } }`,
    },
    { as: bob, operation: list('friends', 'Friendship') },
    { as: bob, operation: (of) => `{ me ${deep('Me')(of)} sync ${of.flat(typeNamed('SyncPage'))} }` },
    { as: null, operation: (of) => `{ serverInfo ${of.deep(typeNamed('ServerInfo'))} }` },
    { as: bob, operation: list('searchMessages(query: "everybody")', 'MessageSearchResult') },
    { as: mallory, operation: list('searchUsers(query: "alice")', 'User') },
    {
      as: bob,
      operation: (of) =>
        `mutation { createUpload(input: { filename: "a", mimeType: "text/plain", byteSize: 1 }) ${of.payload(typeNamed('CreateUploadPayload'))} }`,
    },
    {
      as: bob,
      operation: (of) =>
        `mutation { testPush(input: { pushDeviceId: "${device?.id}" }) ${of.payload(typeNamed('TestPushPayload'))} }`,
    },
  ]
}
