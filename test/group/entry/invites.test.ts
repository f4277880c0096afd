import { expect, test } from 'vitest'
import { inDatabase } from '../../auth/verbs.ts'
import { refusal } from '../../world/client.ts'
import { liveEqualsRefetch } from '../../world/mirror.ts'
import { useWorld } from '../../world/world.ts'
import { dissolves, invites, invitesOf, joins, lines, previewsInvite, revokes, transfers } from '../verbs.ts'

const world = useWorld({ LIMIT_GROUP_INVITES: '3', LIMIT_GROUP_SIZE: '4' })

const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString()

test('an invite shows a preview of the group and admits its holder', async () => {
  const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
  const { id } = await alice.creates('Team', [bob])
  const expiresAt = inAnHour()
  const { inviteCode } = await liveEqualsRefetch([alice, bob], () =>
    invites(alice, id, { expiresAt, maxUses: 5 }),
  )
  expect(inviteCode).toMatch(/^[\w-]{22}$/)
  expect(await previewsInvite(carol, inviteCode)).toEqual({
    inviteCode,
    group: { conversationId: id, name: 'Team', avatarUrl: null, memberCount: 2, joinPolicy: 'INVITE_ONLY' },
    inviter: { id: alice.id },
    expiresAt,
    maxUses: 5,
    uses: 0,
  })
  expect(await carol.conversation(id)).toBeNull()

  const { conversation, joinRequest } = await liveEqualsRefetch([alice, bob, carol], () =>
    joins(carol, { inviteCode }),
  )
  expect(joinRequest).toBeNull()
  expect(conversation).toMatchObject({ id, memberCount: 3, membership: { role: 'MEMBER', unreadCount: 0 } })
  expect(await lines(carol, id)).toEqual(['carol joined with an invite from alice'])
  expect(await invitesOf(alice, id)).toMatchObject([{ inviteCode, uses: 1 }])
})

test('joining twice with an invite joins once, also with its last use', async () => {
  const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
  const { id } = await alice.creates('Team', [])
  const { inviteCode } = await invites(alice, id, { maxUses: 1 })
  for (let time = 0; time < 2; time += 1)
    expect((await joins(bob, { inviteCode })).conversation).toMatchObject({ id, memberCount: 2 })
  expect((await lines(alice, id))?.filter((line) => line.startsWith('bob joined'))).toHaveLength(1)
  expect(await previewsInvite(carol, inviteCode)).toBeNull()
  expect(await refusal(joins(carol, { inviteCode }))).toBe('NOT_FOUND')
  expect(await invitesOf(alice, id)).toEqual([])
})

test('of concurrent joins with the last use of an invite, one succeeds', async () => {
  const [alice, ...others] = await world.people('alice', 'bob', 'carol', 'dave')
  const { id } = await alice.creates('Team', [])
  const { inviteCode } = await invites(alice, id, { maxUses: 1 })
  const outcomes = await Promise.allSettled(others.map((person) => joins(person, { inviteCode })))
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await alice.conversation(id)).toMatchObject({ memberCount: 2 })
})

test('unknown, expired, used-up and revoked invites are answered alike', async () => {
  const [alice, bob] = await world.people('alice', 'bob')
  const { id } = await alice.creates('Team', [])
  const expired = await invites(alice, id, { expiresAt: inAnHour() })
  const revoked = await invites(alice, id)
  expect(await previewsInvite(bob, revoked.inviteCode)).not.toBeNull()
  expect((await revokes(alice, revoked.inviteCode)).invites).toHaveLength(1)
  expect((await revokes(alice, revoked.inviteCode)).id).toBe(id)
  expect(await previewsInvite(bob, expired.inviteCode)).not.toBeNull()
  await inDatabase(
    world,
    `update group_invite set expires_at = now() - interval '1 second' where code = $1`,
    [expired.inviteCode],
  )
  for (const inviteCode of [expired.inviteCode, revoked.inviteCode, 'nothing', '', id]) {
    expect(await previewsInvite(bob, inviteCode)).toBeNull()
    expect(await refusal(joins(bob, { inviteCode }))).toBe('NOT_FOUND')
  }
  expect(await invitesOf(alice, id)).toEqual([])
})

test('only owner and admins create, see and revoke invites', async () => {
  const [alice, bob, carol, stranger] = await world.people('alice', 'bob', 'carol', 'stranger')
  const { id } = await alice.creates('Team', [bob, carol])
  await alice.appoints(id, bob, 'ADMIN')
  const { inviteCode } = await invites(bob, id)
  expect(await refusal(invites(carol, id))).toBe('FORBIDDEN')
  expect(await refusal(invites(stranger, id))).toBe('NOT_FOUND')
  expect(await refusal(revokes(carol, inviteCode))).toBe('FORBIDDEN')
  expect(await refusal(revokes(stranger, inviteCode))).toBe('NOT_FOUND')
  expect(await refusal(revokes(alice, 'nothing'))).toBe('NOT_FOUND')
  expect(await invitesOf(carol, id)).toEqual([])
  expect(await invitesOf(alice, id)).toMatchObject([{ inviteCode, inviter: { id: bob.id } }])
  await liveEqualsRefetch([alice, bob, carol], () => revokes(alice, inviteCode))
})

