import { expect, test } from 'vitest'
import { countsAlone } from '../../setup/generous-limits.ts'
import { refusalOf } from '../../world/client.ts'
import { useWorld } from '../../world/world.ts'
import { invites, joins } from '../verbs.ts'

const world = useWorld({ ...countsAlone, LIMIT_INVITES_PER_HOUR: '3', LIMIT_JOIN_REQUESTS_PER_HOUR: '3' })

test('invites per hour are limited per user', async () => {
  const [alice, bob] = await world.people('alice', 'bob')
  const { id } = await alice.creates('Team', [bob])
  await alice.appoints(id, bob, 'ADMIN')
  for (let count = 0; count < 3; count += 1) await invites(alice, id)
  const refused = await refusalOf(invites(alice, id))
  expect(refused.code).toBe('RATE_LIMITED')
  expect(refused.extensions.retryAfterMs).toBeGreaterThan(0)
  await invites(bob, id)
})

test('joinGroup calls per hour are limited per user, including unknown codes', async () => {
  const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
  const { id } = await alice.creates('Team', [], { joinPolicy: 'OPEN' })
  for (let time = 0; time < 5; time += 1) await joins(alice, { groupId: id })
  await joins(bob, { groupId: id })
  for (const inviteCode of ['a guess', 'another'])
    expect((await refusalOf(joins(bob, { inviteCode }))).code).toBe('NOT_FOUND')
  expect((await refusalOf(joins(bob, { inviteCode: 'a third' }))).code).toBe('RATE_LIMITED')
  expect((await joins(bob, { groupId: id })).conversation?.id).toBe(id)
  await joins(carol, { groupId: id })
})
