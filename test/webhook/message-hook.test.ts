import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { forwards } from '../message/content/verbs.ts'
import { Wire } from '../server/wire.ts'
import { refusal, refusalOf } from '../world/client.ts'
import { activeTime } from '../world/stopwatch.ts'
import { useWorld } from '../world/world.ts'
import { Receiver, webhookSecret } from './receiver.ts'

const receiver = new Receiver()
beforeAll(() => receiver.start())
afterAll(() => receiver.stop())
beforeEach(() => {
  receiver.received.length = 0
  receiver.answers = () => ({ body: { action: 'allow' } })
})

const hooked = (more: Record<string, string> = {}) => ({
  get MESSAGE_HOOK_URL() {
    return receiver.url
  },
  WEBHOOK_SECRET: webhookSecret,
  WEBHOOK_ALLOW_PRIVATE: 'true',
  // Long enough for every receiver that answers, also on a slow machine.
  LIMIT_MESSAGE_HOOK_MS: '5000',
  ...more,
})

describe('the message hook', () => {
  const world = useWorld(hooked())

  const pair = async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    return { alice, bob, id: (await alice.opens(bob)).id }
  }

  test('receives the message to send and allows it', async () => {
    const { alice, bob, id } = await pair()
    const first = await bob.sends(id, 'Hello?')
    const clientMessageId = randomUUID()
    await alice.sends(id, 'Hello!', { clientMessageId, quoteSeq: first.seq })
    expect(receiver.received.at(-1)?.body).toMatchObject({
      type: 'message.proposed',
      data: {
        action: 'send',
        conversationId: id,
        senderId: alice.id,
        clientMessageId,
        kind: 'TEXT',
        content: { body: 'Hello!' },
        quoteSeq: first.seq,
      },
    })
    expect((await bob.history(id))?.at(-1)?.plainText).toBe('Hello!')
  })

  test('can change the text; a retry returns the same message without another call', async () => {
    const { alice, id } = await pair()
    receiver.answers = () => ({ body: { action: 'change', text: 'H***o' } })
    const clientMessageId = randomUUID()
    const message = await alice.sends(id, 'Hello', { clientMessageId })
    expect(message.plainText).toBe('H***o')
    const calls = receiver.received.length
    expect(await alice.sends(id, 'Hello', { clientMessageId })).toEqual(message)
    expect(await refusal(alice.sends(id, 'H***o', { clientMessageId }))).toBe('CONFLICT')
    expect(receiver.received).toHaveLength(calls)
  })

  test('is called for each copy of a forward, and can refuse or change it', async () => {
    const { alice, bob, id } = await pair()
    const group = await alice.creates('elsewhere', [bob])
    const sent = [await alice.sends(id, 'fine'), await alice.sends(id, 'rude')]
    const calls = receiver.received.length
    await forwards(alice, sent, [{ id, clientMessageId: 'merged' }])
    expect(receiver.received.slice(calls).map(({ body }) => body)).toMatchObject([
      { data: { action: 'send', conversationId: id, clientMessageId: 'merged', kind: 'FORWARD' } },
    ])
    receiver.answers = ({ body: { data } }) =>
      JSON.stringify(data).includes('rude') ? { body: { action: 'refuse' } } : { body: { action: 'allow' } }
    const before = (await alice.conversation(group.id))?.maxSeq
    expect(await refusal(forwards(alice, sent, [group], 'SEPARATE'))).toBe('FORBIDDEN')
    expect((await alice.conversation(group.id))?.maxSeq).toBe(before)
    receiver.answers = () => ({ body: { action: 'change', text: 'f***' } })
    expect((await forwards(alice, sent.slice(0, 1), [group], 'SEPARATE'))[0]?.plainText).toBe('f***')
  })

  test('can refuse with a reason for the sender, and the message is not stored', async () => {
    const { alice, id } = await pair()
    const before = await alice.conversation(id)
    receiver.answers = () => ({ body: { action: 'refuse', reason: 'Mind your words.' } })
    const { code, message } = await refusalOf(alice.sends(id, 'Rude'))
    expect([code, message]).toEqual(['FORBIDDEN', 'FORBIDDEN: Mind your words.'])
    expect(await alice.conversation(id)).toEqual(before)
  })

  test('that refuses without a valid reason or text is answered with FORBIDDEN, and stays available', async () => {
    const { alice, bob, id } = await pair()
    for (const body of [
      { action: 'refuse', reason: null },
      { action: 'refuse', reason: 'because '.repeat(100) },
      { action: 'change', text: '' },
      { action: 'change', text: 'x'.repeat(4_001) },
      { action: 'change', text: 'a\u0000b' },
    ]) {
      receiver.answers = () => ({ body })
      const { code, message } = await refusalOf(alice.sends(id, 'Rude'))
      expect(code).toBe('FORBIDDEN')
      expect(message.length).toBeLessThan(520)
    }
    receiver.answers = () => ({ body: { action: 'allow' } })
    const calls = receiver.received.length
    await bob.sends(id, 'Hello')
    expect(receiver.received).toHaveLength(calls + 1)
  })

  test('can return a text of the maximum length in escaped JSON', async () => {
    const { alice, id } = await pair()
    const text = '🦆'.repeat(4_000)
    receiver.answers = () => ({ raw: JSON.stringify({ action: 'change', text }).replace(/[^ -~]/g, escaped) })
    expect((await alice.sends(id, 'ducks')).plainText).toBe(text)
  })

  test('is called for edits, and not for messages that are refused anyway', async () => {
    const { alice, bob, id } = await pair()
    const carol = await world.person('carol')
    const message = await alice.sends(id, 'Hello')
    receiver.received.length = 0
    receiver.answers = ({ body }) => ({
      body: (body.data.content as { body: string }).body.includes('rude')
        ? { action: 'refuse' }
        : { action: 'change', text: 'changed' },
    })
    expect(await refusal(alice.edits(message, 'rude'))).toBe('FORBIDDEN')
    expect((await alice.edits(message, 'Hallo')).plainText).toBe('changed')
    expect(receiver.received.map(({ body: { data } }) => [data.action, data.messageId])).toEqual([
      ['edit', message.id],
      ['edit', message.id],
    ])
    expect(await refusal(bob.edits(message, 'mine'))).toBe('FORBIDDEN')
    expect(await refusal(carol.sends(id, 'let me in'))).toBe('NOT_FOUND')
    expect(receiver.received).toHaveLength(2)
  })

  test('that answers slowly does not change the order of sends on one socket', async () => {
    const { alice, id } = await pair()
    receiver.answers = ({ body }) => ({
      body: { action: 'allow' },
      afterMs: (body.data.content as { body: string }).body === '1' ? 200 : 0,
    })
    const wire = await Wire.ready(world.url, alice.credentials.accessToken)
    const query = 'mutation Say($input: SendMessageInput!) { sendMessage(input: $input) { message { seq } } }'
    for (const text of ['1', '2', '3'])
      wire.subscribe(text, query, {
        input: { conversationId: id, clientMessageId: randomUUID(), content: { text } },
      })
    for (const text of ['1', '2', '3']) await wire.answers(text)
    const texts = (await alice.history(id))?.map(({ plainText }) => plainText) ?? []
    expect(texts.filter((text) => /^\d$/.test(text))).toEqual(['1', '2', '3'])
  })

  test.each([
    ['late', { afterMs: 60_000, body: { action: 'allow' } }],
    ['with status 500', { status: 500 }],
    ['with a redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }],
    ['with an unknown action', { body: { action: 'applaud' } }],
  ])('that answers %s makes sends UNAVAILABLE, since it is closed on failure', async (_how, answer) => {
    const { alice, id } = await pair()
    await alice.sends(id, 'allowed, so that the circuit breaker is closed')
    receiver.answers = () => answer
    const { code, extensions } = await refusalOf(alice.sends(id, 'not allowed'))
    expect([code, extensions.retryable]).toEqual(['UNAVAILABLE', true])
    receiver.answers = () => ({ body: { action: 'allow' } })
    await alice.sends(id, 'allowed')
  })
})

