import { expect, test } from 'vitest'
import { useWorld } from '../world/world.ts'
import { blocksDelivery } from './delivery.ts'
import { Device } from './device.ts'

const world = useWorld({ LIMIT_INLINE_GROUP_SIZE: '3', DIRECT_MESSAGES_FROM: 'everyone' })

test('a catch-up in a group with delivery mode SIGNAL contains changed settings, not only messages', async () => {
  const [alice, bob, carol, dave] = await world.people('alice', 'bob', 'carol', 'dave')
  const { id, deliveryMode } = await alice.creates('large', [bob, carol, dave])
  expect(deliveryMode).toBe('SIGNAL')
  const device = await Device.of(bob)
  await device.opens()
  await device.catchesUp()
  device.cut()

  await alice.changesGroup(id, { description: 'changed meanwhile' })
  await device.opens()
  await device.catchesUp()
  expect(device.conversations.get(id)?.conversation).toMatchObject({ description: 'changed meanwhile' })
  device.cut()
})

test('an acknowledged write is delivered before caughtUp, even while its fan-out is blocked', async () => {
  const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
  const { id } = await alice.creates('small', [bob, carol])
  const device = await Device.of(bob)
  const release = await blocksDelivery(world.databaseUrl, id)
  try {
    const message = await alice.sends(id, 'said')
    const own = await bob.sends(id, 'answered on another device')
    await alice.changesGroup(id, { description: 'changed' })

    await device.opens()
    await device.catchesUp()
    const held = device.conversations.get(id)
    expect([...(held?.messages.keys() ?? [])]).toEqual(expect.arrayContaining([message.id, own.id]))
    expect(held?.conversation).toMatchObject({ description: 'changed', membership: { readSeq: own.seq } })
  } finally {
    await release()
  }
  await device.becomesComplete()
  device.cut()
})

test('changes that were loaded for an earlier reader are not used for a later one', async () => {
  const [alice, bob] = await world.people('alice', 'bob')
  const { id } = await alice.opens(bob)
  const device = await Device.of(bob)
  const after = device.cursor
  // No hint of these messages is published.
  const release = await blocksDelivery(world.databaseUrl, id)
  try {
    for (let count = 0; count < 10; count += 1) {
      const { id: messageId } = await alice.sends(id, `message ${count}`)
      await device.opens({ after })
      await device.catchesUp()
      expect(device.conversations.get(id)?.messages.has(messageId)).toBe(true)
    }
  } finally {
    await release()
  }
  device.cut()
})

test('the first event after a pause continues from a version that the reader holds, although later changes replaced it', async () => {
  const [alice, bob] = await world.people('alice', 'bob')
  const { id } = await alice.opens(bob)
  await alice.sends(id, 'read')
  const inbox = await bob.listens()
  inbox.close()
  const held = (await bob.conversation(id))?.version ?? 0
  const cursor = inbox.events.at(-1)?.cursor ?? null

  const message = await alice.sends(id, 'missed')
  await alice.sends(id, 'missed too')
  await alice.edits(message, 'changed before it was read')
  const resumed = await bob.listens({ after: cursor })
  const [first] = resumed.events.filter((event) => event.__typename === 'MessagesChanged')
  expect(first).toMatchObject({ version: held + 3 })
  // Earlier if another transaction was open when the cursor was made: delivered twice, but never with a gap.
  expect(first?.fromVersion).toBeLessThanOrEqual(held)
  resumed.close()
})
