import { expect, test } from 'vitest'
import { useWorld } from '../world/world.ts'
import { dissolves } from './verbs.ts'

const world = useWorld({ LIMIT_DIRECT_GROUP_SIZE: '10', DIRECT_MESSAGES_FROM: 'everyone' })

test('a group above the limit is signalled, and delivered in full again when it has clearly shrunk', async () => {
  const alice = await world.person('alice')
  const others = []
  for (let count = 0; count < 10; count += 1) others.push(await world.person('other'))
  const { id, deliveryMode } = await alice.creates('Team', others.slice(0, 9))
  expect(deliveryMode).toBe('DIRECT')
  const [first, second] = others as [(typeof others)[0], (typeof others)[0]]
  const last = others[9] as typeof first

  const inbox = await first.listens()
  expect(await alice.adds(id, last)).toMatchObject({ memberCount: 11, deliveryMode: 'SIGNAL' })
  await inbox.sees(
    'ConversationChanged',
    ({ conversation }) => 'deliveryMode' in conversation && conversation.deliveryMode === 'SIGNAL',
  )
  const { seq } = await alice.sends(id, 'to many')
  await inbox.sees('ConversationSignal', (event) => event.conversationId === id && event.maxSeq >= seq)

  expect(await alice.removes(id, last)).toMatchObject({ memberCount: 10, deliveryMode: 'SIGNAL' })
  expect(await alice.removes(id, second)).toMatchObject({ memberCount: 9, deliveryMode: 'DIRECT' })
  const message = await alice.sends(id, 'to fewer')
  await inbox.sees('MessagesChanged', (event) => event.messages.some(({ id }) => id === message.id))

  expect((await alice.creates('Large from the start', others)).deliveryMode).toBe('SIGNAL')
  await dissolves(alice, id)
  await inbox.sees('ConversationRemoved', (event) => event.conversationId === id)
})
