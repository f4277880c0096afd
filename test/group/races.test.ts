import { expect, test } from 'vitest'
import { blocks, unblocks } from '../contact/verbs.ts'
import { Refused } from '../world/client.ts'
import type { Person } from '../world/person.ts'
import { trials } from '../world/trials.ts'
import { manyConnections, useWorld } from '../world/world.ts'
import {
  approves,
  asksToJoin,
  declines,
  dissolves,
  endsAccount,
  invites,
  joins,
  members,
  mutes,
  pendingIds,
  roles,
  transfers,
} from './verbs.ts'

const world = useWorld(manyConnections)

const definiteCodes = [
  'NOT_FOUND',
  'CONFLICT',
  'FORBIDDEN',
  'NOT_FRIENDS',
  'BLOCKED',
  'INVALID_INPUT',
  'MUTED',
]

/** Runs all attempts concurrently; each must succeed or be refused with a definite code. */
async function atOnce(...attempts: Promise<unknown>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(attempts)) {
    if (outcome.status === 'fulfilled') continue
    expect(outcome.reason).toBeInstanceOf(Refused)
    expect(definiteCodes).toContain(outcome.reason.code)
  }
}

/** Checks the invariants of a group, as one of its remaining members sees it. */
async function expectConsistent(people: Person[], id: string): Promise<void> {
  const remaining = []
  for (const person of people) if (await person.conversation(id)) remaining.push(person)
  const [witness] = remaining
  if (!witness) return
  const { edges } = await members(witness, id)
  const group = await witness.conversation(id)
  if (group?.__typename !== 'GroupConversation') throw new Error('The conversation is not a group.')
  expect(edges.map(({ node }) => node.user.id).sort()).toEqual(remaining.map((person) => person.id).sort())
  expect(group.memberCount).toBe(edges.length)
  const owners = edges.filter(({ node }) => node.role === 'OWNER')
  expect(owners.map(({ node }) => node.user.id)).toEqual([group.owner.id])
}

test('concurrent changes of one group keep members, count and owner consistent', async () => {
  const people = await world.friends('alice', 'bob', 'carol', 'dave', 'erin')
  const [alice, bob, carol, dave, erin] = people
  await trials(12, async (round) => {
    const { id } = await alice.creates('Team', [bob, carol], { joinPolicy: 'APPROVAL' })
    await alice.appoints(id, bob, 'ADMIN')
    const [mine, theirs] = [await invites(alice, id, { maxUses: 1 }), await invites(bob, id)]
    const request = await asksToJoin(dave, id)
    await atOnce(
      approves(alice, request),
      declines(bob, request),
      joins(erin, { inviteCode: mine.inviteCode }),
      joins(dave, { inviteCode: theirs.inviteCode }),
      joins(erin, { groupId: id }),
      alice.adds(id, dave, erin),
      alice.adds(id, erin, dave),
      bob.adds(id, erin),
      alice.removes(id, carol),
      bob.removes(id, carol),
      carol.leaves(id),
      transfers(alice, id, bob),
      transfers(alice, id, carol),
      bob.leaves(id),
      alice.leaves(id),
      carol.sends(id, 'here'),
      blocks(dave, alice),
      ...(round % 3 === 0 ? [dissolves(alice, id)] : []),
    )
    await expectConsistent(people, id)
    await unblocks(dave, alice)
    await alice.befriends(dave)
  })
})

test('two admins who add the same users concurrently add each once', async () => {
  const [alice, bob, carol, dave] = await world.friends('alice', 'bob', 'carol', 'dave')
  const { id } = await alice.creates('Team', [bob])
  await alice.appoints(id, bob, 'ADMIN')
  await Promise.all([alice.adds(id, carol, dave), bob.adds(id, dave, carol)])
  expect(await roles(alice, id)).toHaveLength(4)
  const added = (await alice.history(id))?.filter((message) => message.plainText.includes(' added '))
  expect(added).toHaveLength(1)
})

