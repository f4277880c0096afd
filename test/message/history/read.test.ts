import { describe, expect, test } from 'vitest'
import { refusal } from '../../world/client.ts'
import { liveEqualsRefetch } from '../../world/mirror.ts'
import { useWorld } from '../../world/world.ts'

const world = useWorld()

describe('marking read', () => {
  test('advances only, at most to the newest message, on every device and for the peer', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const phone = await bob.onAnotherDevice('phone')
    const messages = [await alice.sends(id, '1'), await alice.sends(id, '2'), await alice.sends(id, '3')]
    const [first, second, third] = messages.map((message) => message.seq) as [number, number, number]

    const half = await liveEqualsRefetch([alice, bob, phone], () => bob.reads(id, second))
    expect(half).toMatchObject({ readSeq: second, unreadCount: 1 })
    expect(await bob.reads(id, first)).toMatchObject({ readSeq: second, unreadCount: 1 })
    expect(await phone.reads(id, third + 100)).toMatchObject({ readSeq: third, unreadCount: 0 })
    expect(await alice.opens(bob)).toMatchObject({ peerReadSeq: third })
    expect(await refusal(bob.reads(id, -1))).toBe('INVALID_INPUT')
  })

  test('sending marks everything before as read', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    await alice.sends(id, 'ping')
    expect((await bob.me()).unreadCount).toBe(1)

    const answer = await liveEqualsRefetch([alice, bob], () => bob.sends(id, 'pong'))
    expect((await bob.conversation(id))?.membership).toMatchObject({ unreadCount: 0, readSeq: answer.seq })
    expect((await bob.me()).unreadCount).toBe(0)
  })

  test('system messages do not count as unread', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const group = await alice.creates('quiet', [bob])
    await liveEqualsRefetch([alice, bob], () => alice.changesGroup(group.id, { name: 'quieter' }))
    expect((await bob.conversation(group.id))?.membership.unreadCount).toBe(0)
  })

  test('in a conversation of others is refused with NOT_FOUND', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const mallory = await world.person('mallory')
    expect(await refusal(mallory.reads((await alice.opens(bob)).id, 1))).toBe('NOT_FOUND')
  })
})
