import { describe, expect, test } from 'vitest'
import { refusal, refusalOf } from '../world/client.ts'
import { liveEqualsRefetch } from '../world/mirror.ts'
import type { Person } from '../world/person.ts'
import {
  auditOf,
  isModerator,
  reportOf,
  reportsMessage,
  reportsOf,
  reportsPage,
  resolves,
  useModeratedWorld,
} from './verbs.ts'

type Sent = Awaited<ReturnType<Person['sends']>>

const { world, molly, max } = useModeratedWorld()

test('only users named in ADMIN_HANDLES are moderators', async () => {
  const alice = await world.person('alice')
  expect(await Promise.all([molly(), max(), alice].map(isModerator))).toEqual([true, true, false])
})

describe('a report', () => {
  test('shows moderators the message only, without access to its conversation', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const { id } = await alice.opens(bob)
    const asked = await bob.sends(id, 'what do you sell?')
    const message = await alice.sends(id, 'cheap watches', { quoteSeq: asked.seq })
    expect(
      await liveEqualsRefetch([alice, bob], () => reportsMessage(bob, message, 'SPAM', ' again and again ')),
    ).toEqual({ id: message.id })

    expect(await reportOf(molly(), message)).toMatchObject({
      message: {
        id: message.id,
        plainText: 'cheap watches',
        sender: { id: alice.id },
        senderName: 'alice',
        quoteSeq: asked.seq,
        quote: null,
        readerCount: null,
        readBy: { edges: [] },
        revisions: [],
      },
      reportedText: 'cheap watches',
      reporter: { id: bob.id },
      reason: 'SPAM',
      note: 'again and again',
      status: 'OPEN',
      outcome: null,
      resolvedBy: null,
      resolvedAt: null,
    })
    // The message is readable through the report only.
    expect(await molly().message(message.id)).toBeNull()
    expect(await molly().conversation(id)).toBeNull()
  })

  test('is stored once per reporter and message; the first one stays', async () => {
    const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
    const { id } = await alice.creates('noisy', [bob, carol])
    const message = await alice.sends(id, 'noise')
    await Promise.all([1, 2, 3].map(() => reportsMessage(bob, message, 'ABUSE', 'first')))
    expect(await reportsMessage(bob, message, 'OTHER', 'second')).toEqual({ id: message.id })
    await reportsMessage(carol, message, 'SPAM')
    const reports = await reportsOf(molly(), message)
    expect(reports.map(({ reporter, reason }) => [reporter?.id, reason])).toEqual([
      [carol.id, 'SPAM'],
      [bob.id, 'ABUSE'],
    ])
  })

  test('of an unreadable message is rejected with NOT_FOUND, of the own or a system message with FORBIDDEN', async () => {
    const [alice, bob, carol, dave] = await world.people('alice', 'bob', 'carol', 'dave')
    const { id } = await alice.creates('closed', [bob, carol], { historyVisibility: 'SINCE_JOINED' })
    const message = await alice.sends(id, 'words')
    const [created] = (await alice.history(id)) ?? []
    await alice.removes(id, carol)
    await alice.adds(id, dave)

    for (const outsider of [carol, dave, molly()])
      expect(await refusal(reportsMessage(outsider, message))).toBe('NOT_FOUND')
    expect(await refusal(reportsMessage(bob, { id: 'no message' }))).toBe('NOT_FOUND')
    expect(await refusal(reportsMessage(alice, message))).toBe('FORBIDDEN')
    expect(created?.content.__typename).toBe('SystemContent')
    expect(await refusal(reportsMessage(bob, created ?? { id: '' }))).toBe('FORBIDDEN')
    expect(await reportsMessage(bob, message)).toEqual({ id: message.id })
    expect(await reportsOf(molly(), message)).toHaveLength(1)
  })

  test('with a note of 1,000 characters is accepted, with 1,001 rejected', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const message = await alice.sends((await alice.opens(bob)).id, 'words')
    expect(await refusal(reportsMessage(bob, message, 'OTHER', '字'.repeat(1001)))).toBe('INVALID_INPUT')
    expect(await reportsMessage(bob, message, 'OTHER', '字'.repeat(1000))).toEqual({ id: message.id })
  })

  test('keeps the reported text after an edit, and nothing after a recall', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const message = await alice.sends((await alice.opens(bob)).id, 'an insult')
    await reportsMessage(bob, message)
    await alice.edits(message, 'a compliment')
    expect(await reportOf(molly(), message)).toMatchObject({
      message: { plainText: 'a compliment' },
      reportedText: 'an insult',
    })
    await alice.recalls(message)
    const report = await reportOf(molly(), message)
    expect(report).toMatchObject({ reportedText: null, message: { recalledBy: { id: alice.id } } })
    expect(JSON.stringify(report)).not.toMatch(/insult|compliment/)

    // A recalled message can still be reported.
    const another = await alice.sends(message.conversationId, 'another insult')
    await alice.recalls(another)
    expect(await reportsMessage(bob, another)).toEqual({ id: another.id })
    expect(await reportOf(molly(), another)).toMatchObject({ reportedText: null })
  })

  test('is listed by status, newest first, in pages', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const { id } = await alice.opens(bob)
    const messages = [
      await alice.sends(id, 'one'),
      await alice.sends(id, 'two'),
      await alice.sends(id, 'three'),
    ]
    for (const message of messages) await reportsMessage(bob, message)
    const one = await reportsPage(molly(), { first: 2 })
    const two = await reportsPage(molly(), { first: 1, after: one.pageInfo.endCursor ?? null })
    const texts = [...one.edges, ...two.edges].map(({ node }) => node.reportedText)
    expect(texts).toEqual(['three', 'two', 'one'])
    expect(one.pageInfo.hasNextPage).toBe(true)
    expect(await refusal(reportsPage(molly(), { after: 'nonsense' }))).toBe('INVALID_INPUT')
  })
})

