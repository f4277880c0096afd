import { expect, test } from 'vitest'
import { blocks, unblocks } from '../contact/verbs.ts'
import { Refused } from '../world/client.ts'
import type { Person } from '../world/person.ts'
import { useWorld } from '../world/world.ts'
import { dissolves, members, roles, transfers } from './verbs.ts'

const world = useWorld()

const definite = ['NOT_FOUND', 'CONFLICT', 'FORBIDDEN', 'NOT_FRIENDS', 'BLOCKED', 'INVALID_INPUT']

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
    const { id } = await alice.creates('Team', [bob, carol])
    await alice.appoints(id, bob, 'ADMIN')
    await atOnce(
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
