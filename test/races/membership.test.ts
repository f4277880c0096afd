import { expect, test } from 'vitest'
import { Device } from '../inbox/device.ts'
import { ask } from '../server/wire.ts'
import { onlyNotFound } from '../world/client.ts'
import type { Person } from '../world/person.ts'
import { manyConnections, useWorld } from '../world/world.ts'

const world = useWorld({ ...manyConnections, DIRECT_MESSAGES_FROM: 'everyone' })

test('sync lists a removal and a return between two syncs, the removal first', async () => {
  const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
  const { id } = await alice.creates('revolving', [bob, carol], { historyVisibility: 'SINCE_JOINED' })
  await alice.sends(id, 'before')
  const live = await Device.of(bob)
  await live.opens()
  const away = await Device.of(bob)
  const { cursor } = away

  await alice.removes(id, bob)
  await alice.sends(id, 'meanwhile')
  await alice.adds(id, bob)
  const after = await alice.sends(id, 'after')

  const page = await bob.sync(cursor)
  expect(page.removedConversationIds).toEqual([id])
  expect(page.conversations.map((conversation) => conversation.id)).toEqual([id])
  await away.opens({ after: cursor })
  await away.catchesUp()
  for (const device of [live, away]) {
    await device.becomesComplete()
    expect(device.removals).toEqual([id])
    const texts = [...(device.conversations.get(id)?.messages.values() ?? [])].map(
      (message) => message.plainText,
    )
    expect(texts).toEqual([expect.stringContaining('added'), 'after'])
    device.cut()
  }
  // The next sync has nothing of it any more.
  const next = await bob.sync(away.cursor)
  expect(next.removedConversationIds).toEqual([])
  expect(after.seq).toBe((await bob.conversation(id))?.maxSeq)
})

test('members who join and leave under sends hold what a new device loads', async () => {
  const [alice, bob, carol, dave] = await world.people('alice', 'bob', 'carol', 'dave')
  const { id } = await alice.creates('revolving', [bob, carol, dave], { historyVisibility: 'SINCE_JOINED' })
  const devices = [await Device.of(bob), await Device.of(carol)]
  for (const device of devices) await device.opens()
  let isOver = false
  const talks = async (person: Person) => {
    while (!isOver) {
      const message = await person.sends(id, 'words').catch(onlyNotFound)
      if (message) await person.edits(message, 'other words').catch(onlyNotFound)
    }
  }
  const folds = async (device: Device) => {
    while (!isOver) await device.folds(() => isOver)
  }
  const comeAndGo = async () => {
    for (let round = 0; round < 15; round += 1) {
      await Promise.all([alice.removes(id, bob), alice.removes(id, carol)])
      await alice.adds(id, bob, carol)
    }
    isOver = true
    for (const device of devices) device.socket.wake()
  }
  await Promise.all([talks(alice), talks(bob), talks(dave), ...devices.map(folds), comeAndGo()])
  for (const device of devices) {
    await device.becomesComplete()
    device.cut()
  }
})

const everywhere = `query ($id: ID!, $seq: Int!, $messageId: ID!) {
  message(id: $messageId) { id }
  conversation(id: $id) {
    lastMessage { seq plainText quote { plainText } }
    message(seq: $seq) { plainText }
    messages(first: 100, afterSeq: 0) { edges { node { seq plainText quote { plainText } } } }
    changes(afterVersion: 0, first: 100) { messages { seq plainText quote { plainText } } }
  }
  conversationChanges(since: [{ conversationId: $id, afterVersion: 0 }]) {
    messages { seq plainText quote { plainText } }
  }
}`

test('a member of a SINCE_JOINED group receives no older message by any channel', async () => {
  const [alice, bob, carol, dave] = await world.people('alice', 'bob', 'carol', 'dave')
  const { id } = await alice.creates('secretive', [bob, carol], { historyVisibility: 'SINCE_JOINED' })
  const old = [
    await bob.sends(id, 'SECRET one'),
    await bob.sends(id, 'SECRET two'),
    await bob.sends(id, 'SECRET 3'),
  ]
  const [first, second, third] = old as [(typeof old)[0], (typeof old)[0], (typeof old)[0]]
  // Carol saw all of it once, and joins again without that history.
  await alice.removes(id, carol)
  const readers = { bob: await bob.listens(), carol: await carol.listens(), dave: await dave.listens() }
  const cursor = { carol: await carol.syncCursor(), dave: await dave.syncCursor() }

  const joining = alice.adds(id, carol, dave)
  const changing = (async () => {
    await bob.edits(first, 'SECRET one, edited')
    await bob.sends(id, 'see above', { quoteSeq: second.seq })
    await bob.recalls(third)
  })()
  await Promise.all([joining, changing])
  await bob.edits(second, 'SECRET two, edited')
  const answer = await alice.sends(id, 'a quote', { quoteSeq: first.seq })

  const shown = await readers.bob.sees('MessagesChanged', (event) =>
    event.messages.some((m) => m.id === answer.id),
  )
  expect(JSON.stringify(shown)).toContain('SECRET one, edited')
  for (const [name, person] of [
    ['carol', carol],
    ['dave', dave],
  ] as const) {
    await readers[name].sees('MessagesChanged', (event) => event.messages.some((m) => m.id === answer.id))
    const late = await person.listens({ after: cursor[name] })
    const variables = { id, seq: first.seq, messageId: second.id }
    const answers = (await ask(world.url, everywhere, person.credentials.accessToken, variables)).body
    expect(answers.errors).toBeUndefined()
    expect(JSON.stringify(answers)).toContain('a quote')
    expect(answers.data).toMatchObject({ message: null, conversation: { message: null } })
    const received = [answers, readers[name].events, late.events, await person.sync(cursor[name])]
    expect(JSON.stringify(received)).not.toContain('SECRET')
    expect((await person.conversation(id))?.membership.visibleFromSeq).toBeGreaterThan(third.seq)
  }
})
