import { describe, expect, test } from 'vitest'
import { members } from '../group/verbs.ts'
import { showsReading } from '../message/verbs.ts'
import type { Inbox } from '../world/inbox.ts'
import { liveEqualsRefetch } from '../world/mirror.ts'
import { Acknowledge } from '../world/operations.ts'
import type { Person } from '../world/person.ts'
import { useWorld } from '../world/world.ts'

const world = useWorld({ LIMIT_RECEIPT_GROUP_SIZE: '4' })

const acknowledges = (person: Person, cursor: string | undefined) =>
  person.do(Acknowledge, { cursor: String(cursor) })

const mentions = (person: Person, conversationId: string, other: Person) =>
  person.sendsContent(conversationId, {
    richText: { parts: [{ mention: { userId: other.id, displayText: other.name } }] },
  })

const receipts = (inbox: Inbox) =>
  inbox.events.flatMap((event) =>
    event.__typename === 'ReceiptsChanged' ? [`${event.userId} ${event.readSeq} ${event.deliveredSeq}`] : [],
  )

describe('a delivery receipt', () => {
  test('reaches the sender when a device acknowledges the message, also before it is read', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const [desk, phone] = [await alice.listens(), await bob.listens()]
    const { seq } = await alice.sends(id, 'hello')
    const { cursor } = await phone.sees('MessagesChanged', (event) => event.maxSeq === seq)
    expect(await alice.opens(bob)).toMatchObject({ peerDeliveredSeq: 0, peerReadSeq: 0 })

    await liveEqualsRefetch([alice, bob], () => acknowledges(bob, cursor))
    await desk.sees('ReceiptsChanged', (event) => event.deliveredSeq === seq && event.readSeq === 0)
    expect(await alice.opens(bob)).toMatchObject({ peerDeliveredSeq: seq, peerReadSeq: 0 })

    const before = receipts(desk)
    await acknowledges(bob, cursor)
    await bob.reads(id, seq)
    await desk.sees('ReceiptsChanged', (event) => event.readSeq === seq)
    expect(receipts(desk)).toEqual([...before, `${bob.id} ${seq} ${seq}`])
  })

  test('does not cover messages after the acknowledged cursor', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const phone = await bob.listens()
    const one = await alice.sends(id, 'one')
    const { cursor } = await phone.sees('MessagesChanged', (event) => event.maxSeq === one.seq)
    const two = await alice.sends(id, 'two')
    await phone.sees('MessagesChanged', (event) => event.maxSeq === two.seq)

    await acknowledges(bob, cursor)
    expect((await alice.opens(bob)).peerDeliveredSeq).toBeLessThan(two.seq)
    await acknowledges(bob, phone.cursor)
    expect(await alice.opens(bob)).toMatchObject({ peerDeliveredSeq: two.seq })
  })

  test('does not cover a later message either if the reader got one of another conversation in between', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const group = await alice.creates('in between', [bob])
    const phone = await bob.listens()
    await alice.sends(id, 'one')
    const between = await alice.sends(group.id, 'between')
    const { cursor } = await phone.sees(
      'MessagesChanged',
      (event) => event.conversationId === group.id && event.maxSeq === between.seq,
    )
    const two = await alice.sends(id, 'two')
    await acknowledges(bob, cursor)
    expect((await alice.opens(bob)).peerDeliveredSeq).toBeLessThan(two.seq)
  })

  test('stays visible with receipts disabled, and does not reveal the read position', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    await showsReading(bob, false)
    const [desk, phone] = [await alice.listens(), await bob.listens()]
    const { seq } = await alice.sends(id, 'hello')
    const { cursor } = await phone.sees('MessagesChanged', (event) => event.maxSeq === seq)
    await bob.reads(id, seq)
    expect(await alice.opens(bob)).toMatchObject({ peerDeliveredSeq: 0, peerReadSeq: 0 })
    await liveEqualsRefetch([alice, bob], () => acknowledges(bob, cursor))
    await desk.sees('ReceiptsChanged', (event) => event.deliveredSeq === seq)
    expect(receipts(desk)).toEqual([`${bob.id} 0 ${seq}`])
  })
})

