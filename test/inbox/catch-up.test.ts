import { expect, test } from 'vitest'
import { useWorld } from '../world/world.ts'
import { blocksDelivery } from './delivery.ts'
import { Device } from './device.ts'

const world = useWorld({ LIMIT_DIRECT_GROUP_SIZE: '3', DIRECT_MESSAGES_FROM: 'everyone' })

test('one who comes back to a signalled group learns of its settings, not only of its messages', async () => {
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

test('what was acknowledged is told before caughtUp, even while it waits to be delivered', async () => {
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

test('a page that was loaded for an earlier reader is not told again as the newest', async () => {
  const [alice, bob] = await world.people('alice', 'bob')
  const { id } = await alice.opens(bob)
  const device = await Device.of(bob)
  const after = device.cursor
  // Nobody in the process hears of these messages, and yet they are there.
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

test('what comes first after a pause builds on what the reader has, though its first version is gone', async () => {
  const [alice, bob] = await world.people('alice', 'bob')
  const { id } = await alice.opens(bob)
  await alice.sends(id, 'read')
  const inbox = await bob.listens()
  inbox.close()
  const held = (await bob.conversation(id))?.version ?? 0
  const cursor = inbox.events.at(-1)?.cursor ?? null

  const message = await alice.sends(id, 'missed')
  await alice.sends(id, 'missed too')
  await alice.edits(message, 'changed before anybody saw it')
  const resumed = await bob.listens({ after: cursor })
  const [first] = resumed.events.filter((event) => event.__typename === 'MessagesChanged')
  expect(first).toMatchObject({ version: held + 3 })
  // From before that, when another transaction was open as the cursor was made: told twice, but never with a gap.
  expect(first?.fromVersion).toBeLessThanOrEqual(held)
  resumed.close()
})
