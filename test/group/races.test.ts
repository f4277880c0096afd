import { expect, test } from 'vitest'
import { blocks, unblocks } from '../contact/verbs.ts'
import { Refused } from '../world/client.ts'
import type { Person } from '../world/person.ts'
import { useWorld } from '../world/world.ts'
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
  roles,
  transfers,
  waiting,
} from './verbs.ts'

const world = useWorld()

const definite = ['NOT_FOUND', 'CONFLICT', 'FORBIDDEN', 'NOT_FRIENDS', 'BLOCKED', 'INVALID_INPUT', 'MUTED']

/** Lets all happen at once; each must succeed or be refused for a reason that a person can understand. */
async function atOnce(...attempts: Promise<unknown>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(attempts)) {
    if (outcome.status === 'fulfilled') continue
    expect(outcome.reason).toBeInstanceOf(Refused)
    expect(definite).toContain(outcome.reason.code)
  }
}

/** What must be true of a group whatever has happened to it, as somebody sees it who is still in. */
async function isSound(people: Person[], id: string): Promise<void> {
  const inside = []
  for (const person of people) if (await person.conversation(id)) inside.push(person)
  const [witness] = inside
  if (!witness) return
  const { edges } = await members(witness, id)
  const group = await witness.conversation(id)
  if (group?.__typename !== 'GroupConversation') throw new Error('It is no group.')
  expect(edges.map(({ node }) => node.user.id).sort()).toEqual(inside.map((person) => person.id).sort())
  expect(group.memberCount).toBe(edges.length)
  const owners = edges.filter(({ node }) => node.role === 'OWNER')
  expect(owners.map(({ node }) => node.user.id)).toEqual([group.owner.id])
}

test('whatever happens to a group at once, it stays sound', async () => {
  const everybody = await world.friends('alice', 'bob', 'carol', 'dave', 'erin')
  const [alice, bob, carol, dave, erin] = everybody
  for (let round = 0; round < 12; round += 1) {
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
    await isSound(everybody, id)
    await unblocks(dave, alice)
    await alice.befriends(dave)
  }
})

test('two who add the same people add each of them once', async () => {
  const [alice, bob, carol, dave] = await world.friends('alice', 'bob', 'carol', 'dave')
  const { id } = await alice.creates('Team', [bob])
  await alice.appoints(id, bob, 'ADMIN')
  await Promise.all([alice.adds(id, carol, dave), bob.adds(id, dave, carol)])
  expect(await roles(alice, id)).toHaveLength(4)
  const added = (await alice.history(id))?.filter((message) => message.plainText.includes(' added '))
  expect(added).toHaveLength(1)
})

test('of an approval and a decline at once, one counts', async () => {
  const [alice, bob, ...askers] = await world.people('alice', 'bob', 'carol', 'dave', 'erin', 'frank')
  const { id } = await alice.creates('Team', [bob], { joinPolicy: 'APPROVAL' })
  await alice.appoints(id, bob, 'ADMIN')
  for (const asker of askers) {
    const request = await asksToJoin(asker, id)
    const answers = [approves(alice, request), declines(bob, request), approves(bob, request)]
    const [first, declined, second] = (await Promise.allSettled(answers)).map(({ status }) => status)
    expect(first).toBe(second)
    expect(declined).toBe(first === 'fulfilled' ? 'rejected' : 'fulfilled')
    const [settled] = (await asker.sync()).joinRequests
    expect(settled?.status).toBe(first === 'fulfilled' ? 'APPROVED' : 'DECLINED')
    expect((await asker.conversation(id)) !== null).toBe(first === 'fulfilled')
  }
  await isSound([alice, bob, ...askers], id)
})

test('who asks many times at once has asked once, and who joins many times is in once', async () => {
  const [alice, bob] = await world.people('alice', 'bob')
  const { id } = await alice.creates('Team', [], { joinPolicy: 'APPROVAL' })
  const requests = await Promise.all(Array.from({ length: 8 }, () => asksToJoin(bob, id)))
  expect(new Set(requests.map((request) => request.id)).size).toBe(1)
  expect(await waiting(alice, id)).toEqual([bob.id])
  const { inviteCode } = await invites(alice, id, { maxUses: 1 })
  await Promise.all(Array.from({ length: 8 }, () => joins(bob, { inviteCode })))
  await isSound([alice, bob], id)
  expect((await alice.history(id))?.filter(({ plainText }) => plainText === 'bob joined')).toHaveLength(1)
})

test('an admin who is removed at the same moment brings nobody in afterwards', async () => {
  const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
  for (let round = 0; round < 8; round += 1) {
    const { id } = await alice.creates('Team', [bob])
    await alice.appoints(id, bob, 'ADMIN')
    const { inviteCode } = await invites(bob, id)
    await atOnce(alice.removes(id, bob), joins(carol, { inviteCode }))
    const said = (await alice.history(id))?.map(({ plainText }) => plainText) ?? []
    const [removed, joined] = [said.indexOf('alice removed bob'), said.indexOf('carol joined')]
    expect(joined).toBeLessThan(removed)
  }
})

test('a mute has an order with what is sent: nothing comes after it', async () => {
  const [alice, bob] = await world.people('alice', 'bob')
  const { id } = await alice.creates('Team', [bob])
  const until = new Date(Date.now() + 3_600_000).toISOString()
  const sends = Array.from({ length: 30 }, (_, index) => bob.sends(id, `${index}`))
  const muted = mutes(alice, id, bob, until)
  await atOnce(...sends, muted)
  expect((await muted).mutedUntil).toBe(until)
  await expect(bob.sends(id, 'later')).rejects.toMatchObject({ code: 'MUTED' })
})

test('an account that ends while it joins leaves nobody behind', async () => {
  const alice = await world.person('alice')
  const groups = await Promise.all(
    Array.from({ length: 24 }, (_, index) =>
      alice.creates('Open', [], { joinPolicy: index % 2 ? 'OPEN' : 'APPROVAL' }),
    ),
  )
  for (let round = 0; round < 4; round += 1) {
    const [bob] = await world.people('bob')
    const left = [...groups]
    // One after the other, until there is no account any more.
    const lane = async () => {
      for (let group = left.pop(); group; group = left.pop()) await joins(bob, { groupId: group.id })
    }
    await Promise.allSettled([endsAccount(bob), lane(), lane(), lane()])
    for (const { id } of groups) {
      expect(await roles(alice, id)).toEqual(['alice OWNER'])
      expect(await waiting(alice, id)).toEqual([])
    }
  }
})
