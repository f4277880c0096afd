import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { inDatabase } from '../../auth/verbs.ts'
import { rewrites } from '../../message/verbs.ts'
import { Acknowledge } from '../../world/operations.ts'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { createGatewayServer } from '../servers/gateway.ts'
import {
  attempts,
  changesNotificationSettings,
  registersDevice,
  setsQuietHours,
  unprocessedMarks,
} from '../verbs.ts'

const gateway = await createGatewayServer()
afterAll(() => gateway.close())
const world = useWorld({ ...gateway.env, LIMIT_PUSH_DELAY_MS: '0', LIMIT_INLINE_GROUP_SIZE: '3' })

async function phone(person: Person): Promise<string> {
  const token = randomUUID()
  await registersDevice(person, 'WEBHOOK', token)
  return token
}

const bodies = (token: string) => gateway.notificationsFor(token).map(({ body }) => body)

const rows = <Row extends object>(statement: string, params: unknown[] = []) =>
  inDatabase<Row>(world, statement, params)

/** The statuses of the queued and finished attempts for a user's message, oldest first. */
const states = (person: Person, { seq }: { seq: number }) =>
  rows<{ state: string }>(
    `select purpose || ' ' || status as state from push_attempt
     where user_id = $1 and from_seq <= $2 and to_seq >= $2 order by at, id`,
    [person.id, seq],
  ).then((found) => found.map(({ state }) => state))

const become = (person: Person, message: { seq: number }, expected: string[]) =>
  vi.waitFor(async () => expect(await states(person, message)).toEqual(expected), 10_000)

/** Waits until push has processed everything and no notification is queued for the person. */
const isIdle = (person: Person) =>
  vi.waitFor(async () => {
    expect(await rows(unprocessedMarks)).toEqual([])
    expect(
      await rows(`select from push_attempt where status = 'QUEUED' and user_id = $1`, [person.id]),
    ).toEqual([])
  }, 10_000)

/** Makes the queued notifications of the person due. */
const makeDue = ({ id }: Person) =>
  rows(`update push_attempt set due_at = now() where status = 'QUEUED' and user_id = $1`, [id])

const endQuietHours = (person: Person) =>
  changesNotificationSettings(person, { quietFrom: null, quietTo: null })

const mentionOf = ({ id, handle }: Person) => ({ mention: { userId: id, displayText: `@${handle}` } })
const mentions = (person: Person) => ({ richText: { parts: [mentionOf(person)] } })
const mentionsAll = { richText: { parts: [{ mentionAll: { displayText: '@all' } }] } }

describe.each([
  ['an INLINE', 2, 'alice: dinner'],
  ['a SIGNAL', 3, null],
] as const)('a mention that an edit adds in %s group', (_mode, others, pushed) => {
  /** Bob is a member of a group with a message of alice, of which no more notifications will be sent. */
  async function group() {
    const [alice, bob, carol, dave] = await world.friends('alice', 'bob', 'carol', 'dave')
    const [bobs, carols] = [await phone(bob), await phone(carol)]
    const { id } = await alice.creates('Kitchen', [bob, carol, dave].slice(0, others))
    const message = await alice.sends(id, 'dinner')
    if (pushed) for (const token of [bobs, carols]) await gateway.getsFor(token)
    await isIdle(bob)
    return { id, alice, bob, carol, bobs, carols, message, before: pushed ? [pushed] : [] }
  }

  test('is pushed once to the mentioned member, not again after further edits', async () => {
    const { id, alice, bob, bobs, carols, message, before } = await group()
    await rewrites(alice, message, [{ text: 'dinner ' }, mentionOf(bob)])
    const text = `alice mentioned you: dinner @${bob.handle}`
    const sent = await gateway.getsFor(bobs, before.length + 1)
    expect(sent.at(-1)).toMatchObject({ body: text, tag: id, silent: false, messageId: message.id })
    await isIdle(bob)
    expect((await attempts(alice, message)).at(-1)).toMatchObject({ purpose: 'MESSAGE', status: 'SENT' })

    await rewrites(alice, message, [{ text: 'Dinner! ' }, mentionOf(bob)])
    await isIdle(bob)
    await rewrites(alice, message, [{ text: 'Dinner!' }])
    await isIdle(bob)
    await rewrites(alice, message, [{ text: 'Dinner! ' }, mentionOf(bob)])
    await isIdle(bob)
    expect(bodies(bobs)).toEqual([...before, text])
    expect(bodies(carols)).toEqual(before)
  })

  test('is not pushed after its member has read the message', async () => {
    const { id, alice, bob, bobs, message, before } = await group()
    await bob.reads(id, message.seq)
    await rewrites(alice, message, [mentionOf(bob)])
    await isIdle(bob)
    expect(bodies(bobs)).toEqual(before)
  })

  test('is not pushed to a member who has blocked the sender', async () => {
    const { alice, bob, bobs, message, before } = await group()
    await rows(`insert into block (blocker_id, blocked_id) values ($1, $2)`, [bob.id, alice.id])
    await rewrites(alice, message, [mentionOf(bob)])
    await isIdle(bob)
    expect(bodies(bobs)).toEqual(before)
  })

  test('is not pushed if a device has acknowledged the edit', async () => {
    const { alice, bob, bobs, message, before } = await group()
    const desk = await bob.onAnotherDevice()
    await setsQuietHours(bob)
    await rewrites(alice, message, [mentionOf(bob)])
    await vi.waitFor(async () => expect(await states(bob, message)).toContain('MENTION QUEUED'), 10_000)
    await desk.do(Acknowledge, { cursor: await desk.syncCursor() })
    await endQuietHours(bob)
    await vi.waitFor(async () => expect(await states(bob, message)).toContain('MENTION SUPPRESSED'), 10_000)
    expect(bodies(bobs)).toEqual(before)
  })

  test('of all members is not pushed', async () => {
    const { alice, bob, bobs, message, before } = await group()
    await rewrites(alice, message, mentionsAll.richText.parts)
    await isIdle(bob)
    expect(bodies(bobs)).toEqual(before)
  })
})