describe('a sent message', () => {
  test('is one event for each user, and says that its sender has read and received up to it', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    await bob.sends(id, 'unread by alice')
    const people = [alice, bob, await alice.onAnotherDevice(), await bob.onAnotherDevice()]
    const inboxes = await Promise.all(people.map((person) => person.listens()))
    const positions = () =>
      Promise.all([alice, bob].map(async (person) => await person.opens(bob === person ? alice : bob)))
    const sent: number[] = []
    await liveEqualsRefetch(people, async () => {
      for (const sender of [alice, bob, alice]) sent.push((await sender.sends(id, 'hello')).seq)
    })
    const [, peerSeq, seq] = sent
    for (const inbox of inboxes) {
      await inbox.sees('MessagesChanged', (event) => event.maxSeq === seq)
      const others = inbox.events.filter(
        ({ __typename }) => !['Checkpoint', 'MeChanged', 'MessagesChanged'].includes(__typename),
      )
      expect(others).toEqual([])
    }
    const [own, peer] = await positions()
    expect(own).toMatchObject({ peerReadSeq: peerSeq, membership: { readSeq: seq, unreadCount: 0 } })
    expect(peer).toMatchObject({ peerReadSeq: seq, membership: { readSeq: peerSeq, unreadCount: 1 } })
  })

  test('clears the unread mentions of its sender up to it', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.creates('team', [bob])
    await mentions(bob, id, alice)
    expect(await alice.conversation(id)).toMatchObject({ membership: { unreadMentionCount: 1 } })
    await liveEqualsRefetch([alice, bob, await alice.onAnotherDevice()], async () => {
      await alice.sends(id, 'seen')
      await mentions(bob, id, alice)
    })
    expect(await alice.conversation(id)).toMatchObject({ membership: { unreadMentionCount: 1 } })
  })

  test('reveals no read position while receipts are disabled', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    await showsReading(bob, false)
    await liveEqualsRefetch([alice, bob], async () => {
      await bob.sends(id, 'hello')
      await alice.sends(id, 'hello')
    })
    expect(await alice.opens(bob)).toMatchObject({
      receiptsEnabled: false,
      peerReadSeq: 0,
      peerDeliveredSeq: 0,
    })
    await liveEqualsRefetch([alice, bob], async () => {
      await showsReading(bob, true)
      await bob.sends(id, 'and now')
    })
    const { peerReadSeq, maxSeq, ...direct } = await alice.opens(bob)
    expect(direct).toMatchObject({ receiptsEnabled: true })
    expect(peerReadSeq).toBe(maxSeq)
  })
})

describe('a read receipt in a small group', () => {
  test('reaches the other members once per position, and can be queried', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const { id } = await alice.creates('team', [bob, carol])
    const inboxes = [await alice.listens(), await carol.listens()]
    const own = await bob.listens()
    const [one, two] = [await alice.sends(id, 'one'), await alice.sends(id, 'two')]
    await bob.reads(id, one.seq)
    await bob.reads(id, two.seq)

    for (const inbox of inboxes) {
      await inbox.sees('ReceiptsChanged', (event) => event.readSeq === two.seq)
      expect(new Set(receipts(inbox)).size).toBe(receipts(inbox).length)
    }
    await own.sees('ConversationChanged', ({ conversation }) => conversation.membership.readSeq === two.seq)
    expect(receipts(own)).toEqual([])
    const positions = (await members(carol, id)).edges.map(({ node }) => [node.user.id, node.readSeq])
    expect(Object.fromEntries(positions)).toMatchObject({ [alice.id]: two.seq, [bob.id]: two.seq })
  })

  test('is neither sent nor received with receipts disabled, except for the position 0', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const { id } = await alice.creates('team', [bob, carol])
    const [desk, phone] = [await alice.listens(), await bob.listens()]
    const { seq } = await alice.sends(id, 'hello')
    await bob.reads(id, seq)
    await desk.sees('ReceiptsChanged', (event) => event.userId === bob.id)

    await showsReading(bob, false)
    await desk.sees('ReceiptsChanged', (event) => event.userId === bob.id && event.readSeq === 0)
    const next = await alice.sends(id, 'and now?')
    await bob.reads(id, next.seq)
    await carol.reads(id, next.seq)
    await desk.sees('ReceiptsChanged', (event) => event.userId === carol.id)
    expect(receipts(desk).filter((line) => line.startsWith(bob.id))).toEqual([
      `${bob.id} ${seq} ${seq}`,
      `${bob.id} 0 0`,
    ])

    await showsReading(bob, true)
    await desk.sees('ReceiptsChanged', (event) => event.userId === bob.id && event.readSeq === next.seq)
    // Carol's position was published half a second earlier.
    expect(receipts(phone)).toEqual([])
    const last = await alice.sends(id, 'once more')
    await carol.reads(id, last.seq)
    await phone.sees('ReceiptsChanged', (event) => event.userId === carol.id && event.readSeq === last.seq)
  })

  test('is not sent above the size limit, nor to removed members', async () => {
    const [alice, bob, carol, dave, erin] = await world.friends('alice', 'bob', 'carol', 'dave', 'erin')
    const team = await alice.creates('team', [bob, carol])
    const crowd = await alice.creates('crowd', [bob, carol, dave, erin])
    const inbox = await carol.listens()
    const many = await alice.sends(crowd.id, 'to all')
    await bob.reads(crowd.id, many.seq)
    await alice.removes(team.id, carol)
    const few = await alice.sends(team.id, 'to us')
    const desk = await alice.listens()
    await bob.reads(team.id, few.seq)
    await desk.sees('ReceiptsChanged', (event) => event.conversationId === team.id)
    const last = await alice.sends(crowd.id, 'done')
    await inbox.sees('MessagesChanged', (event) => event.maxSeq === last.seq)
    expect(receipts(inbox)).toEqual([])
  })
})
