import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest'
import { type App, createApp } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { hasRedis } from '../../processes/fleet.ts'
import { cheapHashing } from '../../setup/cheap-hashing.ts'
import { createTestDatabase, type TestDatabase } from '../../setup/database.ts'
import { withoutFfmpeg } from '../../setup/ffmpeg.ts'
import { generousLimits } from '../../setup/generous-limits.ts'
import { Inbox, type InboxEvent } from '../../world/inbox.ts'
import { everythingIsNumbered, leases } from '../../world/outbox.ts'
import { Person } from '../../world/person.ts'
import { signsUp } from '../attempts.ts'
import { DatabaseProxy } from './proxy.ts'

// Two servers: users write through one; the other, which serves a reader, loses its database meanwhile.

let database: TestDatabase
let proxy: DatabaseProxy
const apps: App[] = []
const people: Person[] = []

const startsOn = (databaseUrl: string) =>
  createApp(
    readConfig({
      PORT: '0',
      LOG_LEVEL: 'silent',
      AUTH_SECRET: 'a secret for tests that is long enough',
      DATABASE_URL: databaseUrl,
      REDIS_URL: inject('redisUrl') ?? '',
      DIRECT_MESSAGES_FROM: 'everyone',
      GROUP_ADDITIONS_FROM: 'everyone',
      LIMIT_INLINE_GROUP_SIZE: '2',
      ...generousLimits,
      ...withoutFfmpeg,
    }),
    { passwordHashing: cheapHashing },
  )

async function writer(name: string): Promise<Person> {
  const handle = `${name}.${randomUUID().replace(/[^a-f]/g, '')}`.slice(0, 30)
  const person = await signsUp(apps[0]?.url ?? '', handle)
  people.push(person)
  return person
}

/** The same user, connected to the server that may lose its database. */
function asReader(person: Person): Person {
  const reader = new Person(apps[1]?.url ?? '', person.name, person, person.credentials)
  people.push(reader)
  return reader
}

const messagesIn = (events: InboxEvent[], conversationId: string) =>
  events.flatMap((event) =>
    event.__typename === 'MessagesChanged' && event.conversationId === conversationId ? [event] : [],
  )

const signalsIn = (events: InboxEvent[], conversationId: string) =>
  events.flatMap((event) =>
    event.__typename === 'ConversationSignal' && event.conversationId === conversationId ? [event] : [],
  )

/** Resolves when both servers have received the next message of a topic. */
async function nextOn(topic: string) {
  const redis = new Redis(inject('redisUrl') ?? '')
  onTestFinished(() => redis.disconnect())
  await redis.subscribe(`parlance:${topic}`)
  const message = new Promise<void>((resolve) => redis.once('message', () => resolve()))
  return async () => {
    await message
    // Redis has sent it to the servers, too, which read it before the response to this request.
    await redis.ping()
    await redis.ping()
  }
}

/** The versions of a conversation that hints announced to a user, in order. */
async function versionsPublishedTo({ id }: Person, conversationId: string): Promise<number[]> {
  const redis = new Redis(inject('redisUrl') ?? '')
  onTestFinished(() => redis.disconnect())
  const versions: number[] = []
  await redis.subscribe(`parlance:user:${id}`)
  redis.on('message', (_channel, text) => {
    const { kind, subjectId, to } = JSON.parse(text) as { kind: string; subjectId: string; to: number }
    if (kind === 'messages' && subjectId === conversationId) versions.push(to)
  })
  return versions
}

