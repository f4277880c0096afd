import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { defineMessageKind } from '../../../src/message/content/custom-kinds.ts'
import { finds, indexed } from '../../search/verbs.ts'
import { refusalOf } from '../../world/client.ts'
import { liveEqualsRefetch } from '../../world/mirror.ts'
import { useWorld } from '../../world/world.ts'
import { contentOf, forwardOf, forwards, messageKinds } from './verbs.ts'

const poll = defineMessageKind('poll', {
  schema: z.object({
    question: z.string().min(1).max(200),
    options: z.array(z.string().min(1)).min(2).max(10),
    closed: z.boolean().default(false),
  }),
  plainText: ({ question }) => {
    if (question === 'broken') throw new Error('no text for this')
    return `Poll: ${question}`
  },
  searchText: ({ question, options }) => [question, ...options].join('\n'),
})

const lunch = {
  type: 'poll',
  data: { question: 'Lunch?', options: ['ramen', 'pho'] },
  fallbackText: 'a poll',
}

describe('a registered custom message type', () => {
  // What its application does wrong is logged.
  const world = useWorld({ LOG_LEVEL: 'fatal' }, { messageKinds: [poll] })

  test('is stored as parsed by its schema and shown with its own plain text', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const message = await liveEqualsRefetch([alice, bob], () => alice.sendsContent(id, { custom: lunch }))

    expect(message.plainText).toBe('Poll: Lunch?')
    expect((await contentOf(bob, message)).content).toEqual({
      __typename: 'CustomContent',
      plainText: 'Poll: Lunch?',
      ...lunch,
      data: { ...lunch.data, closed: false },
    })
  })

  test('is refused with the path of each fault if the data do not match its schema', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const custom = { ...lunch, data: { question: '', options: ['ramen', 7] } }
    const refused = await refusalOf(alice.sendsContent(id, { custom }))
    expect(refused.code).toBe('INVALID_INPUT')
    expect(refused.extensions.issues).toMatchObject([
      { path: 'input.content.custom.data.question' },
      { path: 'input.content.custom.data.options.1' },
    ])
  })

  test('is found by its search text, also in forwards, until it is recalled', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const message = await alice.sendsContent(id, { custom: lunch })
    const [copy] = await forwards(alice, [message], [{ id }])
    await indexed(world.databaseUrl)
    expect((await finds(bob, 'ramen')).sort()).toEqual(['Chat history (1 message)', 'Poll: Lunch?'])
    expect(await finds(bob, 'ramen', { filter: { kinds: ['CUSTOM'] } })).toEqual(['Poll: Lunch?'])
    expect((await forwardOf(bob, copy as { id: string })).messages).toMatchObject([
      { content: { __typename: 'CustomContent', type: 'poll', plainText: 'Poll: Lunch?' } },
    ])

    await liveEqualsRefetch([alice, bob], () => alice.recalls(message))
    await indexed(world.databaseUrl)
    expect(await finds(bob, 'ramen', { filter: { kinds: ['CUSTOM'] } })).toEqual([])
    expect((await contentOf(bob, message)).content).toEqual({
      __typename: 'RecalledContent',
      plainText: 'Message recalled',
    })
  })

  test('falls back to the fallback text if its plain text throws', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const custom = { ...lunch, data: { ...lunch.data, question: 'broken' } }
    const { id } = await alice.opens(bob)
    expect((await alice.sendsContent(id, { custom })).plainText).toBe('a poll')
  })

  test('is published to clients as a JSON schema', async () => {
    const alice = await world.person('alice')
    expect(await messageKinds(alice)).toMatchObject([
      { type: 'poll', schema: { type: 'object', required: ['question', 'options'] } },
    ])
  })

  test('cannot be edited into a text message', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const message = await alice.sendsContent((await alice.opens(bob)).id, { custom: lunch })
    expect((await refusalOf(alice.edits(message, 'text'))).code).toBe('FORBIDDEN')
  })
})

describe('an unregistered custom message type', () => {
  const world = useWorld()

  test('is stored unparsed, and shown and found by its fallback text', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const custom = {
      type: 'acme.order/v2',
      data: { nested: [{ deep: true }] },
      fallbackText: 'order of avocados',
    }
    const message = await alice.sendsContent(id, { custom })
    expect((await contentOf(bob, message)).content).toMatchObject({
      ...custom,
      plainText: custom.fallbackText,
    })
    await indexed(world.databaseUrl)
    expect(await finds(bob, 'avocados')).toEqual([custom.fallbackText])
  })

  test('may have 16 KiB of data and 32 levels, and not more', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const send = (data: Record<string, unknown>) =>
      alice.sendsContent(id, { custom: { type: 'any', data, fallbackText: 'any' } })
    const bytes = (count: number) => ({ text: 'x'.repeat(count - '{"text":""}'.length) })
    const levels = (count: number): Record<string, unknown> => (count === 1 ? {} : { in: levels(count - 1) })

    expect((await send(bytes(16_384))).plainText).toBe('any')
    expect((await refusalOf(send(bytes(16_385)))).extensions.issues).toMatchObject([
      { path: 'input.content.custom.data', message: expect.stringContaining('16384') },
    ])
    expect((await send(levels(32))).plainText).toBe('any')
    expect((await refusalOf(send(levels(33)))).code).toBe('INVALID_INPUT')
  })

  test.each([
    ['a type with spaces', { type: 'my kind' }],
    ['a type of 65 characters', { type: 'k'.repeat(65) }],
    ['no fallback text', { fallbackText: ' ' }],
    ['a fallback text that is too long', { fallbackText: 'x'.repeat(4_001) }],
    ['U+0000 in its data', { data: { key: ['a\u0000'] } }],
    ['U+0000 in a key', { data: { 'a\u0000': 1 } }],
    ['half a surrogate pair', { data: { key: '\ud83d' } }],
  ])('is refused with %s', async (_what, wrong) => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const custom = { type: 'k'.repeat(64), data: {}, fallbackText: 'x'.repeat(4_000) }
    const { id } = await alice.opens(bob)
    expect((await alice.sendsContent(id, { custom })).seq).toBeGreaterThan(0)
    expect((await refusalOf(alice.sendsContent(id, { custom: { ...custom, ...wrong } }))).code).toBe(
      'INVALID_INPUT',
    )
  })
})

describe('a server that accepts registered custom message types only', () => {
  const world = useWorld({ CUSTOM_MESSAGES: 'registered' }, { messageKinds: [poll] })

  test('refuses an unregistered type', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    expect((await alice.sendsContent(id, { custom: lunch })).plainText).toBe('Poll: Lunch?')
    const refused = await refusalOf(alice.sendsContent(id, { custom: { ...lunch, type: 'quiz' } }))
    expect(refused.extensions.issues).toMatchObject([{ path: 'input.content.custom.type' }])
  })
})
