import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { Refused, refusal, refusalOf } from '../world/client.ts'
import { eventually } from '../world/eventually.ts'
import { liveEqualsRefetch } from '../world/mirror.ts'
import { useWorld } from '../world/world.ts'
import { joins } from './verbs.ts'

const world = useWorld()

/** A group in slow mode with one member of each role. */
async function slowGroup(slowModeSeconds: number) {
  const [owner, admin, member] = await world.friends('owner', 'admin', 'member')
  const { id } = await owner.creates('Team', [admin, member], { joinPolicy: 'OPEN' })
  await owner.appoints(id, admin, 'ADMIN')
  await liveEqualsRefetch([owner, member], () => owner.changesGroup(id, { slowModeSeconds }))
  return { owner, admin, member, id }
}

test('a second message within the slow-mode time is rejected with RATE_LIMITED and retryAfterMs; an edit is not', async () => {
  const { member, id } = await slowGroup(60)
  const message = await member.sends(id, 'first')
  const refused = await refusalOf(member.sends(id, 'second'))
  expect(refused.code).toBe('RATE_LIMITED')
  expect(refused.extensions.retryAfterMs).toBeGreaterThan(30_000)
  expect(refused.extensions.retryAfterMs).toBeLessThanOrEqual(60_000)
  expect((await member.edits(message, 'edited')).plainText).toBe('edited')
})

test('a message after the slow-mode time is sent', async () => {
  const { member, id } = await slowGroup(1)
  const first = await member.sends(id, 'first')
  const second = await eventually(() => member.sends(id, 'second'))
  expect(Date.parse(second.sentAt) - Date.parse(first.sentAt)).toBeGreaterThanOrEqual(1_000)
})

test('slow mode does not apply to owner and admins', async () => {
  const { owner, admin, id } = await slowGroup(60)
  for (const person of [owner, admin]) for (const text of ['one', 'two']) await person.sends(id, text)
})

test('of concurrent sends of one member in slow mode, one succeeds', async () => {
  const { owner, member, id } = await slowGroup(60)
  // The other sends queue up while these are written.
  const before = Array.from({ length: 5 }, (_, index) => owner.sends(id, `${index}`))
  const attempts = Array.from({ length: 20 }, (_, index) => member.sends(id, `${index}`))
  const outcomes = await Promise.allSettled(attempts)
  await Promise.all(before)
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  for (const outcome of outcomes) {
    if (outcome.status === 'fulfilled') continue
    expect(outcome.reason).toBeInstanceOf(Refused)
    expect(outcome.reason).toMatchObject({ code: 'RATE_LIMITED' })
    expect(outcome.reason.extensions.retryAfterMs).toBeGreaterThan(0)
  }
})

test('a retry with the same clientMessageId is not slowed down', async () => {
  const { member, id } = await slowGroup(60)
  const key = { clientMessageId: randomUUID() }
  const message = await member.sends(id, 'once', key)
  expect((await member.sends(id, 'once', key)).id).toBe(message.id)
})

test('slow mode counts from the last message, also one from before it was enabled, and per group', async () => {
  const { owner, member, id } = await slowGroup(0)
  const other = await owner.creates('Other', [member])
  for (const text of ['one', 'two']) await member.sends(id, text)
  await owner.changesGroup(id, { slowModeSeconds: 60 })
  expect(await refusal(member.sends(id, 'three'))).toBe('RATE_LIMITED')
  await member.sends(other.id, 'elsewhere')
  await owner.changesGroup(id, { slowModeSeconds: 0 })
  await member.sends(id, 'three')
})

test('leaving and joining again does not shorten the slow-mode wait', async () => {
  const { member, id } = await slowGroup(60)
  await member.sends(id, 'first')
  await member.leaves(id)
  await joins(member, { groupId: id })
  expect(await refusal(member.sends(id, 'second'))).toBe('RATE_LIMITED')
})

test('a rejected message does not start the slow-mode wait', async () => {
  const { owner, member, id } = await slowGroup(60)
  await owner.changesGroup(id, { mutedAll: true })
  expect(await refusal(member.sends(id, 'muted'))).toBe('MUTED')
  await owner.changesGroup(id, { mutedAll: false })
  await member.sends(id, 'first')
})
