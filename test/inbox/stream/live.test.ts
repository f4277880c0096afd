import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { Wire } from '../../server/wire.ts'
import { eventually } from '../../world/eventually.ts'
import type { Inbox } from '../../world/inbox.ts'
import { useWorld } from '../../world/world.ts'
import { dataOf, holdsStreamsOf, onlyTexts, readsTexts, renames } from './held-streams.ts'

const world = useWorld({ DIRECT_MESSAGES_FROM: 'everyone' })

const other = `subscription {
  inbox { __typename cursor again: cursor ... on MessagesChanged { maxSeq messages { seq senderName } } }
}`

test('each subscription gets its own selection under its own id, with and without compression', async () => {
  const [alice, bob] = await world.people('alice', 'bob')
  const { id } = await alice.opens(bob)
  const token = bob.credentials.accessToken
  const wires = await Promise.all(
    [true, false].map((perMessageDeflate) => Wire.ready(bob.url, token, { perMessageDeflate })),
  )
  for (const wire of wires) {
    wire.subscribe('"ü" 1', onlyTexts)
    wire.subscribe('2', other)
    await eventually(() => expect(JSON.stringify(dataOf(wire, '2'))).toContain('Checkpoint'))
    await eventually(() => expect(JSON.stringify(dataOf(wire, '"ü" 1'))).toContain('Checkpoint'))
  }
  const { seq } = await alice.sends(id, 'a“b”\n…')
  for (const wire of wires)
    await eventually(() => {
      const messagesOf = (of: string) => dataOf(wire, of).filter((event) => event.messages)
      expect(messagesOf('"ü" 1')).toEqual([
        { __typename: 'MessagesChanged', messages: [{ plainText: 'a“b” …' }] },
      ])
      const [event] = messagesOf('2')
      expect(event).toMatchObject({ maxSeq: seq, messages: [{ seq, senderName: 'alice' }] })
      expect(event?.cursor).toBe(event?.again)
      expect(event?.cursor).toMatch(/^[\w.-]{20,}$/)
    })
})

const names =
  'subscription { inbox { __typename ... on MessagesChanged { messages { senderName sender { displayName } } } } }'

test('a message shows the name and the nickname that were committed before it', async () => {
  const [alice, bob] = await world.people('alice', 'bob')
  const { id } = await alice.creates('two', [bob])
  const wire = await Wire.ready(bob.url, bob.credentials.accessToken)
  wire.subscribe('1', names)
  await eventually(() => expect(JSON.stringify(dataOf(wire, '1'))).toContain('Checkpoint'))
  const sendsAs = async (name: { senderName: string; sender: { displayName: string } }) => {
    await alice.sends(id, 'hello')
    await eventually(() => {
      const last = dataOf(wire, '1').findLast(({ messages }) => messages)
      expect(last?.messages).toEqual([name])
    })
  }
  await sendsAs({ senderName: 'alice', sender: { displayName: 'alice' } })
  await renames(alice, 'Alice A.')
  await sendsAs({ senderName: 'Alice A.', sender: { displayName: 'Alice A.' } })
  await alice.changesView(id, { nickname: 'Al' })
  await sendsAs({ senderName: 'Al', sender: { displayName: 'Alice A.' } })
  await alice.changesView(id, { nickname: '' })
  await renames(alice, 'alice')
  await sendsAs({ senderName: 'alice', sender: { displayName: 'alice' } })
})

test('a rename that is committed while a send waits for a stream is in the message', async () => {
  const [alice, bob] = await world.people('alice', 'bob')
  const { id } = await alice.opens(bob)
  const wire = await Wire.ready(bob.url, bob.credentials.accessToken)
  wire.subscribe('1', other)
  await eventually(() => expect(JSON.stringify(dataOf(wire, '1'))).toContain('Checkpoint'))
  // The first message also loads the members.
  await alice.sends(id, 'hello')
  await eventually(() => expect(dataOf(wire, '1').at(-1)).toHaveProperty('messages'))
  const client = new pg.Client({ connectionString: world.databaseUrl })
  await client.connect()
  onTestFinished(() => client.end())
  await client.query('begin')
  await client.query('select from user_stream where user_id = $1 for update', [bob.id])
  await client.query('update "user" set display_name = $2 where id = $1', [alice.id, 'Alice A.'])
  const sending = alice.sends(id, 'again')
  await eventually(async () => {
    const { rows } = await client.query(
      'select from pg_stat_activity where pg_backend_pid() = any(pg_blocking_pids(pid))',
    )
    expect(rows).not.toEqual([])
  })
  await client.query('commit')
  await sending
  await eventually(() =>
    expect(dataOf(wire, '1').findLast(({ messages }) => messages)).toMatchObject({
      messages: [{ senderName: 'Alice A.' }],
    }),
  )
})