describe.skipIf(!hasRedis)('a stream whose server loses its database', () => {
  beforeAll(async () => {
    database = await createTestDatabase()
    proxy = await DatabaseProxy.before(database.url)
    apps.push(await startsOn(database.url), await startsOn(proxy.url))
  })

  afterAll(async () => {
    await Promise.all(people.map((person) => person.dispose()))
    for (const app of apps) await app.close()
    await proxy?.close()
    await database?.drop()
  })

  /** The search index does not read these conversations, so a response with one of their texts is for a stream. */
  const keepsOutOfSearch = (...conversationIds: string[]) => leases(database.url, 'search', conversationIds)

  async function chat(): Promise<{ alice: Person; bob: Person; id: string; inbox: Inbox }> {
    const [alice, bob] = [await writer('alice'), await writer('bob')]
    const { id } = await alice.opens(bob)
    const inbox = await asReader(bob).listens()
    const { seq } = await alice.sends(id, 'a first message')
    await inbox.sees('MessagesChanged', (event) => event.conversationId === id && event.maxSeq >= seq)
    return { alice, bob, id, inbox }
  }

  test.each([
    ['does not answer', async () => proxy.fallsSilent()],
    ['is gone', () => proxy.goesAway()],
  ])('does not receive a text that was recalled while the database %s', async (_how, happens) => {
    const { alice, id, inbox } = await chat()
    await keepsOutOfSearch(id)
    const loaded = proxy.fallsSilentAfter('the recalled text')
    const message = await alice.sends(id, 'the recalled text')
    await loaded
    await happens()
    const received = await nextOn('outdated')
    await alice.recalls(message)
    await received()
    await proxy.comesBack()
    await inbox.sees('MessagesChanged', ({ messages }) =>
      messages.some((each) => each.id === message.id && each.recalledAt !== null),
    )
    expect(JSON.stringify(inbox.events)).not.toContain('the recalled text')
  })

  test('delivers each message of the outage once, and each version once', async () => {
    const { alice, bob, id, inbox } = await chat()
    proxy.fallsSilent()
    const published = await versionsPublishedTo(bob, id)
    const texts = ['one', 'two', 'three', 'four']
    for (const text of texts) {
      const { version } = await alice.sends(id, text)
      await expect.poll(() => published.at(-1) ?? 0).toBeGreaterThanOrEqual(version)
    }
    await proxy.comesBack()
    const { seq } = await alice.sends(id, 'the last message')
    await inbox.sees('MessagesChanged', (event) => event.conversationId === id && event.maxSeq >= seq)

    const received = messagesIn(inbox.events, id)
    for (const [index, event] of received.slice(1).entries())
      expect(event.fromVersion, 'ranges do not overlap').toBe(received[index]?.version)
    expect(received.flatMap(({ messages }) => messages.map(({ plainText }) => plainText))).toEqual([
      'a first message',
      ...texts,
      'the last message',
    ])
  })

  test('delivers no signal of a group that the viewer was removed from meanwhile', async () => {
    const [alice, bob, carol] = [await writer('alice'), await writer('bob'), await writer('carol')]
    const group = await alice.creates('large', [bob, carol])
    const direct = await alice.opens(bob)
    const inbox = await asReader(bob).listens()
    const inboxOfCarol = await asReader(carol).listens()

    proxy.fallsSilent()
    await alice.removes(group.id, bob)
    const { version: removedAt } = await conversation(alice, group.id)
    // Longer than signals of one conversation are coalesced.
    for (const until = Date.now() + 500; Date.now() < until; ) await alice.sends(group.id, 'without bob')
    const { version: last } = await conversation(alice, group.id)
    await proxy.comesBack()

    await inboxOfCarol.until(() => signalsIn(inboxOfCarol.events, group.id).some((s) => s.version >= last))
    const { seq } = await alice.sends(direct.id, 'to bob alone')
    await inbox.sees('ConversationRemoved', (event) => event.conversationId === group.id)
    await inbox.sees('MessagesChanged', (event) => event.conversationId === direct.id && event.maxSeq >= seq)
    const later = signalsIn(inbox.events, group.id).filter(({ version }) => version > removedAt)
    expect(later).toEqual([])
  })

  test('delivers signals before a long catch-up is complete', async () => {
    const [alice, bob, carol] = [await writer('alice'), await writer('bob'), await writer('carol')]
    const group = await alice.creates('large', [bob, carol])
    const rooms = await Promise.all(
      Array.from({ length: 40 }, () =>
        writer('friend').then((friend) => friend.opens(bob).then(({ id }) => ({ friend, id }))),
      ),
    )
    const bobReading = asReader(bob)
    const first = await bobReading.listens()
    const after = first.cursor ?? null
    first.close()
    const inboxOfCarol = await asReader(carol).listens()
    await keepsOutOfSearch(...rooms.map(({ id }) => id))
    for (const [number, { friend, id }] of rooms.entries()) await friend.sends(id, `text ${number}.`)
    // Otherwise the server that loses its database may hold the locks of a delivery.
    await everythingIsNumbered(database.url)

    const loaded = proxy.fallsSilentAfter('text 5.')
    const inbox = new Inbox(bobReading.socket(), { after })
    await loaded
    const { version } = await alice.sends(group.id, 'to a large group')
    // The server passes a signal to all its streams at once.
    await inboxOfCarol.until(() => signalsIn(inboxOfCarol.events, group.id).some((s) => s.version >= version))
    await proxy.comesBack()
    await inbox.sees('Checkpoint', ({ caughtUp }) => caughtUp)
    const signalled = inbox.events.findIndex(
      (event) => event.__typename === 'ConversationSignal' && event.conversationId === group.id,
    )
    const caughtUp = inbox.events.findIndex((event) => event.__typename === 'Checkpoint')
    expect(signalled).toBeGreaterThan(-1)
    expect(caughtUp - signalled).toBeGreaterThan(rooms.length / 2)
  })
})

async function conversation(person: Person, id: string) {
  const found = await person.conversation(id)
  if (!found) throw new Error('The conversation is not visible.')
  return found
}
