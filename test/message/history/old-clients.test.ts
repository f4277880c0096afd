import { type Client, createClient } from 'graphql-ws'
import { describe, expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { asksToJoin } from '../../group/verbs.ts'
import { codesOf, send, Wire } from '../../server/wire.ts'
import { Inbox } from '../../world/inbox.ts'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { forwards } from '../content/verbs.ts'

const world = useWorld()
const custom = { type: 'poll', data: {}, fallbackText: 'a poll' }

function clientOf({ url, credentials }: Person, schemaVersion: number): Client {
  const client = createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${credentials.accessToken}`, schemaVersion },
    retryAttempts: 0,
  })
  onTestFinished(() => void client.dispose())
  return client
}

async function inboxOf(person: Person, schemaVersion: number): Promise<Inbox> {
  const inbox = new Inbox(clientOf(person, schemaVersion), { streamId: `version ${schemaVersion}` })
  await inbox.sees('Checkpoint', (event) => event.caughtUp)
  return inbox
}

/** The content of each message from one on, as it arrived by events; repetitions count once. */
function contentsSeen(inbox: Inbox, from: { seq: number }) {
  const messages = inbox.events.flatMap((event) =>
    event.__typename === 'MessagesChanged' ? event.messages.filter(({ seq }) => seq >= from.seq) : [],
  )
  const contents = new Map(messages.map(({ seq, content }) => [seq, content]))
  return [...contents].sort(([one], [other]) => one - other).map(([, content]) => content)
}

const history = `query ($id: ID!) {
  conversation(id: $id) { messages(last: 3) { edges { node { plainText content {
    __typename plainText ... on TextContent { text } ... on ForwardContent { messages { content { __typename } } }
  } } } } }
}`

const reads = ({ url, credentials }: Person, id: string, headers: Record<string, string>) =>
  send(url, JSON.stringify({ query: history, variables: { id } }), {
    authorization: `Bearer ${credentials.accessToken}`,
    ...headers,
  })

describe('a client of version 1', () => {
  test('gets newer kinds as lines of text, live and in the history, and newer clients get them whole', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const [old, present] = [await inboxOf(bob, 1), await inboxOf(bob, 2)]

    const message = await alice.sendsContent(id, { custom })
    const [forward] = await forwards(alice, [message], [{ id }])
    const last = await alice.sends(id, 'plain')

    for (const inbox of [old, present])
      await inbox.sees('MessagesChanged', (event) => event.messages.some((each) => each.id === last.id))
    expect(contentsSeen(old, message)).toEqual([
      { __typename: 'TextContent', text: 'a poll' },
      { __typename: 'TextContent', text: forward?.plainText },
      { __typename: 'TextContent', text: 'plain' },
    ])
    expect(contentsSeen(present, message).map(({ __typename }) => __typename)).toEqual([
      'CustomContent',
      'ForwardContent',
      'TextContent',
    ])

    const line = (text: string) => ({
      node: { plainText: text, content: { __typename: 'TextContent', plainText: text, text } },
    })
    const { body } = await reads(bob, id, { 'x-schema-version': '1' })
    expect(body.data).toMatchObject({
      conversation: { messages: { edges: ['a poll', forward?.plainText ?? '', 'plain'].map(line) } },
    })
    for (const headers of [{}, { 'x-schema-version': '2' }] as Record<string, string>[])
      expect(JSON.stringify((await reads(bob, id, headers)).body)).toContain('CustomContent')
  })

  test('gets a Checkpoint instead of a newer event, with its cursor', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const group = await alice.creates('by approval', [], { joinPolicy: 'APPROVAL' })
    const [old, present] = [await inboxOf(alice, 1), await inboxOf(alice, 2)]

    const before = old.cursor
    await asksToJoin(bob, group.id)
    await present.sees('JoinRequestChanged')
    await old.sees('Checkpoint', (event) => event.cursor !== before)
    const after = await alice.creates('another', [])
    await old.sees('ConversationChanged', (event) => event.conversation.id === after.id)

    expect(old.events.map(({ __typename }) => __typename)).not.toContain('JoinRequestChanged')
  })
})

describe('an invalid schema version', () => {
  test.each(['0', '-1', '1.5', 'two'])('%s is refused over HTTP and on a socket', async (version) => {
    const alice = await world.person('alice')
    const answer = await reads(alice, 'group_01ARZ3NDEKTSV4RRFFQ69G5FAV', { 'x-schema-version': version })
    expect([answer.status, codesOf(answer)]).toEqual([400, ['INVALID_INPUT']])

    const wire = await Wire.open(world.url)
    wire.say({ type: 'connection_init', payload: { schemaVersion: version } })
    expect((await wire.closed).code).toBe(4400)
  })

  test('a version newer than the server is served as the newest', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    await alice.sendsContent(id, { custom })
    expect(JSON.stringify((await reads(bob, id, { 'x-schema-version': '99' })).body)).toContain(
      'CustomContent',
    )
  })
})
