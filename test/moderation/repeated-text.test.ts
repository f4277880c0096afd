import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { inDatabase } from '../auth/verbs.ts'
import { forwards } from '../message/content/verbs.ts'
import { refusalOf } from '../world/client.ts'
import { eventually } from '../world/eventually.ts'
import { liveEqualsRefetch } from '../world/mirror.ts'
import type { Person } from '../world/person.ts'
import { auditOf, reportsPage, resolves, useModeratedWorld } from './verbs.ts'

const most = { LIMIT_SAME_TEXT_CONVERSATIONS: '3' }
const { world, molly } = useModeratedWorld({ ...most, LIMIT_SAME_TEXT_PAUSE_SECONDS: '60' })
/** A pause short enough for a test to wait for. */
const quick = useModeratedWorld({ ...most, LIMIT_SAME_TEXT_PAUSE_SECONDS: '1' })

const text = 'Buy now, it is cheap!'

/** A person with many conversations. */
async function seller(where = world) {
  const person = await where.person('sally')
  const names = Array.from({ length: 8 }, (_, number) => `group ${number}`)
  const groups = await Promise.all(names.map((name) => person.creates(name, [])))
  return { person, to: (place: number) => groups[place]?.id ?? '' }
}

/** Automatic reports of the messages of a person. */
const reportsAbout = async ({ id }: Person, moderator = molly()) =>
  (await reportsPage(moderator, { first: 100 })).edges
    .map(({ node }) => node)
    .filter(({ message, automatic }) => automatic && message.sender?.id === id)

const waitOf = async (promise: Promise<unknown>) => {
  const { code, extensions } = await refusalOf(promise)
  expect(code).toBe('RATE_LIMITED')
  return Number(extensions.retryAfterMs)
}

/** The same, or 0 when the send succeeds because the pause is already over. */
const waitIfAny = (promise: Promise<unknown>) =>
  promise.then(
    () => 0,
    () => waitOf(promise),
  )

/** Sends the text, after `retryAfterMs` if it is rejected at first. */
async function sendsEventually(person: Person, conversationId: string) {
  const sending = person.sends(conversationId, text)
  const wait = await waitIfAny(sending)
  if (wait === 0) return sending
  await pause(wait)
  return person.sends(conversationId, text)
}

