import { randomUUID } from 'node:crypto'
import type { ExecutionResult, GraphQLObjectType } from 'graphql'
import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { defineMessageKind } from '../../../src/message/content/custom-kinds.ts'
import { updatesProfile } from '../../account/verbs.ts'
import { elsewhere } from '../../attack/reach-all-types.ts'
import { inDatabase, onDevice, revokesOthers } from '../../auth/verbs.ts'
import { EntityDocument, schema } from '../../clients/entities.ts'
import { accepts, asks } from '../../contact/verbs.ts'
import { asksToJoin } from '../../group/verbs.ts'
import { png } from '../../media/samples.ts'
import { uploads, uploadsReady } from '../../media/verbs.ts'
import { createGatewayServer } from '../../notification/servers/gateway.ts'
import { types } from '../../presence/verbs.ts'
import { ask } from '../../server/wire.ts'
import { eventually } from '../../world/eventually.ts'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'

const poll = defineMessageKind('poll', {
  schema: z.object({ question: z.string() }),
  plainText: () => 'Poll',
})
const settings = { LIMIT_QUERY_COST: '10000000', LIMIT_INLINE_GROUP_SIZE: '2' }
const gateway = await createGatewayServer()
afterAll(() => gateway.close())
const world = useWorld({ ...settings, ...gateway.env }, { messageKinds: [poll] })
// A socket announces the end of its token a minute before.
const brief = useWorld({ ...settings, LIMIT_ACCESS_TOKEN_SECONDS: '61' })

const typeNamed = (name: string) => schema.getType(name) as GraphQLObjectType
const events = schema.getPossibleTypes(schema.getType('InboxEvent') as never).map(({ name }) => name)

/** Types of which every field was selected and no error came. */
const seen = new Set<string>()

/** Selects every field of the results of a subscription. */
function listens(person: Person, field: string, type: string) {
  const of = new EntityDocument()
  const query = of.text(`subscription { ${field} ${of.deep(typeNamed(type))} }`)
  const received: string[] = []
  const faults: unknown[] = []
  person.socket().subscribe<Record<string, { __typename: string }>>(
    { query },
    {
      next: ({ data, errors }: ExecutionResult<Record<string, { __typename: string }>>) => {
        if (errors || !data) faults.push(errors)
        for (const { __typename: name } of Object.values(data ?? {})) received.push(name)
      },
      error: (error) => faults.push(error),
      complete: () => {},
    },
  )
  const sees = async (...names: string[]) => {
    await eventually(() => expect(received).toEqual(expect.arrayContaining(names)))
    expect(faults).toEqual([])
    for (const name of received) seen.add(name)
  }
  return { sees, received }
}

async function reads(person: Person | null, operation: (of: EntityDocument) => string) {
  const of = new EntityDocument()
  const { body } = await ask(world.url, of.text(operation(of)), person?.credentials.accessToken)
  expect(body.errors).toBeUndefined()
  return JSON.stringify(body.data)
}

test('a member without further rights receives every field of every event without an error', async () => {
  const [alice, bob, carol, dave] = await world.friends('alice', 'bob', 'carol', 'dave')
  const erin = await world.person('erin')
  const direct = await alice.opens(bob)
  const group = await alice.creates('the club', [bob, carol, dave])
  const former = await alice.creates('former', [bob])
  const closed = await alice.creates('closed', [], { joinPolicy: 'APPROVAL' })
  const { seq } = await bob.sends(direct.id, 'hello')
  const telephone = await onDevice(bob)
  const inbox = listens(telephone, 'inbox', 'InboxEvent')
  await inbox.sees('Checkpoint')

  // Sending moves it to the sent message.
  await alice.reads(direct.id, seq)
  await inbox.sees('ReceiptsChanged')
  await alice.sends(direct.id, 'hello bob')
  await alice.sends(group.id, 'hello everyone')
  await alice.changesGroup(group.id, { name: 'the new club' })
  await alice.removes(former.id, bob)
  await accepts(bob, await asks(erin, bob))
  await asksToJoin(bob, closed.id)
  await updatesProfile(alice, { displayName: 'Alice the Second' })
  await bob.changesView(direct.id, { pinned: true })
  await uploadsReady(bob, { bytes: await png(), mimeType: 'image/png' })
  const live = [
    ...['MessagesChanged', 'ConversationSignal', 'ConversationChanged', 'ConversationRemoved'],
    ...['FriendRequestChanged', 'FriendshipChanged', 'JoinRequestChanged'],
    ...['UserChanged', 'MeChanged', 'MediaChanged'],
  ]
  await inbox.sees(...live)
  await revokesOthers(bob)
  await inbox.sees('SessionEnded')

  const [, , , , ...numbers] = Buffer.from((await bob.syncCursor()) ?? '', 'base64url')
    .toString()
    .split('|')
  const cursor = [1, bob.id, 'another history', ...numbers].join('|')
  const resync = listens(bob, `inbox(after: "${Buffer.from(cursor).toString('base64url')}")`, 'InboxEvent')
  await resync.sees('ResyncRequired')
})

test('the owner of a token that ends soon receives every field of SessionExpiring', async () => {
  const inbox = listens(await brief.person('alice'), 'inbox', 'InboxEvent')
  await inbox.sees('SessionExpiring')
})

test('a member receives every field of who types', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await alice.opens(bob)
  const typing = listens(bob, 'typing', 'TypingEvent')
  await eventually(async () => {
    await types(alice, id, false)
    await types(alice, id)
    expect(typing.received).not.toEqual([])
  })
  await typing.sees('TypingEvent')
})

test('the kinds of custom messages, a verification and the renditions of a video are read in full', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  await reads(null, (of) => `{ serverInfo { messageKinds ${of.deep(typeNamed('CustomMessageKind'))} } }`)
  await updatesProfile(bob, { phone: `+4930${Math.floor(1e7 + Math.random() * 8e7)}` })
  const verification = typeNamed('RequestContactVerificationPayload')
  await reads(
    bob,
    (of) => `mutation { requestContactVerification(input: { channel: SMS }) ${of.payload(verification)} }`,
  )
  // Transcoding takes a second; a rendition has the form of a thumbnail.
  const { id: mediaId } = await uploads(alice, { bytes: await png(), mimeType: 'image/png' })
  const rendition = {
    name: 'video',
    key: randomUUID(),
    mimeType: 'video/mp4',
    width: 9,
    height: 9,
    byteSize: 1,
  }
  await inDatabase(
    world,
    `update media set status = 'READY', kind = 'VIDEO', variants = $2::text::jsonb where id = $1`,
    [mediaId, JSON.stringify([rendition])],
  )
  const found = await reads(alice, (of) => `{ media(id: "${mediaId}") ${of.deep(typeNamed('Media'))} }`)
  expect(found).toContain('"__typename":"MediaVariant"')
  for (const name of ['CustomMessageKind', 'ContactVerification', 'MediaVariant']) seen.add(name)
})

test('with the queries of test/attack/nullability.test.ts, every type of the data was reached', () => {
  const ofErrors = ['ErrorExtensions', 'ErrorIssue']
  expect([...seen].sort()).toEqual(elsewhere.filter((name) => !ofErrors.includes(name)).sort())
  expect(seen.size).toBeGreaterThan(events.length)
})
