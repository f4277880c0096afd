import { expect, test } from 'vitest'
import { blocks } from '../contact/verbs.ts'
import { liveEqualsRefetch } from '../world/mirror.ts'
import { ConversationsQuery } from '../world/operations.ts'
import type { Person } from '../world/person.ts'
import { useWorld } from '../world/world.ts'

const world = useWorld({ LIMIT_INLINE_GROUP_SIZE: '3' })

async function numbers(person: Person, id: string) {
  const { messageCount, membership } = (await person.conversation(id)) ?? {}
  const { readSeq, readCount, unreadCount } = membership ?? {}
  expect(unreadCount).toBe((messageCount ?? 0) - (readCount ?? 0))
  const { conversations } = await person.do(ConversationsQuery, { filter: { unreadOnly: true } })
  const listed = conversations.edges.map(({ node }) => node.id).includes(id)
  return { messageCount, readSeq, readCount, unreadCount, listed, total: (await person.me()).unreadCount }
}

test('a message recalled before it was read does not count as unread, on any device', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const phone = await bob.onAnotherDevice('phone')
  const { id } = await alice.opens(bob)
  const [first, second, third] = [
    await alice.sends(id, '1'),
    await alice.sends(id, '2'),
    await alice.sends(id, '3'),
  ]
  await bob.reads(id, first.seq)
  expect(await numbers(bob, id)).toMatchObject({ messageCount: 3, readCount: 1, unreadCount: 2, total: 2 })

  // Recalling what was read changes no count.
  await liveEqualsRefetch([alice, bob, phone], () => alice.recalls(first))
  expect(await numbers(bob, id)).toMatchObject({ messageCount: 3, readCount: 1, unreadCount: 2, total: 2 })

  await liveEqualsRefetch([alice, bob, phone], () => alice.recalls(third))
  expect(await numbers(phone, id)).toMatchObject({ readCount: 2, unreadCount: 1, listed: true, total: 1 })

  await liveEqualsRefetch([alice, bob, phone], () => alice.recalls(second))
  expect(await numbers(bob, id)).toMatchObject({
    messageCount: 3,
    readSeq: first.seq,
    readCount: 3,
    unreadCount: 0,
    listed: false,
    total: 0,
  })

  // Reading past recalled messages counts none of them twice.
  const fourth = await alice.sends(id, '4')
  expect(await numbers(bob, id)).toMatchObject({ messageCount: 4, readCount: 3, unreadCount: 1 })
  await liveEqualsRefetch([alice, bob, phone], () => bob.reads(id, third.seq))
  expect(await numbers(bob, id)).toMatchObject({ readSeq: third.seq, readCount: 3, unreadCount: 1 })
  await bob.reads(id, fourth.seq)
  expect(await numbers(bob, id)).toMatchObject({ readCount: 4, unreadCount: 0 })
})

test.each([
  ['a small group', 'INLINE'],
  ['a large group', 'SIGNAL'],
])('a recall in %s changes the count of those who have not read the message', async (_size, mode) => {
  const [alice, bob, carol, dave] = await world.friends('alice', 'bob', 'carol', 'dave')
  const others = mode === 'SIGNAL' ? [bob, carol, dave] : [bob, carol]
  const { id } = await alice.creates('recalls', others)
  const message = await alice.sends(id, 'rude')
  await alice.sends(id, 'kind')
  await carol.reads(id, message.seq)

  await liveEqualsRefetch([alice, ...others], () => alice.recalls(message))
  for (const person of [bob, carol])
    expect(await numbers(person, id), person.name).toMatchObject({
      messageCount: 2,
      readCount: 1,
      unreadCount: 1,
    })
  expect(await numbers(alice, id)).toMatchObject({ unreadCount: 0, total: 0 })
})

test('messages of blocked users in a shared group count as unread', async () => {
  const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
  const { id } = await alice.creates('shared', [bob, carol])
  await blocks(carol, bob)
  await bob.sends(id, 'hello')
  expect(await numbers(carol, id)).toMatchObject({ unreadCount: 1, total: 1 })
})
