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
/** Where one can wait until a text may go on. */
const quick = useModeratedWorld({ ...most, LIMIT_SAME_TEXT_PAUSE_SECONDS: '1' })

const text = 'Buy now, it is cheap!'

/** Somebody with many conversations. */
async function seller(where = world) {
  const person = await where.person('sally')
  const names = Array.from({ length: 8 }, (_, number) => `group ${number}`)
  const groups = await Promise.all(names.map((name) => person.creates(name, [])))
  return { person, to: (place: number) => groups[place]?.id ?? '' }
}

/** What the server has reported of somebody's messages. */
const reportsAbout = async ({ id }: Person, moderator = molly()) =>
  (await reportsPage(moderator, { first: 100 })).edges
    .map(({ node }) => node)
    .filter(({ message, automatic }) => automatic && message.sender?.id === id)

const waitOf = async (promise: Promise<unknown>) => {
  const { code, extensions } = await refusalOf(promise)
  expect(code).toBe('RATE_LIMITED')
  return Number(extensions.retryAfterMs)
}

/** The same, or 0 when it passes: whoever was slow to ask has waited already. */
const waitIfAny = (promise: Promise<unknown>) =>
  promise.then(
    () => 0,
    () => waitOf(promise),
  )

/** Sends the text at once or, if that is refused, when it was told that it may. */
async function sendsInTheEnd(person: Person, conversationId: string) {
  const sending = person.sends(conversationId, text)
  const wait = await waitIfAny(sending)
  if (wait === 0) return sending
  await pause(wait)
  return person.sends(conversationId, text)
}

describe('the same text to many', () => {
  test('is reported once, in the name of the server, and its sender is told nothing', async () => {
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
      reporter: { id: 'server' },
      reason: 'SPAM',
      note: 'The same text went to 4 conversations within minutes.',
      status: 'OPEN',
    })
    // However long it goes on, it is one.
    await inDatabase(world, `update report set created_at = now() - interval '11 minutes' where id = $1`, [
      report?.id,
    ])
    await sendsInTheEnd(person, to(4))
    expect(await auditOf(molly(), person)).toMatchObject([
      { action: 'REPEATED_TEXT', actor: null, detail: { conversations: 4, messageId: fourth.id } },
    ])
    expect(await reports()).toHaveLength(1)

    await person.recalls(fourth)
    expect(await reports()).toMatchObject([{ reportedText: null }])
    expect(await resolves(molly(), report as never, 'USER_SUSPENDED')).toMatchObject({ status: 'RESOLVED' })
    expect((await refusalOf(person.me())).code).toBe('UNAUTHENTICATED')
  })

  test('to as many as one may is neither slowed down nor reported, nor are other texts', async () => {
    const { person, to } = await seller()
    for (const place of [0, 1, 2, 0, 1, 2]) await person.sends(to(place), text)
    for (const place of [3, 4, 5]) await person.sends(to(place), `Good morning, number ${place}`)
    expect(await reportsAbout(person)).toEqual([])
    expect(await auditOf(molly(), person)).toEqual([])
  })

  test('waits twice as long each time', async () => {
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
      // What is left of the pause, and with what has gone by no less than all of it.
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
    ['a space that is none in ASCII', text.replaceAll(' ', '\u00a0')],
    ['marks that nobody sees', [...text].join('\u200b')],
    ['the width of its letters', 'Ｂｕｙ now, it is cheap!'],
  ])('is the same with another %s', async (_what, alike) => {
    const { person, to } = await seller()
    const texts = [text, alike, text, alike]
    for (const [place, each] of texts.entries()) await person.sends(to(place), each)
    expect(await waitOf(person.sends(to(4), alike))).toBeGreaterThan(0)
    await eventually(async () => expect(await reportsAbout(person)).toHaveLength(1))
  })

  test('is the same whomever it addresses', async () => {
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

  test('counts when it is brought by an edit', async () => {
    const { person, to } = await seller()
    const said = await Promise.all(
      [0, 1, 2, 3, 4].map((place) => person.sends(to(place), `Good morning, number ${place}`)),
    )
    const edits = (place: number) => person.edits({ id: said[place]?.id ?? '' }, text)
    for (const place of [0, 1, 2]) await edits(place)
    expect(await reportsAbout(person)).toEqual([])
    const fourth = await edits(3)
    expect(await waitOf(edits(4))).toBeGreaterThan(0)
    await eventually(async () =>
      expect(await reportsAbout(person)).toMatchObject([{ message: { id: fourth.id }, reportedText: text }]),
    )
  })

  test('counts when it is forwarded, and the copy is reported', async () => {
    const { person, to } = await seller()
    const said = await person.sends(to(0), text)
    const forwardTo = (place: number) => forwards(person, [said], [{ id: to(place) }], 'SEPARATE')
    for (const place of [1, 2]) await forwardTo(place)
    const [copy] = await forwardTo(3)
    await eventually(async () =>
      expect(await reportsAbout(person)).toMatchObject([{ message: { id: copy?.id } }]),
    )
    await waitOf(forwardTo(4))
  })

  test('is reported anew in another burst', async () => {
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
    // One burst is one report, whatever it says.
    await spreads('Have I told you of my watches?')
    await spreads('Or of my scarves?')
    const texts = (await reportsAbout(person)).map(({ reportedText }) => reportedText)
    expect(texts).toEqual(['Or of my umbrellas?', text])
  })

  test('that is not stored is not reported', async () => {
    const { world, molly } = quick
    const { person, to } = await seller(world)
    for (const place of [0, 1, 2]) await person.sends(to(place), text)
    expect((await refusalOf(person.sends('no such conversation', text))).code).toBe('NOT_FOUND')
    expect(await reportsAbout(person, molly())).toEqual([])
    const stored = await sendsInTheEnd(person, to(3))
    await eventually(async () =>
      expect(await reportsAbout(person, molly())).toMatchObject([{ message: { id: stored.id } }]),
    )
  })
})