describe('the same text to many conversations', () => {
  test('is reported once in the name of the server, invisibly for its sender', async () => {
    const { world, molly } = quick
    const { person, to } = await seller(world)
    const reports = () => reportsAbout(person, molly())
    for (const place of [0, 1, 2]) await person.sends(to(place), text)
    const fourth = await liveEqualsRefetch([person], () => person.sends(to(3), text))
    await eventually(async () => expect(await reports()).toHaveLength(1))
    const [report] = await reports()
    expect(report).toMatchObject({
      message: { id: fourth.id, plainText: text },
      reportedText: text,
      reporter: null,
      reason: 'SPAM',
      note: 'The same text went to 4 conversations within minutes.',
      status: 'OPEN',
    })
    // A longer burst is still one report.
    await inDatabase(world, `update report set created_at = now() - interval '11 minutes' where id = $1`, [
      report?.id,
    ])
    await sendsEventually(person, to(4))
    expect(await auditOf(molly(), person)).toMatchObject([
      { action: 'REPEATED_TEXT', actor: null, detail: { conversations: 4, messageId: fourth.id } },
    ])
    expect(await reports()).toHaveLength(1)

    await person.recalls(fourth)
    expect(await reports()).toMatchObject([{ reportedText: null }])
    expect(await resolves(molly(), report as never, 'USER_SUSPENDED')).toMatchObject({ status: 'RESOLVED' })
    expect((await refusalOf(person.me())).code).toBe('UNAUTHENTICATED')
  })

  test('up to LIMIT_SAME_TEXT_CONVERSATIONS is neither slowed down nor reported, nor are different texts', async () => {
    const { person, to } = await seller()
    for (const place of [0, 1, 2, 0, 1, 2]) await person.sends(to(place), text)
    for (const place of [3, 4, 5]) await person.sends(to(place), `Good morning, number ${place}`)
    expect(await reportsAbout(person)).toEqual([])
    expect(await auditOf(molly(), person)).toEqual([])
  })

  test('is rejected for twice as long each time', async () => {
    const { person, to } = await seller(quick.world)
    for (const place of [0, 1, 2]) await person.sends(to(place), text)
    let since = performance.now()
    await person.sends(to(3), text)
    for (const [place, pauseMs] of [
      [4, 1_000],
      [5, 2_000],
      [6, 4_000],
    ] as const) {
      let asked = performance.now()
      const wait = await waitIfAny(person.sends(to(place), text))
      // The rest of the pause; together with the time since, at least the whole pause.
      expect(wait).toBeLessThanOrEqual(pauseMs)
      expect(performance.now() - since + wait).toBeGreaterThanOrEqual(pauseMs)
      if (wait > 0 && place < 6) {
        await pause(wait)
        asked = performance.now()
        await person.sends(to(place), text)
      }
      since = asked
    }
    await person.sends(to(6), 'Something else altogether')
  })

  test.each([
    ['case', text.toUpperCase()],
    ['spaces', '  Buy   now ,\nit is  cheap !'],
    ['non-ASCII space', text.replaceAll(' ', '\u00a0')],
    ['number of invisible characters', [...text].join('\u200b')],
    ['width of its letters', 'Ｂｕｙ now, it is cheap!'],
  ])('is the same with another %s', async (_what, alike) => {
    const { person, to } = await seller()
    const texts = [text, alike, text, alike]
    for (const [place, each] of texts.entries()) await person.sends(to(place), each)
    expect(await waitOf(person.sends(to(4), alike))).toBeGreaterThan(0)
    await eventually(async () => expect(await reportsAbout(person)).toHaveLength(1))
  })

  test('is the same text with other mentions', async () => {
    const { person, to } = await seller()
    const addressed = (place: number) =>
      person.sendsContent(to(place), {
        richText: {
          parts: [{ mention: { userId: person.id, displayText: `@friend ${place}` } }, { text }],
        },
      })
    for (const place of [0, 1, 2, 3]) await addressed(place)
    expect(await waitOf(addressed(4))).toBeGreaterThan(0)
    await waitOf(person.sends(to(5), text))
  })

  test('is detected in edits', async () => {
    const { person, to } = await seller()
    const sent = await Promise.all(
      [0, 1, 2, 3, 4].map((place) => person.sends(to(place), `Good morning, number ${place}`)),
    )
    const edits = (place: number) => person.edits({ id: sent[place]?.id ?? '' }, text)
    for (const place of [0, 1, 2]) await edits(place)
    expect(await reportsAbout(person)).toEqual([])
    const fourth = await edits(3)
    expect(await waitOf(edits(4))).toBeGreaterThan(0)
    await eventually(async () =>
      expect(await reportsAbout(person)).toMatchObject([{ message: { id: fourth.id }, reportedText: text }]),
    )
  })

  test('is detected in forwards, and the copy is reported', async () => {
    const { person, to } = await seller()
    const sent = await person.sends(to(0), text)
    const forwardTo = (place: number) => forwards(person, [sent], [{ id: to(place) }], 'SEPARATE')
    for (const place of [1, 2]) await forwardTo(place)
    const [copy] = await forwardTo(3)
    await eventually(async () =>
      expect(await reportsAbout(person)).toMatchObject([{ message: { id: copy?.id } }]),
    )
    await waitOf(forwardTo(4))
  })

  test('is reported again in another burst', async () => {
    const { person, to } = await seller()
    const spreads = async (words: string) => {
      for (const place of [0, 1, 2, 3]) await person.sends(to(place), words)
    }
    await spreads(text)
    await eventually(async () => expect(await reportsAbout(person)).toHaveLength(1))
    const [report] = await reportsAbout(person)
    await inDatabase(world, `update report set created_at = now() - interval '11 minutes' where id = $1`, [
      report?.id,
    ])
    await spreads('Or of my umbrellas?')
    await eventually(async () => expect(await reportsAbout(person)).toHaveLength(2))
    // Bursts of different texts within ten minutes make one report.
    await spreads('Have you seen my watches?')
    await spreads('Or of my scarves?')
    const texts = (await reportsAbout(person)).map(({ reportedText }) => reportedText)
    expect(texts).toEqual(['Or of my umbrellas?', text])
  })

  test('is not reported when the message is not stored', async () => {
    const { world, molly } = quick
    const { person, to } = await seller(world)
    for (const place of [0, 1, 2]) await person.sends(to(place), text)
    expect((await refusalOf(person.sends('no such conversation', text))).code).toBe('NOT_FOUND')
    expect(await reportsAbout(person, molly())).toEqual([])
    const stored = await sendsEventually(person, to(3))
    await eventually(async () =>
      expect(await reportsAbout(person, molly())).toMatchObject([{ message: { id: stored.id } }]),
    )
  })
})
