import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { refusal, refusalOf } from '../world/client.ts'
import { liveEqualsRefetch } from '../world/mirror.ts'
import type { Person } from '../world/person.ts'
import { useWorld } from '../world/world.ts'
import {
  accepts,
  asks,
  blockedBy,
  blocks,
  cancels,
  incoming,
  nodes,
  outgoing,
  relation,
  unblocks,
  unfriends,
} from './verbs.ts'

const world = useWorld({ GROUP_ADDITIONS_FROM: 'friends' })

/** Everything that a user can query about the relation to another user. */
async function found(person: Person, other: Person, conversationId: string) {
  const refused = async (attempt: Promise<unknown>) => {
    const { code, message } = await refusalOf(attempt)
    return { code, message }
  }
  return {
    relation: await relation(person, other),
    send: await refused(person.sends(conversationId, 'hello?')),
    group: (await refused(person.creates('together', [other]))).code,
    conversation: (await person.opens(other)).title,
    history: (await person.history(conversationId))?.map((message) => message.plainText),
  }
}

describe('a blocked user', () => {
  test('sees the same as a user whose friendship has ended', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const [withBob, withCarol] = [await alice.opens(bob), await alice.opens(carol)]
    await liveEqualsRefetch([alice, bob], () => blocks(alice, bob))
    await unfriends(alice, carol)

    expect(await found(bob, alice, withBob.id)).toEqual(await found(carol, alice, withCarol.id))
    const [fromBob, fromCarol] = [await asks(bob, alice, 'sorry'), await asks(carol, alice, 'sorry')]
    expect({ ...fromBob, id: '', from: null }).toEqual({ ...fromCarol, id: '', from: null })
    expect((await relation(bob, alice)).friendRequest).toEqual(fromBob)
    expect(nodes(await outgoing(bob))[0]).toEqual(fromBob)
    expect((await asks(bob, alice, 'please')).id).toBe(fromBob.id)
  })

  test('cannot reach the blocker', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const before = await alice.sync()
    await blocks(alice, bob)
    const request = await liveEqualsRefetch([alice, bob], () => asks(bob, alice))
    expect(nodes(await incoming(alice))).toEqual([])
    expect(await relation(alice, bob)).toMatchObject({ friendRequest: null, pendingFriendRequestCount: 0 })
    expect((await alice.sync(before.cursor)).friendRequests).toEqual([])
    expect(await refusal(accepts(alice, request))).toBe('NOT_FOUND')
    expect((await liveEqualsRefetch([alice, bob], () => cancels(bob, request))).status).toBe('CANCELLED')
    expect(nodes(await incoming(alice))).toEqual([])
  })
})

describe('blockUser', () => {
  test('shows the block to the blocker and is idempotent', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    expect((await blocks(alice, bob)).blockedByMe).toBe(true)
    expect((await blocks(alice, bob)).blockedByMe).toBe(true)
    expect(await relation(alice, bob)).toMatchObject({
      blockedByMe: true,
      friendship: null,
      blockedUserCount: 1,
    })
    expect(nodes(await blockedBy(alice))).toEqual([{ id: bob.id }])
    expect((await relation(bob, alice)).blockedByMe).toBe(false)
    expect(await refusal(alice.sends(id, 'no'))).toBe('BLOCKED')
    expect(await refusal(asks(alice, bob))).toBe('BLOCKED')
    expect(await refusal(alice.creates('together', [bob]))).toBe('BLOCKED')
  })

  test('cancels the blocker’s request and hides the opposite one', async () => {
    const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
    const own = await asks(alice, bob)
    const others = await asks(carol, alice)
    await liveEqualsRefetch([alice, bob, carol], async () => {
      await blocks(alice, bob)
      await blocks(alice, carol)
    })
    expect(nodes(await incoming(bob))).toEqual([{ ...own, status: 'CANCELLED' }])
    expect(nodes(await incoming(alice))).toEqual([{ ...others, status: 'DECLINED' }])
    expect(nodes(await outgoing(carol))).toEqual([others])
    expect((await relation(alice, carol)).pendingFriendRequestCount).toBe(0)
    expect(await refusal(accepts(alice, others))).toBe('CONFLICT')
  })

  test('can be undone, which restores nothing but lets new requests through', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    await blocks(alice, bob)
    const request = await asks(bob, alice)
    expect((await liveEqualsRefetch([alice, bob], () => unblocks(alice, bob))).blockedByMe).toBe(false)
    expect((await unblocks(alice, bob)).blockedByMe).toBe(false)
    expect(nodes(await blockedBy(alice))).toEqual([])
    expect((await relation(alice, bob)).friendship).toBeNull()
    expect(nodes(await incoming(alice))).toEqual([])

    expect(await liveEqualsRefetch([alice, bob], () => asks(bob, alice))).toEqual(request)
    expect((await accepts(alice, request)).status).toBe('ACCEPTED')
  })

  test('is rejected for the viewer and for unknown users', async () => {
    const alice = await world.person('alice')
    expect(await refusal(blocks(alice, alice))).toBe('INVALID_INPUT')
    expect(await refusal(blocks(alice, { id: 'unknown' }))).toBe('NOT_FOUND')
    expect(await refusal(unblocks(alice, { id: 'unknown' }))).toBe('NOT_FOUND')
  })
})

test('a concurrent block and acceptance never leave a friendship', async () => {
  for (let round = 0; round < 10; round += 1) {
    const [alice, bob] = await world.people('alice', 'bob')
    const request = await asks(bob, alice)
    await Promise.allSettled([
      accepts(alice, request),
      blocks(alice, bob),
      blocks(bob, alice),
      asks(alice, bob),
    ])
    expect(await relation(alice, bob)).toMatchObject({
      friendship: null,
      friendRequest: null,
      blockedByMe: true,
    })
    expect(await relation(bob, alice)).toMatchObject({ friendship: null, blockedByMe: true })
  }
})

test('a block waits for a message that is being stored, so that none is stored after it', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await alice.opens(bob)
  const send = new pg.Client({ connectionString: world.databaseUrl })
  await send.connect()
  try {
    await send.query('begin')
    await send.query('select from conversation where id = $1 for no key update', [id])
    const block = blocks(alice, bob)
    await waitsForLock(send, block)
    await send.query('commit')
    expect((await block).blockedByMe).toBe(true)
  } finally {
    await send.end()
  }
})

/** Returns once another connection waits for a lock of this one; fails if the attempt ends without waiting. */
async function waitsForLock(holder: pg.Client, attempt: Promise<unknown>): Promise<void> {
  let ended = false
  const end = () => {
    ended = true
  }
  attempt.then(end, end)
  for (;;) {
    const { rowCount } = await holder.query(
      'select from pg_stat_activity where pg_backend_pid() = any(pg_blocking_pids(pid))',
    )
    if (rowCount) return
    if (ended) throw new Error('It did not wait.')
  }
}
