import { expect, test } from 'vitest'
import { refusal } from '../world/client.ts'
import { liveEqualsRefetch } from '../world/mirror.ts'
import { useWorld } from '../world/world.ts'
import { lines } from './verbs.ts'

const world = useWorld()

test('updateGroup changes the given fields only', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await alice.creates('Team', [bob], { description: 'first' })
  const settings = {
    description: 'second',
    joinPolicy: 'OPEN',
    postingPolicy: 'ADMINS',
    historyVisibility: 'ALL',
  } as const
  expect(await liveEqualsRefetch([alice, bob], () => alice.changesGroup(id, settings))).toMatchObject({
    ...settings,
    name: 'Team',
  })
  expect(await alice.changesGroup(id, { description: null })).toMatchObject({
    ...settings,
    name: 'Team',
    description: null,
  })
  expect((await lines(bob, id))?.slice(1)).toEqual([
    'alice changed how users join: everyone can join',
    'alice changed who can send: only the owner and admins can send',
    'alice changed the history: new members see all earlier messages',
    'alice changed the description of the group',
    'alice changed the description of the group',
  ])
})

test('renaming a group appends one system message', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await alice.creates('Team', [bob])
  await liveEqualsRefetch([alice, bob], () => alice.changesGroup(id, { name: 'New' }))
  await alice.changesGroup(id, { name: 'New' })
  expect((await lines(bob, id))?.slice(1)).toEqual(['alice renamed the group from “Team” to “New”'])
  expect((await bob.conversation(id))?.title).toBe('New')
})

test('in a muted group, or with postingPolicy ADMINS, only owner and admins send', async () => {
  const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
  const { id } = await alice.creates('Team', [bob, carol])
  await alice.appoints(id, bob, 'ADMIN')
  await liveEqualsRefetch([alice, carol], () => alice.changesGroup(id, { mutedAll: true }))
  expect(await refusal(carol.sends(id, 'hello'))).toBe('MUTED')
  await bob.sends(id, 'order')

  await alice.changesGroup(id, { mutedAll: false, postingPolicy: 'ADMINS' })
  expect(await refusal(carol.sends(id, 'hello'))).toBe('FORBIDDEN')
  await bob.sends(id, 'news')
  await alice.changesGroup(id, { postingPolicy: 'EVERYONE' })
  await carol.sends(id, 'hello')
  expect((await lines(bob, id))?.slice(2)).toEqual([
    'alice muted the group',
    'order',
    'alice changed who can send: only the owner and admins can send',
    'alice unmuted the group',
    'news',
    'alice changed who can send: all members can send',
    'hello',
  ])
})

test('updateGroup accepts name, description and slow mode at their limits and rejects them beyond', async () => {
  const alice = await world.person('alice')
  const { id } = await alice.creates('Team', [])
  for (const input of [
    { name: '' },
    { name: 'x'.repeat(101) },
    { description: 'x'.repeat(1001) },
    { slowModeSeconds: -1 },
    { slowModeSeconds: 86_401 },
  ])
    expect(await refusal(alice.changesGroup(id, input))).toBe('INVALID_INPUT')
  await alice.changesGroup(id, {
    name: 'x'.repeat(100),
    description: 'x'.repeat(1000),
    slowModeSeconds: 86_400,
  })
})