describe('with LIMIT_REPORTS_PER_HOUR of 3', () => {
  const { world: strict } = useModeratedWorld({ LIMIT_REPORTS_PER_HOUR: '3' })

  test('a fourth report is rejected with RATE_LIMITED, and repeated reports do not count', async () => {
    const [alice, bob, carol] = await strict.people('alice', 'bob', 'carol')
    const { id } = await alice.creates('noisy', [bob, carol])
    const messages = []
    for (const text of ['one', 'two', 'three', 'four']) messages.push(await alice.sends(id, text))
    const [one, two, three, four] = messages as [Sent, Sent, Sent, Sent]
    for (const message of [one, two, three, one, one]) await reportsMessage(bob, message)
    const refused = await refusalOf(reportsMessage(bob, four))
    expect([refused.code, Number(refused.extensions.retryAfterMs) > 0]).toEqual(['RATE_LIMITED', true])
    expect(await reportsMessage(carol, four)).toEqual({ id: four.id })
  })
})

describe('resolveReport', () => {
  const reported = async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const { id } = await alice.opens(bob)
    const message = await alice.sends(id, 'an insult')
    await reportsMessage(bob, message)
    return { alice, bob, message, report: await reportOf(molly(), message) }
  }

  test('with DISMISSED changes only the report', async () => {
    const { alice, bob, message, report } = await reported()
    const resolved = await liveEqualsRefetch([alice, bob], () =>
      resolves(molly(), report, 'DISMISSED', 'A joke among friends.'),
    )
    expect(resolved).toMatchObject({
      id: report.id,
      status: 'RESOLVED',
      outcome: 'DISMISSED',
      resolvedBy: { id: molly().id },
      resolvedAt: expect.any(String),
      reportedText: 'an insult',
    })
    expect(await reportsOf(max(), message)).toEqual([])
    expect(await reportOf(max(), message, 'RESOLVED')).toEqual(resolved)
    expect((await bob.message(message.id))?.plainText).toBe('an insult')
    expect(await auditOf(max(), report)).toMatchObject([
      {
        actor: { id: molly().id },
        action: 'REPORT_RESOLVED',
        detail: { messageId: message.id, outcome: 'DISMISSED', note: 'A joke among friends.' },
      },
    ])
  })

  test('with MESSAGE_RECALLED recalls the message', async () => {
    const { alice, bob, message, report } = await reported()
    const resolved = await liveEqualsRefetch([alice, bob], () =>
      resolves(molly(), report, 'MESSAGE_RECALLED'),
    )
    expect(resolved).toMatchObject({
      outcome: 'MESSAGE_RECALLED',
      reportedText: null,
      message: { recalledBy: { id: molly().id } },
    })
    expect((await bob.message(message.id))?.content).toEqual({
      __typename: 'RecalledContent',
      recalledBy: { id: molly().id },
    })
    expect((await auditOf(max(), message)).map(({ action }) => action)).toEqual(['MESSAGE_RECALLED'])
    expect(await auditOf(max(), report)).toHaveLength(1)
  })

  test('with MESSAGE_RECALLED accepts a message that its sender has recalled', async () => {
    const { alice, message, report } = await reported()
    await alice.recalls(message)
    expect(await resolves(molly(), report, 'MESSAGE_RECALLED')).toMatchObject({
      status: 'RESOLVED',
      message: { recalledBy: { id: alice.id } },
    })
    expect(await auditOf(max(), message)).toEqual([])
  })

  test('succeeds for one of concurrent calls, and CONFLICT for the others', async () => {
    const { report } = await reported()
    const outcomes = await Promise.allSettled([
      resolves(molly(), report, 'DISMISSED'),
      resolves(max(), report, 'MESSAGE_RECALLED'),
      resolves(max(), report, 'USER_SUSPENDED'),
    ])
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await refusal(resolves(molly(), report, 'DISMISSED'))).toBe('CONFLICT')
    expect(await auditOf(max(), report)).toHaveLength(1)
    expect(await refusal(resolves(molly(), { id: 'no report' }, 'DISMISSED'))).toBe('NOT_FOUND')
  })

  test('accepts a note of 500 characters and rejects 501', async () => {
    const { report } = await reported()
    expect(await refusal(resolves(molly(), report, 'DISMISSED', '字'.repeat(501)))).toBe('INVALID_INPUT')
    expect((await resolves(molly(), report, 'DISMISSED', '字'.repeat(500))).status).toBe('RESOLVED')
  })

  test('is rejected with FORBIDDEN except for moderators', async () => {
    const { alice, bob, report } = await reported()
    for (const person of [alice, bob]) {
      expect(await refusal(resolves(person, report, 'DISMISSED'))).toBe('FORBIDDEN')
      expect(await refusal(reportsPage(person))).toBe('FORBIDDEN')
    }
    expect(await resolves(max(), report, 'DISMISSED')).toMatchObject({ status: 'RESOLVED' })
  })
})