test('of a concurrent approval and decline of a join request, one succeeds', async () => {
  const [alice, bob, ...requesters] = await world.people('alice', 'bob', 'carol', 'dave', 'erin', 'frank')
  const { id } = await alice.creates('Team', [bob], { joinPolicy: 'APPROVAL' })
  await alice.appoints(id, bob, 'ADMIN')
  for (const requester of requesters) {
    const request = await asksToJoin(requester, id)
    const answers = [approves(alice, request), declines(bob, request), approves(bob, request)]
    const [first, declined, second] = (await Promise.allSettled(answers)).map(({ status }) => status)
    expect(first).toBe(second)
    expect(declined).toBe(first === 'fulfilled' ? 'rejected' : 'fulfilled')
    const [resolved] = (await requester.sync()).joinRequests
    expect(resolved?.status).toBe(first === 'fulfilled' ? 'APPROVED' : 'DECLINED')
    expect((await requester.conversation(id)) !== null).toBe(first === 'fulfilled')
  }
  await expectConsistent([alice, bob, ...requesters], id)
})

test('concurrent join requests of one user create one request, and concurrent joins one membership', async () => {
  const [alice, bob] = await world.people('alice', 'bob')
  const { id } = await alice.creates('Team', [], { joinPolicy: 'APPROVAL' })
  const requests = await Promise.all(Array.from({ length: 8 }, () => asksToJoin(bob, id)))
  expect(new Set(requests.map((request) => request.id)).size).toBe(1)
  expect(await pendingIds(alice, id)).toEqual([bob.id])
  const { inviteCode } = await invites(alice, id, { maxUses: 1 })
  await Promise.all(Array.from({ length: 8 }, () => joins(bob, { inviteCode })))
  await expectConsistent([alice, bob], id)
  expect(
    (await alice.history(id))?.filter(({ plainText }) => plainText.startsWith('bob joined')),
  ).toHaveLength(1)
})

test('an invite of an admin who is removed concurrently admits no user after the removal', async () => {
  const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
  await trials(8, async () => {
    const { id } = await alice.creates('Team', [bob])
    await alice.appoints(id, bob, 'ADMIN')
    const { inviteCode } = await invites(bob, id)
    await atOnce(alice.removes(id, bob), joins(carol, { inviteCode }))
    const texts = (await alice.history(id))?.map(({ plainText }) => plainText) ?? []
    const [removed, joined] = [
      texts.indexOf('alice removed bob'),
      texts.indexOf('carol joined with an invite from bob'),
    ]
    expect(joined).toBeLessThan(removed)
  })
})

test('no message of a muted member is stored after a concurrent mute', async () => {
  const [alice, bob] = await world.people('alice', 'bob')
  const { id } = await alice.creates('Team', [bob])
  const until = new Date(Date.now() + 3_600_000).toISOString()
  const sends = Array.from({ length: 30 }, (_, index) => bob.sends(id, `${index}`))
  const muted = mutes(alice, id, bob, until)
  await atOnce(...sends, muted)
  expect((await muted).mutedUntil).toBe(until)
  await expect(bob.sends(id, 'later')).rejects.toMatchObject({ code: 'MUTED' })
})

test('an account deleted while it joins groups leaves no membership and no join request', async () => {
  const alice = await world.person('alice')
  const groups = await Promise.all(
    Array.from({ length: 24 }, (_, index) =>
      alice.creates('Open', [], { joinPolicy: index % 2 ? 'OPEN' : 'APPROVAL' }),
    ),
  )
  await trials(4, async () => {
    const [bob] = await world.people('bob')
    const left = [...groups]
    // One after the other, until the account is deleted.
    const joinNext = async () => {
      for (let group = left.pop(); group; group = left.pop()) await joins(bob, { groupId: group.id })
    }
    await Promise.allSettled([endsAccount(bob), joinNext(), joinNext(), joinNext()])
    for (const { id } of groups) {
      expect(await roles(alice, id)).toEqual(['alice OWNER'])
      expect(await pendingIds(alice, id)).toEqual([])
    }
  })
})