/** Many languages escape JSON to ASCII like this. */
const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

describe('a message hook that is open on failure', () => {
  const world = useWorld(hooked({ MESSAGE_HOOK_ON_FAILURE: 'open' }))

  test.each([
    ['refuses without a reason', { action: 'refuse', reason: null }],
    ['returns a text that cannot be sent', { action: 'change', text: '' }],
  ])('is obeyed when it %s', async (_how, body) => {
    const [alice] = await world.people('alice')
    const { id } = await alice.creates('notes', [])
    receiver.answers = () => ({ body })
    expect(await refusal(alice.sends(id, 'Rude'))).toBe('FORBIDDEN')
  })
})

describe('a message hook that is open on failure, and down', () => {
  const hookMs = 1_000
  const world = useWorld(hooked({ MESSAGE_HOOK_ON_FAILURE: 'open', LIMIT_MESSAGE_HOOK_MS: String(hookMs) }))

  test('lets messages pass, and is not called again after five failures', async () => {
    const [alice] = await world.people('alice')
    const { id } = await alice.creates('notes', [])
    receiver.answers = () => ({ afterMs: 60_000, body: { action: 'allow' } })
    for (let time = 1; time <= 5; time += 1) await alice.sends(id, `message ${time}`)
    expect(receiver.received).toHaveLength(5)
    const lived = activeTime()
    for (let time = 6; time <= 9; time += 1) await alice.sends(id, `message ${time}`)
    expect(receiver.received).toHaveLength(5)
    expect(lived()).toBeLessThan(4 * hookMs)
  })
})

describe('a message hook in a private network', () => {
  const world = useWorld(hooked({ WEBHOOK_ALLOW_PRIVATE: 'false' }))

  test('is not called unless WEBHOOK_ALLOW_PRIVATE is set', async () => {
    const [alice] = await world.people('alice')
    const { id } = await alice.creates('notes', [])
    expect(await refusal(alice.sends(id, 'hello'))).toBe('UNAVAILABLE')
    expect(receiver.received).toEqual([])
  })
})
