import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { type App, createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { inDatabase, registers } from '../auth/verbs.ts'
import { cheapHashing } from '../setup/cheap-hashing.ts'
import { createTestDatabase } from '../setup/database.ts'
import { withoutFfmpeg } from '../setup/ffmpeg.ts'
import { generousLimits } from '../setup/generous-limits.ts'
import { quickWebhooks } from '../setup/quick-webhooks.ts'
import { credentialsOf, Person, passwordOf } from '../world/person.ts'
import { useWorld } from '../world/world.ts'
import { Receiver, webhookSecret } from './receiver.ts'

const patience = { timeout: 15_000, interval: 50 }
const settings = {
  WEBHOOK_SECRET: webhookSecret,
  WEBHOOK_ALLOW_PRIVATE: 'true',
  // Long enough for every receiver that answers, also on a slow machine.
  LIMIT_WEBHOOK_TIMEOUT_MS: '4000',
}

describe('webhooks', () => {
  const [receiver, other] = [new Receiver(), new Receiver()]
  beforeAll(() => Promise.all([receiver.start(), other.start()]))
  afterAll(() => Promise.all([receiver.stop(), other.stop()]))
  const world = useWorld({
    get WEBHOOK_URL() {
      return `${receiver.url}, ${other.url}`
    },
    METRICS_PORT: '0',
    ...settings,
  })

  /** Webhooks about the messages of a conversation, without repetitions, in order. */
  const deliveredOf = (conversationId: string, at = receiver) => {
    const byId = new Map(
      at.received
        .filter(({ body: { data } }) => data.conversationId === conversationId)
        .map(({ headers, body }) => [headers['webhook-id'], body]),
    )
    return [...byId.values()].map(({ type, data }) => [
      type,
      (data.content as { body?: string } | null)?.body,
    ])
  }

  const undelivered = `select from outbox_mark where conversation_id = $1 and starts_with(topic, 'webhook:')`

  const group = async (name = 'alice') => {
    const person = await world.person(name)
    return { person, id: (await person.creates('notes', [])).id }
  }

  test('report messages as they are sent, edited and recalled, in order', async () => {
    const { person, id } = await group()
    const clientMessageId = randomUUID()
    const one = await person.sends(id, 'one', { clientMessageId })
    const two = await person.sends(id, 'two')
    await vi.waitFor(() => expect(deliveredOf(id)).toHaveLength(2), patience)
    await person.edits(one, 'ONE')
    await vi.waitFor(() => expect(deliveredOf(id)).toHaveLength(3), patience)
    await person.recalls(two)
    await vi.waitFor(() => expect(deliveredOf(id)).toHaveLength(4), patience)
    expect(deliveredOf(id)).toEqual([
      ['message.sent', 'one'],
      ['message.sent', 'two'],
      ['message.edited', 'ONE'],
      ['message.recalled', undefined],
    ])
    const first = receiver.received.find(({ body: { data } }) => data.id === one.id)
    expect(first?.headers['webhook-id']).toBe(`${one.id}.sent`)
    expect(first?.body.data).toMatchObject({
      conversationId: id,
      seq: one.seq,
      senderId: person.id,
      clientMessageId,
      kind: 'TEXT',
    })
    // The other receiver may get fewer states: a recall may overtake an edit of another message.
    await vi.waitFor(() => {
      expect(deliveredOf(id, other)).toContainEqual(['message.recalled', undefined])
      expect(deliveredOf(id, other).map(([, text]) => text)).toContain('ONE')
    }, patience)
  })

  test('report new users, and the current state of changed groups', async () => {
    const { person, id } = await group('bob')
    await vi.waitFor(() => expect(receiver.of(person.id)).toEqual(['user.registered']), patience)
    const received = () => receiver.received.filter(({ body: { data } }) => data.id === id)
    await vi.waitFor(() => expect(received().at(-1)?.body.data.name).toBe('notes'), patience)
    await person.changesGroup(id, { description: 'changed without a system message' })
    await vi.waitFor(
      () =>
        expect(received().at(-1)?.body).toMatchObject({
          type: 'group.changed',
          data: { ownerId: person.id, memberCount: 1, description: 'changed without a system message' },
        }),
      patience,
    )
  })

  test.each([
    ['answers 503', { status: 503 }],
    ['answers 429', { status: 429, headers: { 'retry-after': '1' } }],
    ['does not answer', { afterMs: 60_000 }],
    ['redirects', { status: 302, headers: { location: '/other' } }],
  ])(
    'are retried for a receiver that %s, without loss and without delay for other receivers',
    async (_how, answer) => {
      const { person, id } = await group()
      await vi.waitFor(() => expect(receiver.of(person.id)).toContain('user.registered'), patience)
      receiver.answers = ({ body: { data } }) => (data.conversationId === id ? answer : {})
      await person.sends(id, 'one')
      const secret = await person.sends(id, 'a secret that is soon recalled')
      await vi.waitFor(() => expect(deliveredOf(id)).not.toEqual([]), patience)
      await person.recalls(secret)
      await person.sends(id, 'three')
      await vi.waitFor(
        () => expect(deliveredOf(id, other)).toContainEqual(['message.sent', 'three']),
        patience,
      )

      receiver.answers = () => ({})
      await vi.waitFor(() => expect(deliveredOf(id)).toHaveLength(3), patience)
      expect(deliveredOf(id)).toEqual([
        ['message.sent', 'one'],
        ['message.recalled', undefined],
        ['message.sent', 'three'],
      ])
      const repeated = receiver.received.filter(({ body: { data } }) => data.conversationId === id)
      expect(repeated.length).toBeGreaterThan(3)
      expect(JSON.stringify(repeated)).not.toContain('a secret that')
    },
  )

  test('report later changes in the order in which they were made', async () => {
    const { person, id } = await group()
    const sent = [
      await person.sends(id, 'one'),
      await person.sends(id, 'two'),
      await person.sends(id, 'three'),
    ]
    await vi.waitFor(() => expect(deliveredOf(id)).toHaveLength(3), patience)
    // Changes queue up while the receiver fails.
    receiver.answers = ({ body: { data } }) => (data.conversationId === id ? { status: 503 } : {})
    const [one, two, three] = sent
    await person.edits(three as (typeof sent)[0], 'THREE')
    await person.edits(one as (typeof sent)[0], 'ONE')
    await person.recalls(two as (typeof sent)[0])
    await person.sends(id, 'four')
    receiver.answers = () => ({})
    await vi.waitFor(() => expect(deliveredOf(id)).toHaveLength(7), patience)
    expect(deliveredOf(id).slice(3)).toEqual([
      ['message.edited', 'THREE'],
      ['message.edited', 'ONE'],
      ['message.recalled', undefined],
      ['message.sent', 'four'],
    ])
  })

  test.each([
    ['in seconds', () => '2'],
    ['as a date', () => new Date(Date.now() + 3_000).toUTCString()],
  ])('are retried no earlier than Retry-After, given %s', async (_how, retryAfter) => {
    const { person, id } = await group()
    await vi.waitFor(() => expect(receiver.of(person.id)).toContain('user.registered'), patience)
    const at: number[] = []
    receiver.answers = ({ body: { data } }) => {
      if (data.conversationId !== id) return {}
      at.push(Date.now())
      return at.length > 1 ? {} : { status: 429, headers: { 'retry-after': retryAfter() } }
    }
    await person.sends(id, 'in a while')
    await vi.waitFor(() => expect(at).toHaveLength(2), patience)
    receiver.answers = () => ({})
    const [first = 0, second = 0] = at
    // Two clocks round, and an HTTP date has no fractions of a second.
    expect(second - first).toBeGreaterThan(1_950)
  })

  test('are retried after an hour at most, whatever Retry-After says', async () => {
    const { person, id } = await group()
    receiver.answers = ({ body: { data } }) =>
      data.conversationId === id ? { status: 429, headers: { 'retry-after': '864000' } } : {}
    await person.sends(id, 'in a while')
    await vi.waitFor(async () => {
      const [claim] = await inDatabase<{ seconds: number }>(
        world,
        `select extract(epoch from max(due_at) - now())::float8 as seconds from outbox_claim
         where conversation_id = $1 and failures = 1`,
        [id],
      )
      // The hour, and a quarter of it as jitter.
      expect(claim?.seconds).toBeGreaterThan(3_000)
      expect(claim?.seconds).toBeLessThanOrEqual(4_500)
    }, patience)
    receiver.answers = () => ({})
    await inDatabase(world, `update outbox_claim set due_at = now() where conversation_id = $1`, [id])
    await vi.waitFor(async () => expect(await inDatabase(world, undelivered, [id])).toEqual([]), patience)
  })

  test('are given up after days of failure, with a metric, and continue with later changes', async () => {
    const { person, id } = await group()
    receiver.answers = ({ body: { data } }) => (data.conversationId === id ? { status: 500 } : {})
    for (let number = 1; number <= 5; number += 1) await person.sends(id, `message ${number}`)
    await vi.waitFor(() => expect(deliveredOf(id)).not.toEqual([]), patience)
    const metric = async (name: string) => {
      const text = await (await fetch(world.parts.Metrics ?? '')).text()
      return Number(text.match(new RegExp(`^parlance_${name} (\\S+)$`, 'm'))?.[1] ?? 0)
    }
    expect(await metric('webhooks_waiting')).toBeGreaterThan(0)
    const fails = (days: number) =>
      inDatabase(
        world,
        `update outbox_claim set failing_since = now() - make_interval(days => $2), due_at = now()
         where conversation_id = $1`,
        [id, days],
      )
    // Within LIMIT_WEBHOOK_DAYS it is tried again, and postponed.
    const tries = receiver.received.length
    await fails(2)
    await vi.waitFor(() => expect(receiver.received.length).toBeGreaterThan(tries), patience)
    const postponed = `select from outbox_claim
      where conversation_id = $1 and owner is null and due_at > now() and failing_since < now() - interval '1 day'`
    await vi.waitFor(
      async () => expect(await inDatabase(world, postponed, [id])).not.toHaveLength(0),
      patience,
    )
    expect(await metric('webhooks_total\\{outcome="given up"\\}')).toBe(0)
    await fails(4)
    await vi.waitFor(async () => expect(await metric('webhooks_waiting')).toBe(0), patience)
    expect(await metric('webhooks_total\\{outcome="given up"\\}')).toBe(1)
    receiver.answers = () => ({})
    await person.sends(id, 'afterwards')
    await vi.waitFor(() => expect(deliveredOf(id).at(-1)).toEqual(['message.sent', 'afterwards']), patience)
  })
})

describe('webhooks to a receiver that hangs', () => {
  const receiver = new Receiver()
  beforeAll(() => receiver.start())
  const world = useWorld({
    get WEBHOOK_URL() {
      return receiver.url
    },
    ...settings,
    LIMIT_WEBHOOK_TIMEOUT_MS: '60000',
  })

  test('in one conversation are delivered for all others', async () => {
    // The hanging request ends with its connection.
    onTestFinished(() => receiver.stop())
    const alice = await world.person('alice')
    const [stuck, other] = [await alice.creates('stuck', []), await alice.creates('other', [])]
    receiver.answers = ({ body: { data } }) => (data.conversationId === stuck.id ? { afterMs: 600_000 } : {})
    await alice.sends(stuck.id, 'never answered')
    await vi.waitFor(() => expect(receiver.of(stuck.id)).toContain('message.sent'), patience)
    for (const text of ['one', 'two', 'three']) {
      const { id } = await alice.sends(other.id, text)
      await vi.waitFor(() => expect(receiver.of(id)).toEqual(['message.sent']), patience)
    }
  })
})

describe('webhooks to a private address without WEBHOOK_ALLOW_PRIVATE', () => {
  const receiver = new Receiver()
  beforeAll(() => receiver.start())
  afterAll(() => receiver.stop())
  const world = useWorld({
    get WEBHOOK_URL() {
      return receiver.url
    },
    ...settings,
    WEBHOOK_ALLOW_PRIVATE: 'false',
  })

  test('fail without a connection, both of messages and of new users', async () => {
    const alice = await world.person('alice')
    const { id } = await alice.creates('notes', [])
    await alice.sends(id, 'hello')
    const failed = () =>
      inDatabase<{ name: string; reason: string | null }>(
        world,
        `select 'message' as name, null as reason from outbox_claim where conversation_id = $1 and failures > 0
         union all
         select 'user', j.last_error from graphile_worker.jobs j
         where j.task_identifier = 'webhookUserRegistered' and j.attempts > 0 and j.last_error is not null`,
        [id],
      )
    await vi.waitFor(async () => expect(await failed()).toHaveLength(2), patience)
    expect((await failed()).at(-1)?.reason).toContain('The address is private.')
    expect(receiver.received).toEqual([])
  })
})

/** A receiver, and a database of its own for servers that start and stop. */
async function arrange() {
  const receiver = new Receiver()
  await receiver.start()
  onTestFinished(() => receiver.stop())
  const database = await createTestDatabase()
  onTestFinished(() => database.drop())
  const start = (env: Record<string, string>): Promise<App> =>
    createApp(
      readConfig({
        PORT: '0',
        LOG_LEVEL: 'silent',
        AUTH_SECRET: 'a secret for tests that is long enough',
        DATABASE_URL: database.url,
        ...generousLimits,
        ...withoutFfmpeg,
        ...env,
      }),
      { passwordHashing: cheapHashing, webhookTimings: quickWebhooks },
    )
  const signsUp = async (app: App) => {
    const handle = 'alice'
    const payload = await registers(app.url, { handle, displayName: 'Alice', password: passwordOf(handle) })
    return (at: App) => new Person(at.url, 'alice', { id: payload.user.id, handle }, credentialsOf(payload))
  }
  return { receiver, start, signsUp }
}

test('stopping a server between two webhooks repeats and loses none', async () => {
  const { receiver, start, signsUp } = await arrange()
  const env = { WEBHOOK_URL: receiver.url, ...settings, LIMIT_WEBHOOK_TIMEOUT_MS: '10000' }
  let app = await start(env)
  const alice = (await signsUp(app))(app)
  const { id } = await alice.creates('notes', [])
  // They queue up, and are claimed together when the receiver answers.
  receiver.answers = () => ({ status: 503 })
  for (let number = 1; number <= 10; number += 1) await alice.sends(id, `message ${number}`)
  receiver.received.length = 0
  receiver.answers = ({ body: { type } }) => (type === 'message.sent' ? { afterMs: 1_500 } : {})
  const delivered = () =>
    receiver.received
      .filter(({ body: { type } }) => type === 'message.sent')
      .map(({ body: { data } }) => Number(data.seq))
  await vi.waitFor(() => expect(delivered()).not.toEqual([]), patience)
  await app.close()
  const before = delivered().length
  expect(before).toBeLessThan(10)

  receiver.answers = () => ({})
  app = await start(env)
  onTestFinished(() => app.close())
  await vi.waitFor(() => expect(new Set(delivered()).size).toBe(10), patience)
  expect(delivered()).toEqual(delivered().toSorted((a, b) => a - b))
  // No lease had to expire, and the progress was stored.
  expect(delivered()).toHaveLength(10)
})

test('removing a URL from WEBHOOK_URL discards its marks, and adding it again reports later changes only', async () => {
  const { receiver, start, signsUp } = await arrange()
  const env = { WEBHOOK_URL: receiver.url, ...settings }
  let app = await start(env)
  const alice = await signsUp(app)
  const { id } = await alice(app).creates('notes', [])
  await receiver.stop()
  await alice(app).sends(id, 'before the removal')
  await app.close()

  app = await start({})
  await alice(app).sends(id, 'without the URL')
  await app.close()

  await receiver.start()
  receiver.received.length = 0
  app = await start(env)
  onTestFinished(() => app.close())
  const { id: later } = await alice(app).sends(id, 'after it was added again')
  await vi.waitFor(() => expect(receiver.of(later)).toEqual(['message.sent']), patience)
  const texts = receiver.received.flatMap(
    ({ body: { data } }) => (data.content as { body?: string })?.body ?? [],
  )
  expect(texts).toEqual(['after it was added again'])
})

test('webhooks start with the changes since they are enabled, and continue after a restart', async () => {
  const { receiver, start, signsUp } = await arrange()
  let app = await start({})
  const alice = await signsUp(app)
  const { id } = await alice(app).creates('notes', [])
  const early = await alice(app).sends(id, 'before webhooks were enabled')
  await app.close()

  app = await start({ WEBHOOK_URL: receiver.url, ...settings })
  await alice(app).sends(id, 'after webhooks were enabled')
  await alice(app).edits(early, 'edited after webhooks were enabled')
  await vi.waitFor(() => expect(receiver.of(id)).toHaveLength(3), patience)
  expect(receiver.of(id).sort()).toEqual(['group.changed', 'message.edited', 'message.sent'])

  await receiver.stop()
  await alice(app).sends(id, 'while the receiver was away')
  await app.close()
  await receiver.start()
  app = await start({ WEBHOOK_URL: receiver.url, ...settings })
  onTestFinished(() => app.close())
  await vi.waitFor(
    () =>
      expect(receiver.received.at(-1)?.body.data.content).toEqual({ body: 'while the receiver was away' }),
    patience,
  )
})
