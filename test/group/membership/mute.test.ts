import { expect, test } from 'vitest'
import { inDatabase } from '../../auth/verbs.ts'
import { refusal, refusalOf } from '../../world/client.ts'
import { eventually } from '../../world/eventually.ts'
import { liveEqualsRefetch } from '../../world/mirror.ts'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { mutes, transfers } from '../verbs.ts'

const world = useWorld()

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString()

/** A group with an owner, an admin and two members. */
async function groupWithRoles() {
  const [owner, admin, member, other] = await world.friends('owner', 'admin', 'member', 'other')
  const { id } = await owner.creates('Team', [admin, member, other])
  await owner.appoints(id, admin, 'ADMIN')
  return { owner, admin, member, other, id }
}

/** Sets a mute to end in a second, by the clock of the database, and returns that time. */
async function endsInASecond(groupId: string, member: Person): Promise<Date> {
  const [mute] = await inDatabase<{ until: Date }>(
    world,
    `update membership set muted_until = clock_timestamp() + interval '1 second'
     where conversation_id = $1 and user_id = $2 returning muted_until as until`,
    [groupId, member.id],
  )
  if (!mute) throw new Error('The person is not a member.')
  return mute.until
}

test('a muted member can neither send nor edit until the mute ends or is lifted', async () => {
  const { admin, member, other, id } = await groupWithRoles()
  const message = await member.sends(id, 'before')
  const until = inSeconds(3_600)
  const muted = await liveEqualsRefetch([admin, member, other], () => mutes(admin, id, member, until))
  expect(muted.mutedUntil).toBe(until)
  const refused = await refusalOf(member.sends(id, 'hello'))
  expect(refused).toMatchObject({ code: 'MUTED', extensions: { until } })
  expect(await refusal(member.edits(message, 'edited'))).toBe('MUTED')
  await other.sends(id, 'not muted')

  const lifted = await liveEqualsRefetch([member, other], () => mutes(admin, id, member, null))
  expect(lifted.mutedUntil).toBeNull()
  await member.sends(id, 'again')

  await mutes(admin, id, member, until)
  const end = await endsInASecond(id, member)
  const { sentAt } = await eventually(() => member.sends(id, 'in time'))
  expect(Date.parse(sentAt)).toBeGreaterThanOrEqual(end.getTime())
  expect((await member.conversation(id))?.membership.mutedUntil).toBeNull()
})

test('a mute is delivered to the muted member and to the others', async () => {
  const { owner, member, other, id } = await groupWithRoles()
  const [mine, theirs] = [await member.listens(), await other.listens()]
  const until = inSeconds(60)
  await mutes(owner, id, member, until)
  await mine.sees('ConversationChanged', ({ conversation }) => conversation.membership.mutedUntil === until)
  await theirs.sees('ConversationChanged', ({ conversation }) => conversation.id === id)
})

test('the owner mutes any member, admins mute members of role MEMBER, and none themselves', async () => {
  const { owner, admin, member, other, id } = await groupWithRoles()
  const stranger = await world.person('stranger')
  const until = inSeconds(60)
  expect(await refusal(mutes(member, id, other, until))).toBe('FORBIDDEN')
  expect(await refusal(mutes(admin, id, owner, until))).toBe('FORBIDDEN')
  expect(await refusal(mutes(admin, id, admin, until))).toBe('INVALID_INPUT')
  expect(await refusal(mutes(owner, id, owner, until))).toBe('INVALID_INPUT')
  expect(await refusal(mutes(owner, id, stranger, until))).toBe('NOT_FOUND')
  expect(await refusal(mutes(stranger, id, member, until))).toBe('NOT_FOUND')
  await owner.appoints(id, other, 'ADMIN')
  expect(await refusal(mutes(admin, id, other, until))).toBe('FORBIDDEN')
  await mutes(owner, id, admin, until)
  expect(await refusal(admin.sends(id, 'hello'))).toBe('MUTED')
  await mutes(owner, id, admin, null)
  await mutes(admin, id, member, until)
})

test('a mute that ends in the past is rejected with INVALID_INPUT', async () => {
  const { owner, member, id } = await groupWithRoles()
  expect(await refusal(mutes(owner, id, member, inSeconds(-1)))).toBe('INVALID_INPUT')
  await member.sends(id, 'not muted')
  expect((await mutes(owner, id, member, null)).mutedUntil).toBeNull()
})

test('transferring a group to a muted member lifts the mute', async () => {
  const { owner, admin, id } = await groupWithRoles()
  await mutes(owner, id, admin, inSeconds(3_600))
  await transfers(owner, id, admin)
  await admin.sends(id, 'mine now')
})
