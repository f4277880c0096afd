import { describe, expect, test } from 'vitest'
import { members } from '../../group/verbs.ts'
import { liveEqualsRefetch } from '../../world/mirror.ts'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { readersOf, showsReading } from '../verbs.ts'

const world = useWorld({ LIMIT_RECEIPT_GROUP_SIZE: '4' })

const readSeqs = async (person: Person, id: string) =>
  Object.fromEntries(
    (await members(person, id)).edges.map(({ node }) => [node.user.displayName, node.readSeq]),
  )

describe('readers of a message', () => {
  test('in a group are visible to every member, without the sender', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const { id } = await alice.creates('readers', [bob, carol])
    const message = await alice.sends(id, 'read this')
    expect(await readersOf(alice, message)).toMatchObject({ readerCount: 0, names: [] })

    await carol.reads(id, message.seq)
    expect(await readersOf(alice, message)).toMatchObject({ readerCount: 1, names: ['carol'] })
    await bob.sends(id, 'and I answer')
    for (const person of [alice, bob, carol])
      expect(await readersOf(person, message)).toMatchObject({ readerCount: 2, names: ['bob', 'carol'] })
    const page = await readersOf(alice, message, { first: 1 })
    expect(page).toMatchObject({ names: ['bob'], pageInfo: { hasNextPage: true } })
    const rest = await readersOf(alice, message, { first: 1, after: page.pageInfo.endCursor })
    expect(rest).toMatchObject({ names: ['carol'], pageInfo: { hasNextPage: false } })
  })

  test('in a direct conversation are the peer', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const [system] = (await alice.history(id)) ?? []
    const message = await alice.sends(id, 'hello')
    expect((await readersOf(alice, message)).readerCount).toBe(0)
    await bob.reads(id, message.seq)
    expect(await readersOf(alice, message)).toMatchObject({ readerCount: 1, names: ['bob'] })
    expect((await readersOf(alice, system as { id: string })).readerCount).toBeNull()
  })

  test('exclude members who joined later, also if the history is visible', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const { id } = await alice.creates('open', [bob], { historyVisibility: 'ALL' })
    const before = await alice.sends(id, 'before')
    await alice.adds(id, carol)
    const after = await alice.sends(id, 'after')
    await carol.reads(id, after.seq)
    expect((await readersOf(alice, before)).readerCount).toBe(0)
    expect(await readersOf(carol, after)).toMatchObject({ readerCount: 1, names: ['carol'] })
    await alice.removes(id, carol)
    expect((await readersOf(alice, after)).readerCount).toBe(0)
  })

  test('are null in a group above the limit', async () => {
    const [alice, bob, carol, dave, erin] = await world.friends('alice', 'bob', 'carol', 'dave', 'erin')
    const { id } = await alice.creates('large', [bob, carol, dave])
    const message = await alice.sends(id, 'read this')
    await bob.reads(id, message.seq)
    expect((await readersOf(alice, message)).readerCount).toBe(1)
    await alice.adds(id, erin)
    expect(await readersOf(alice, message)).toMatchObject({ readerCount: null, names: [] })
  })
})

describe('a user with receipts off', () => {
  test('is not among the readers and sees none', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const { id } = await alice.creates('hidden', [bob, carol])
    const message = await alice.sends(id, 'read this')
    await bob.reads(id, message.seq)
    await carol.reads(id, message.seq)

    expect(await showsReading(bob, false)).toMatchObject({ readReceipts: false })
    expect(await readersOf(alice, message)).toMatchObject({ readerCount: 1, names: ['carol'] })
    expect(await readersOf(bob, message)).toMatchObject({ readerCount: null, names: [] })
    const { seq } = message
    expect(await readSeqs(alice, id)).toEqual({ alice: seq, bob: 0, carol: seq })
    expect(await readSeqs(bob, id)).toEqual({ alice: 0, bob: seq, carol: 0 })
    await showsReading(bob, true)
    expect(await readersOf(alice, message)).toMatchObject({ readerCount: 2, names: ['bob', 'carol'] })
    expect(await readSeqs(bob, id)).toEqual({ alice: seq, bob: seq, carol: seq })
  })

  test('hides the positions in a direct conversation live, in both directions and on every device', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const phone = await bob.onAnotherDevice('phone')
    const { id } = await alice.opens(bob)
    const message = await alice.sends(id, 'hello')
    await bob.reads(id, message.seq)
    expect(await alice.opens(bob)).toMatchObject({ peerReadSeq: message.seq })

    await liveEqualsRefetch([alice, bob, phone], () => showsReading(bob, false))
    expect(await alice.opens(bob)).toMatchObject({ peerReadSeq: 0, peerDeliveredSeq: 0 })
    expect(await bob.opens(alice)).toMatchObject({ peerReadSeq: 0 })
    expect((await readersOf(alice, message)).readerCount).toBeNull()
    expect((await readersOf(bob, message)).readerCount).toBeNull()

    await liveEqualsRefetch([alice, bob, phone], () => showsReading(bob, true))
    expect(await alice.opens(bob)).toMatchObject({ peerReadSeq: message.seq })
  })

  test('sends no receipt event when reading', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const message = await alice.sends(id, 'hello')
    await showsReading(bob, false)
    const cursor = (await alice.sync(await alice.syncCursor())).cursor
    const inbox = await alice.listens({ after: cursor })

    await liveEqualsRefetch([alice, bob], () => bob.reads(id, message.seq))
    // A later event proves that no receipt was sent before it.
    const next = await alice.sends(id, 'still there?')
    await inbox.sees('MessagesChanged', (event) => event.maxSeq === next.seq)
    expect(inbox.events.map((event) => event.__typename)).not.toContain('ReceiptsChanged')
    const again = await alice.listens({ after: cursor })
    expect(again.events.map((event) => event.__typename)).not.toContain('ReceiptsChanged')
  })

  test('does not appear in sync when reading', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    await showsReading(bob, false)
    const inbox = await alice.listens()
    const message = await alice.sends(id, 'hello')
    await inbox.sees('MessagesChanged', (event) => event.maxSeq === message.seq)
    const { cursor } = await alice.sync(await alice.syncCursor())
    await bob.reads(id, message.seq)
    expect((await alice.sync(cursor)).conversations).toEqual([])
    await showsReading(bob, true)
    expect((await alice.sync(cursor)).conversations).toMatchObject([{ id, peerReadSeq: message.seq }])
  })

  test('repeats the setting without a change', async () => {
    const alice = await world.person('alice')
    const cursor = await alice.syncCursor()
    expect(await showsReading(alice, true)).toMatchObject({ readReceipts: true })
    expect((await alice.sync(cursor)).me).toBeNull()
    await showsReading(alice, false)
    expect((await alice.sync(cursor)).me).toMatchObject({ readReceipts: false })
  })
})