test('a mention that an edit adds before its message was pushed is pushed with the message', async () => {
  const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
  const token = await phone(bob)
  const { id } = await alice.creates('Kitchen', [bob, carol])
  await setsQuietHours(bob)
  const message = await alice.sends(id, 'dinner')
  await become(bob, message, ['MESSAGE QUEUED'])
  await rewrites(alice, message, [mentionOf(bob)])
  await become(bob, message, ['MESSAGE QUEUED', 'MENTION QUEUED'])
  await endQuietHours(bob)
  await gateway.getsFor(token)
  await vi.waitFor(async () => {
    await makeDue(bob)
    expect((await states(bob, message)).toSorted()).toEqual(['MENTION SUPPRESSED', 'MESSAGE SENT'])
  }, 10_000)
  expect(bodies(token)).toEqual([`alice mentioned you: @${bob.handle}`])
})

describe('a muted group', () => {
  async function muted(name: string, size = 2) {
    const [alice, bob, carol, dave] = await world.friends('alice', 'bob', 'carol', 'dave')
    const token = await phone(bob)
    const { id } = await alice.creates(name, [bob, carol, dave].slice(0, size))
    await bob.changesView(id, { doNotDisturb: true })
    return { id, alice, bob, carol, token }
  }

  test('pushes mentions of the member and replies to the member, but nothing else', async () => {
    const { id, alice, bob, carol, token } = await muted('Kitchen')
    const own = await bob.sends(id, 'who cooks?')
    const other = await carol.sends(id, 'not me')
    await become(bob, other, ['MESSAGE SUPPRESSED'])
    await become(bob, await alice.sends(id, 'nor me', { quoteSeq: other.seq }), ['MESSAGE SUPPRESSED'])
    await become(bob, await alice.sendsContent(id, mentionsAll), ['MESSAGE SUPPRESSED'])
    await become(bob, await alice.sendsContent(id, mentions(carol)), ['MESSAGE SUPPRESSED'])
    expect(bodies(token)).toEqual([])

    await become(bob, await alice.sends(id, 'you do', { quoteSeq: own.seq }), ['MESSAGE SENT'])
    await become(bob, await alice.sendsContent(id, mentions(bob)), ['MESSAGE SENT'])
    expect(bodies(token)).toEqual(['alice: you do', `alice mentioned you: @${bob.handle}`])
  })

  test('with SIGNAL delivery pushes mentions of the member, but not of all', async () => {
    const { id, alice, bob, token } = await muted('Town', 3)
    await become(bob, await alice.sendsContent(id, mentionsAll), ['MESSAGE SUPPRESSED'])
    await become(bob, await alice.sendsContent(id, mentions(bob)), ['MESSAGE SENT'])
    expect(bodies(token)).toEqual([`alice mentioned you: @${bob.handle}`])
  })

  test('pushes a mention that an edit adds', async () => {
    const { id, alice, bob, token } = await muted('Kitchen')
    const message = await alice.sends(id, 'dinner')
    await become(bob, message, ['MESSAGE SUPPRESSED'])
    await rewrites(alice, message, [mentionOf(bob)])
    await become(bob, message, ['MESSAGE SUPPRESSED', 'MENTION SENT'])
    expect(bodies(token)).toEqual([`alice mentioned you: @${bob.handle}`])
  })

  test('pushes a mention after quiet hours, even if later messages are muted', async () => {
    const { id, alice, bob, token } = await muted('Kitchen')
    await setsQuietHours(bob)
    const message = await alice.sendsContent(id, mentions(bob))
    await become(bob, message, ['MESSAGE QUEUED'])
    const later = await alice.sends(id, 'good night')
    await become(bob, later, ['MESSAGE QUEUED'])
    await expect.poll(() => rows(unprocessedMarks)).toEqual([])
    expect(bodies(token)).toEqual([])
    await endQuietHours(bob)
    await become(bob, message, ['MESSAGE SENT'])
    expect(bodies(token)).toEqual([`alice mentioned you: @${bob.handle}`])
  })

  test('shows no muted message in place of a recalled mention', async () => {
    const { id, alice, bob, token } = await muted('Kitchen')
    await become(bob, await alice.sends(id, 'muted'), ['MESSAGE SUPPRESSED'])
    const message = await alice.sendsContent(id, mentions(bob))
    await become(bob, message, ['MESSAGE SENT'])
    await alice.recalls(message)
    const [, correction] = await gateway.getsFor(token, 2)
    expect(correction).toMatchObject({ body: 'A message was recalled', silent: true, messageId: null })
  })
})

test('a muted direct conversation pushes neither mentions nor replies', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const token = await phone(bob)
  const { id } = await alice.opens(bob)
  await bob.changesView(id, { doNotDisturb: true })
  const own = await bob.sends(id, 'dinner?')
  await become(bob, await alice.sends(id, 'later', { quoteSeq: own.seq }), ['MESSAGE SUPPRESSED'])
  await become(bob, await alice.sendsContent(id, mentions(bob)), ['MESSAGE SUPPRESSED'])
  expect(bodies(token)).toEqual([])
})
