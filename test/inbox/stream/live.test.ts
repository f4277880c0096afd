import { expect, test } from 'vitest'
import { ask, Wire } from '../../server/wire.ts'
import { eventually } from '../../world/eventually.ts'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'

const world = useWorld({ DIRECT_MESSAGES_FROM: 'everyone' })

async function renames({ url, credentials }: Person, displayName: string): Promise<void> {
  const rename = `mutation { updateProfile(input: { displayName: "${displayName}" }) { __typename } }`
  expect((await ask(url, rename, credentials.accessToken)).body.errors).toBeUndefined()
}

/** What a subscription of a socket received. */
const dataOf = (wire: Wire, id: string) =>
  wire.messages.flatMap((message) =>
    message.type === 'next' && message.id === id
      ? [(message.payload as { data: { inbox: Record<string, unknown> } }).data.inbox]
      : [],
  )

const small = `subscription ($after: SyncCursor) {
  inbox(after: $after) { __typename ... on MessagesChanged { messages { plainText } } }
}`
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
    wire.subscribe('"ü" 1', small)
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
      expect(event?.cursor).toMatch(/^[\w-]{20,}$/)
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
  wire.subscribe('one by one', small, { after })
  for (const text of texts) await alice.sends(id, text)
  await eventually(() => expect(received('one by one')).toEqual(texts))

  // Together they take more than 65,535 bytes.
  wire.subscribe('at once', small, { after })
  await eventually(() => expect(received('at once')).toEqual(texts))
  const [event] = dataOf(wire, 'at once').filter(({ messages }) => messages)
  expect(event?.messages).toHaveLength(texts.length)
})