test('an invite ends when its creator leaves, is removed or demoted, or the group is dissolved', async () => {
  const [alice, bob, carol, dave] = await world.people('alice', 'bob', 'carol', 'dave')
  const { id } = await alice.creates('Team', [bob])
  const ends: Record<string, () => Promise<unknown>> = {
    'made a member': () => alice.appoints(id, bob, 'MEMBER'),
    removed: () => alice.removes(id, bob),
    left: () => bob.leaves(id),
  }
  for (const [how, end] of Object.entries(ends)) {
    if (!(await bob.conversation(id))) await alice.adds(id, bob)
    await alice.appoints(id, bob, 'ADMIN')
    const { inviteCode } = await invites(bob, id)
    expect(await previewsInvite(dave, inviteCode), how).not.toBeNull()
    await end()
    expect(await previewsInvite(dave, inviteCode), how).toBeNull()
    expect(await refusal(joins(dave, { inviteCode })), how).toBe('NOT_FOUND')
  }

  await alice.adds(id, carol)
  const { inviteCode } = await invites(alice, id)
  await transfers(alice, id, carol)
  expect(await previewsInvite(dave, inviteCode), 'still an admin').not.toBeNull()
  await dissolves(carol, id)
  expect(await previewsInvite(dave, inviteCode), 'dissolved').toBeNull()
  expect(await refusal(joins(dave, { inviteCode }))).toBe('NOT_FOUND')
})

test('a removed member joins with an invite created since, not with an older one or the group id', async () => {
  const [alice, bob] = await world.people('alice', 'bob')
  const { id } = await alice.creates('Team', [], { joinPolicy: 'OPEN' })
  const before = await invites(alice, id)
  await joins(bob, { inviteCode: before.inviteCode })
  await alice.removes(id, bob)
  expect(await previewsInvite(bob, before.inviteCode)).toBeNull()
  expect(await refusal(joins(bob, { inviteCode: before.inviteCode }))).toBe('NOT_FOUND')
  expect(await refusal(joins(bob, { groupId: id }))).toBe('NOT_FOUND')

  const since = await invites(alice, id)
  await liveEqualsRefetch([alice, bob], () => joins(bob, { inviteCode: since.inviteCode }))
  await bob.leaves(id)
  expect((await joins(bob, { groupId: id })).conversation?.id).toBe(id)
})

test('a removal no longer applies after an admin adds the user again', async () => {
  const [alice, bob] = await world.people('alice', 'bob')
  const { id } = await alice.creates('Team', [bob], { joinPolicy: 'OPEN' })
  await alice.removes(id, bob)
  await alice.adds(id, bob)
  await bob.leaves(id)
  expect((await joins(bob, { groupId: id })).conversation?.id).toBe(id)
})

test('maxUses, expiresAt and the number of active invites are accepted at their limits and rejected beyond', async () => {
  const alice = await world.person('alice')
  const { id } = await alice.creates('Team', [])
  for (const terms of [
    { maxUses: 0 },
    { maxUses: 100_001 },
    { expiresAt: new Date(Date.now() - 1_000).toISOString() },
  ])
    expect(await refusal(invites(alice, id, terms)), JSON.stringify(terms)).toBe('INVALID_INPUT')
  const first = await invites(alice, id, { maxUses: 1 })
  await invites(alice, id, { maxUses: 100_000 })
  await invites(alice, id)
  expect(await refusal(invites(alice, id))).toBe('LIMIT_EXCEEDED')
  await revokes(alice, first.inviteCode)
  const last = await invites(alice, id, { maxUses: 1 })
  expect(await refusal(invites(alice, id))).toBe('LIMIT_EXCEEDED')
  const bob = await world.person('bob')
  await joins(bob, { inviteCode: last.inviteCode })
  const used = await invites(alice, id)
  expect(await refusal(invites(alice, id))).toBe('LIMIT_EXCEEDED')
  await inDatabase(world, `update group_invite set expires_at = now() where code = $1`, [used.inviteCode])
  await invites(alice, id)
})

test('joining a full group is rejected with LIMIT_EXCEEDED and does not use up the invite', async () => {
  const [alice, bob, carol, dave, erin] = await world.people('alice', 'bob', 'carol', 'dave', 'erin')
  const { id } = await alice.creates('Team', [bob, carol, dave])
  const { inviteCode } = await invites(alice, id, { maxUses: 1 })
  expect(await refusal(joins(erin, { inviteCode }))).toBe('LIMIT_EXCEEDED')
  await dave.leaves(id)
  expect((await joins(erin, { inviteCode })).conversation).toMatchObject({ memberCount: 4 })
})
