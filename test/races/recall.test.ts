import { expect, test } from 'vitest'
import { blocksDelivery } from '../inbox/delivery.ts'
import { Device } from '../inbox/device.ts'
import type { Person } from '../world/person.ts'
import { manyConnections, useWorld } from '../world/world.ts'

const world = useWorld({ ...manyConnections, DIRECT_MESSAGES_FROM: 'everyone' })

/** Everything that a user can get of a conversation, by every channel. */
async function everything(person: Person, id: string, messageId: string, cursor: string): Promise<string> {
  const inbox = await person.listens({ after: cursor })
  const answers = [
    await person.message(messageId),
    await person.history(id),
    await person.changes(id, 0, 100),
    await person.sync(null),
    inbox.events,
  ]
  inbox.close()
  return JSON.stringify(answers)
}

test('no edit is stored after a recall, and no channel yields the text', async () => {
  const [alice, bob] = await world.people('alice', 'bob')
  const { id } = await alice.opens(bob)
  const phone = await alice.onAnotherDevice()
  const device = await Device.of(bob)
  await device.opens()
  const cursor = await bob.syncCursor()
  const outcomes = { edited: 0, refused: 0 }
  const bothWays = () => Math.min(outcomes.edited, outcomes.refused) > 0
  // Until both orders have occurred; otherwise the test proves nothing.
  for (let round = 0; round < 25 || !bothWays(); round += 1) {
    const text = `SECRET ${round}`
    const message = await alice.sends(id, text)
    await bob.sends(id, 'really?', { quoteSeq: message.seq })
    const [recall, ...edits] = await Promise.allSettled([
      alice.recalls(message),
      phone.edits(message, `${text} a`),
      alice.edits(message, `${text} b`),
    ])
    if (recall.status === 'rejected') throw recall.reason
    for (const edit of edits) {
      outcomes[edit.status === 'fulfilled' ? 'edited' : 'refused'] += 1
      if (edit.status === 'rejected') expect(edit.reason).toMatchObject({ code: 'CONFLICT' })
      else expect(edit.value.version).toBeLessThan(recall.value.version)
    }
    const found = await bob.message(message.id)
    expect(found).toMatchObject({ version: recall.value.version, content: { __typename: 'RecalledContent' } })
    if (round % 5 === 0) expect(await everything(bob, id, message.id, cursor)).not.toContain('SECRET')
  }
  await device.becomesComplete()
  expect(JSON.stringify(device.state())).not.toContain('SECRET')
  device.cut()
})

test('a recall is applied to events that were loaded before it and are not sent yet', async () => {
  const [alice, bob] = await world.people('alice', 'bob')
  const { id } = await alice.opens(bob)
  const cursor = await bob.syncCursor()
  const release = await blocksDelivery(world.databaseUrl, id)
  try {
    for (let round = 0; round < 5; round += 1) {
      const message = await alice.sends(id, 'SECRET')
      const before = await bob.listens({ after: cursor })
      expect(JSON.stringify(before.events)).toContain('SECRET')
      await alice.recalls(message)
      const after = await bob.listens({ after: cursor })
      expect(JSON.stringify(after.events)).not.toContain('SECRET')
    }
  } finally {
    await release()
  }
})