test('events of every length arrive whole on a socket without compression', async () => {
  const [alice, bob] = await world.people('alice', 'bob')
  const { id } = await alice.opens(bob)
  const wire = await Wire.ready(bob.url, bob.credentials.accessToken, { perMessageDeflate: false })
  const received = (of: string) =>
    dataOf(wire, of)
      .flatMap(({ messages = [] }) => messages as { plainText: string }[])
      .map(({ plainText }) => plainText)
  const after = await bob.syncCursor()
  const texts = ['short', 'm'.repeat(300), ...Array.from({ length: 8 }, () => '…'.repeat(3_900))]
  wire.subscribe('one by one', onlyTexts, { after })
  for (const text of texts) await alice.sends(id, text)
  await eventually(() => expect(received('one by one')).toEqual(texts))

  // Together they take more than 65,535 bytes.
  wire.subscribe('at once', onlyTexts, { after })
  await eventually(() => expect(received('at once')).toEqual(texts))
  const [event] = dataOf(wire, 'at once').filter(({ messages }) => messages)
  expect(event?.messages).toHaveLength(texts.length)
})

const textsIn = ({ events }: Inbox) =>
  events.flatMap((event) => (event.__typename === 'MessagesChanged' ? event.messages : []))

const seesText = (inbox: Inbox, text: string) =>
  inbox.until(() => textsIn(inbox).some(({ plainText }) => plainText === text), text)

test('a text that is recalled between its commit and its delivery reaches no socket', async () => {
  const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
  const { id } = await alice.creates('three', [bob, carol])
  const [inbox, otherSees] = [await bob.listens(), await readsTexts(carol)]
  await alice.sends(id, 'hello')
  await seesText(inbox, 'hello')

  const release = await holdsStreamsOf(bob, world.databaseUrl)
  const message = await alice.sends(id, 'SECRET')
  await otherSees('SECRET')
  await alice.recalls(message)
  await release()
  await inbox.until(() =>
    textsIn(inbox).some((each) => each.id === message.id && each.content.__typename === 'RecalledContent'),
  )
  expect(JSON.stringify(inbox.events)).not.toContain('SECRET')
})

test('a member who is removed between a commit and its delivery does not receive the message', async () => {
  const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
  const { id } = await alice.creates('three', [bob, carol])
  const [inbox, otherSees] = [await bob.listens(), await readsTexts(carol)]
  await alice.sends(id, 'hello')
  await seesText(inbox, 'hello')

  const release = await holdsStreamsOf(bob, world.databaseUrl)
  await alice.sends(id, 'SECRET')
  await otherSees('SECRET')
  await alice.removes(id, bob)
  await release()
  await inbox.sees('ConversationRemoved', ({ conversationId }) => conversationId === id)
  expect(JSON.stringify(inbox.events)).not.toContain('SECRET')
})

test('a stream that is behind gets everything in order, and no other stream waits for it', async () => {
  const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
  const { id } = await alice.creates('three', [bob, carol])
  const [inbox, otherSees] = [await bob.listens(), await readsTexts(carol)]
  const release = await holdsStreamsOf(bob, world.databaseUrl)
  const texts = ['one', 'two', 'three']
  for (const text of texts) {
    await alice.sends(id, text)
    await otherSees(text)
  }
  expect(textsIn(inbox)).toEqual([])
  await release()
  await seesText(inbox, 'three')
  expect(textsIn(inbox).map(({ plainText }) => plainText)).toEqual(texts)
  await alice.sends(id, 'four')
  await Promise.all([seesText(inbox, 'four'), otherSees('four')])
})
