import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { forwards } from '../../message/content/verbs.ts'
import type { Inbox } from '../../world/inbox.ts'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'

/** Direct conversations are delivered in the commit of a change, groups by the worker and the clock. */
const world = useWorld({ LIMIT_IMMEDIATE_GROUP_SIZE: '2' })

let database: pg.Client
beforeAll(async () => {
  database = new pg.Client({ connectionString: world.databaseUrl })
  await database.connect()
})
afterAll(() => database.end())

/** The rows of a user's entries, as they are stored. */
async function storedEntries({ id }: Person): Promise<unknown[]> {
  const { rows } = await database.query(
    'select kind, subject_id, seq, xmin::text from inbox_entry where user_id = $1 order by kind, subject_id',
    [id],
  )
  return rows
}

async function streamSeq({ id }: Person): Promise<number> {
  const { rows } = await database.query<{ seq: number }>('select seq from user_stream where user_id = $1', [
    id,
  ])
  return rows[0]?.seq ?? 0
}

async function arrives(inboxes: Inbox[], message: { id: string }): Promise<void> {
  const contains = (event: { readonly messages: readonly { id: string }[] }) =>
    event.messages.some(({ id }) => id === message.id)
  await Promise.all(inboxes.map((inbox) => inbox.sees('MessagesChanged', contains)))
}

test.each([
  ['a small conversation', 'one row for each reader', 3],
  ['a larger group', 'no row for a reader', 0],
] as const)('further messages of %s write %s', async (size, _what, numbers) => {
  const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
  const { id } = await (size === 'a larger group' ? alice.creates('busy', [bob, carol]) : alice.opens(bob))
  const inboxes = [await alice.listens(), await bob.listens()]
  await arrives(inboxes, await alice.sends(id, 'first'))
  const [before, seq] = [await storedEntries(bob), await streamSeq(bob)]
  for (const sender of [bob, alice, bob]) await arrives(inboxes, await sender.sends(id, 'further'))
  expect(await streamSeq(bob)).toBe(seq + numbers)
  expect(await storedEntries(bob)).toEqual(before)
})

test('sync and catch-up from every cursor contain exactly the conversations that changed after it', async () => {
  const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
  const direct = await alice.opens(bob)
  const other = await alice.opens(carol)
  const [group, team] = [
    await alice.creates('group', [bob, carol]),
    await bob.creates('team', [alice, carol]),
  ]
  const inboxes = [await alice.listens(), await bob.listens()]
  const [onlyAlice] = inboxes as [Inbox]

  const cursors: string[][] = []
  const changed: string[][] = []
  const step = async (
    conversationIds: string[],
    act: () => Promise<readonly { id: string }[]>,
    seenBy = inboxes,
  ) => {
    cursors.push(await Promise.all([alice.syncCursor(), bob.syncCursor()]))
    for (const message of await act()) await arrives(seenBy, message)
    changed.push(conversationIds)
  }
  const says = ({ id }: { id: string }, sender = alice) =>
    step([id], async () => [await sender.sends(id, 'said')])

  await says(direct)
  const original = await alice.sends(direct.id, 'forwarded')
  await arrives(inboxes, original)
  for (const room of [group, group, team, direct]) await says(room)
  await says(team, bob)
  // One transaction gives a stream the numbers of two conversations, of which either was the latest before.
  const both = [other.id, direct.id]
  for (const latest of both) {
    await step([latest], async () => [await alice.sends(latest, 'latest')], [onlyAlice])
    await step(both, () => forwards(alice, [original], [other, direct]), [onlyAlice])
  }
  await says(group)
  cursors.push(await Promise.all([alice.syncCursor(), bob.syncCursor()]))

  for (const [index, [ofAlice = '', ofBob = '']] of cursors.entries()) {
    const expected = new Set(changed.slice(index).flat())
    const synced = await alice.sync(ofAlice)
    expect(synced.conversations.map(({ id }) => id).sort()).toEqual([...expected].sort())
    const resumed = await alice.listens({ after: ofAlice })
    const delivered = resumed.events.flatMap((event) =>
      event.__typename === 'MessagesChanged' ? [event.conversationId] : [],
    )
    expect(delivered.sort()).toEqual([...expected].sort())
    resumed.close()
    expected.delete(other.id)
    const ofPeer = await bob.sync(ofBob)
    expect(ofPeer.conversations.map(({ id }) => id).sort()).toEqual([...expected].sort())
  }
})

test('pages of a sync contain the conversation with the latest messages once, at its place', async () => {
  const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
  const rooms = [await alice.opens(bob), await carol.opens(bob), await alice.creates('group', [bob])]
  const after = await bob.syncCursor()
  const inbox = await bob.listens()
  for (const { id } of [...rooms, ...rooms.slice(0, 1)])
    await arrives([inbox], await (id === rooms[1]?.id ? carol : alice).sends(id, 'said'))

  const listed: string[] = []
  for (let cursor: string | null = after; cursor !== null; ) {
    const page: Awaited<ReturnType<Person['sync']>> = await bob.sync(cursor, 1)
    listed.push(...page.conversations.map(({ id }) => id))
    cursor = page.hasMore ? page.cursor : null
  }
  const [first, second, third] = rooms.map(({ id }) => id)
  expect(listed).toEqual([second, third, first])
})
