import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createWebPush } from '../../../src/notification/provider/web-push.ts'
import type { HttpClient } from '../../../src/platform/http-client/client.ts'
import { dissolves } from '../../group/verbs.ts'
import { liveEqualsRefetch } from '../../world/mirror.ts'
import { Acknowledge } from '../../world/operations.ts'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { createBrowserPushServer } from '../servers/browser-push.ts'
import { createGatewayServer, tokenOf } from '../servers/gateway.ts'
import type { Reply } from '../servers/receiver.ts'
import { attempts, browser, registersDevice, setsQuietHours } from '../verbs.ts'

const gateway = await createGatewayServer()
afterAll(() => gateway.close())
const world = useWorld({
  ...gateway.env,
  LIMIT_PUSH_DELAY_MS: '0',
  LIMIT_DIRECT_GROUP_SIZE: '3',
  // The first person of this world.
  ADMIN_HANDLES: 'molly.c',
})

let moderator: Person
beforeAll(async () => {
  moderator = await world.person('molly')
})

/** Somebody with a telephone that lies on the table, and a desk to read at. */
async function atDesk(person: Person) {
  const desk = await person.onAnotherDevice('desk')
  const token = randomUUID()
  await registersDevice(person, 'WEBHOOK', token)
  return { desk, token }
}

type Message = Awaited<ReturnType<Person['sends']>>

const told = async (message: Message) =>
  (await attempts(moderator, message)).map(({ purpose, status }) => `${purpose} ${status}`)

const isTold = (message: Message, expected: string[]) =>
  vi.waitFor(async () => expect(await told(message)).toEqual(expected), 10_000)

/** Waits until what the provider would not take now is left for later. */
const isPutOff = (message: Message) =>
  vi.waitFor(async () => {
    const found = await attempts(moderator, message)
    expect(found).toContainEqual(expect.objectContaining({ status: 'QUEUED', providerStatus: '429' }))
  }, 10_000)

/** Alice writes, and it is shown on the telephone. */
async function shows(alice: Person, conversationId: string, text = 'hello') {
  const message = await alice.sends(conversationId, text)
  await isTold(message, ['MESSAGE SENT'])
  return message
}

describe('a notice whose messages are read on another device', () => {
  test('is taken away, once, with what is unread by now', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const { desk, token } = await atDesk(bob)
    const { id } = await alice.opens(bob)
    const first = await shows(alice, id)
    const second = await shows(alice, id, 'again')
    await shows(carol, (await carol.opens(bob)).id)

    await liveEqualsRefetch([bob], () => desk.reads(id, second.seq))
    await isTold(second, ['MESSAGE SENT', 'READ SENT'])
    expect(gateway.withdrawalsFor(token)).toEqual([{ tag: id, badge: 1, conversationId: id }])
    expect(gateway.notificationsFor(token)).toHaveLength(3)

    await desk.reads(id, second.seq)
    const third = await shows(alice, id, 'and again')
    await desk.reads(id, third.seq)
    await isTold(third, ['MESSAGE SENT', 'READ SENT'])
    expect(gateway.withdrawalsFor(token)).toHaveLength(2)
    expect(await told(first)).toEqual(['MESSAGE SENT'])

    // What was never shown is nothing to take away, nor is what has gone.
    await bob.changesView(id, { doNotDisturb: true })
    const fourth = await alice.sends(id, 'psst')
    await isTold(fourth, ['MESSAGE SUPPRESSED'])
    await desk.reads(id, fourth.seq)
    expect(await told(third)).toEqual(['MESSAGE SENT', 'READ SENT'])
  })

  test('is taken away at night, and where nothing shall disturb', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { desk, token } = await atDesk(bob)
    const { id } = await alice.opens(bob)
    const message = await shows(alice, id)
    await setsQuietHours(bob)
    await bob.changesView(id, { doNotDisturb: true })
    await desk.reads(id, message.seq)
    await isTold(message, ['MESSAGE SENT', 'READ SENT'])
    expect(gateway.withdrawalsFor(token)).toHaveLength(1)
  })

  test('is taken away by an answer from there', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { desk, token } = await atDesk(bob)
    const { id } = await alice.opens(bob)
    const message = await shows(alice, id)
    await desk.sends(id, 'on my way')
    await isTold(message, ['MESSAGE SENT', 'READ SENT'])
    expect(gateway.withdrawalsFor(token)).toEqual([{ tag: id, badge: 0, conversationId: id }])
  })

  test('is taken away by an answer in a large group, too', async () => {
    const [alice, bob, carol, dave] = await world.friends('alice', 'bob', 'carol', 'dave')
    const [bobs, carols] = [await atDesk(bob), await atDesk(carol)]
    const group = await alice.creates('Town', [bob, carol, dave])
    const message = await alice.sendsContent(group.id, {
      richText: { parts: [{ mentionAll: { displayText: '@all' } }] },
    })
    await isTold(message, ['MESSAGE SENT', 'MESSAGE SENT'])
    await bobs.desk.sends(group.id, 'on my way')
    await isTold(message, ['MESSAGE SENT', 'MESSAGE SENT', 'READ SENT'])
    expect(gateway.withdrawalsFor(bobs.token)).toEqual([
      { tag: group.id, badge: 0, conversationId: group.id },
    ])
    expect(gateway.withdrawalsFor(carols.token)).toEqual([])
  })

  test('is taken away if it was on its way just then', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { desk, token } = await atDesk(bob)
    const { id } = await alice.opens(bob)
    let answers = (_reply: Reply) => {}
    gateway.replies.push(new Promise((resolve) => (answers = resolve)))
    const message = await alice.sends(id, 'hello')
    await gateway.getsFor(token)
    await desk.reads(id, message.seq)
    answers({ status: 202 })
    await isTold(message, ['MESSAGE SENT', 'READ SENT'])
  })

  test('is taken away from nobody else, nor from the device that reads', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const [bobs, carols] = [await atDesk(bob), await atDesk(carol)]
    const desks = randomUUID()
    await registersDevice(bobs.desk, 'WEBHOOK', desks)
    const group = await alice.creates('Kitchen', [bob, carol])
    const message = await alice.sends(group.id, 'dinner')
    await isTold(message, ['MESSAGE SENT', 'MESSAGE SENT', 'MESSAGE SENT'])

    await bobs.desk.reads(group.id, message.seq)
    await isTold(message, ['MESSAGE SENT', 'MESSAGE SENT', 'MESSAGE SENT', 'READ SENT'])
    expect(gateway.withdrawalsFor(bobs.token)).toHaveLength(1)
    for (const token of [carols.token, desks]) expect(gateway.withdrawalsFor(token)).toEqual([])
  })

  test('stays while something of it is unread', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { desk } = await atDesk(bob)
    const { id } = await alice.opens(bob)
    const first = await shows(alice, id)
    const second = await shows(alice, id, 'again')
    await desk.reads(id, first.seq)
    expect(await told(second)).toEqual(['MESSAGE SENT'])
    await desk.reads(id, second.seq)
    await isTold(second, ['MESSAGE SENT', 'READ SENT'])
  })

  test('stays if another has taken its place before it could go', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { desk, token } = await atDesk(bob)
    const { id } = await alice.opens(bob)
    const message = await shows(alice, id)
    gateway.replies.push({ status: 429, headers: { 'retry-after': '3600' } })
    await desk.reads(id, message.seq)
    await isPutOff(message)
    await isTold(message, ['MESSAGE SENT', 'READ QUEUED'])
    await shows(alice, id, 'again')
    await hurries(bob)
    await isTold(message, ['MESSAGE SENT', 'READ SUPPRESSED'])
    expect(gateway.withdrawalsFor(token)).toHaveLength(1)
  })
})

describe('a notice of a group that is no longer theirs', () => {
  test.each<[string, (alice: Person, bob: Person, id: string) => Promise<unknown>]>([
    ['is removed', (alice, bob, id) => alice.removes(id, bob)],
    ['leaves', (_alice, bob, id) => bob.leaves(id)],
    ['is in it when it ends', (alice, _bob, id) => dissolves(alice, id)],
  ])('is taken away from whoever %s, with what else is unread', async (_who, ends) => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { token } = await atDesk(bob)
    const { id } = await alice.creates('Kitchen', [bob])
    await shows(alice, (await alice.opens(bob)).id)
    const message = await shows(alice, id)
    await liveEqualsRefetch([bob], () => ends(alice, bob, id))
    await isTold(message, ['MESSAGE SENT', 'LEFT SENT'])
    expect(gateway.withdrawalsFor(token)).toEqual([{ tag: id, badge: 1, conversationId: id }])
  })

  test('is taken away from nobody else, and not from a device that shows nothing of it', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const [bobs, carols] = [await atDesk(bob), await atDesk(carol)]
    const { id } = await alice.creates('Kitchen', [bob, carol])
    const message = await alice.sends(id, 'dinner')
    await isTold(message, ['MESSAGE SENT', 'MESSAGE SENT'])
    await carols.desk.reads(id, message.seq)
    await isTold(message, ['MESSAGE SENT', 'MESSAGE SENT', 'READ SENT'])
    await alice.removes(id, carol)
    await alice.removes(id, bob)
    await isTold(message, ['MESSAGE SENT', 'MESSAGE SENT', 'READ SENT', 'LEFT SENT'])
    expect(gateway.withdrawalsFor(bobs.token)).toHaveLength(1)
    expect(gateway.withdrawalsFor(carols.token)).toHaveLength(1)
  })

  test('is taken away if it was on its way just then', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { token } = await atDesk(bob)
    const { id } = await alice.creates('Kitchen', [bob])
    let answers = (_reply: Reply) => {}
    gateway.replies.push(new Promise((resolve) => (answers = resolve)))
    const message = await alice.sends(id, 'dinner')
    await gateway.getsFor(token)
    await alice.removes(id, bob)
    answers({ status: 202 })
    await isTold(message, ['MESSAGE SENT', 'LEFT SENT'])
  })

  test('stays if they are in it again and another has taken its place', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { token } = await atDesk(bob)
    const { id } = await alice.creates('Kitchen', [bob])
    const message = await shows(alice, id)
    gateway.replies.push({ status: 429, headers: { 'retry-after': '3600' } })
    await alice.removes(id, bob)
    await isPutOff(message)
    await isTold(message, ['MESSAGE SENT', 'LEFT QUEUED'])
    await alice.adds(id, bob)
    await shows(alice, id, 'again')
    await hurries(bob)
    await isTold(message, ['MESSAGE SENT', 'LEFT SUPPRESSED'])
    expect(gateway.withdrawalsFor(token)).toHaveLength(1)
  })

  test('is nothing that the sender hears of', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    await atDesk(bob)
    const { id } = await alice.creates('Kitchen', [bob])
    const message = await shows(alice, id)
    await bob.leaves(id)
    await isTold(message, ['MESSAGE SENT', 'LEFT SENT'])
    expect((await attempts(alice, message)).map(({ purpose }) => purpose)).toEqual(['MESSAGE'])
  })
})

test('nothing is sent for reading what no device showed', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { desk, token } = await atDesk(bob)
  const { id } = await alice.opens(bob)
  await bob.changesView(id, { doNotDisturb: true })
  const message = await alice.sends(id, 'psst')
  await isTold(message, ['MESSAGE SUPPRESSED'])
  await desk.reads(id, message.seq)
  expect(await told(message)).toEqual(['MESSAGE SUPPRESSED'])
  expect(gateway.received.map(tokenOf)).not.toContain(token)
})

test('who has read is not told to the sender by what became of the notices', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { desk } = await atDesk(bob)
  const { id } = await alice.opens(bob)
  const message = await shows(alice, id)
  await desk.reads(id, message.seq)
  await isTold(message, ['MESSAGE SENT', 'READ SENT'])
  expect((await attempts(alice, message)).map(({ purpose }) => purpose)).toEqual(['MESSAGE'])
})

test('a device that acknowledges shows nothing, so nothing is taken away', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { desk, token } = await atDesk(bob)
  await setsQuietHours(bob)
  const inbox = await desk.listens()
  const { id } = await alice.opens(bob)
  const message = await alice.sends(id, 'hello')
  const { cursor } = await inbox.sees('MessagesChanged', (event) => event.conversationId === id)
  await desk.do(Acknowledge, { cursor })
  // Decided before that, it waits for the morning.
  await vi.waitFor(async () => expect(await told(message)).toHaveLength(1), 10_000)
  await desk.reads(id, message.seq)
  await vi.waitFor(async () => {
    await hurries(bob)
    expect(await told(message)).toEqual(['MESSAGE SUPPRESSED'])
  }, 10_000)
  expect(gateway.received.map(tokenOf)).not.toContain(token)
})

test('Safari is told of nothing that it would have to show', async () => {
  const { env, close } = await createBrowserPushServer()
  await close()
  const keys = {
    publicKey: env.VAPID_PUBLIC_KEY ?? '',
    privateKey: env.VAPID_PRIVATE_KEY ?? '',
    subject: 'mailto:admin@example.com',
  }
  const posted: string[] = []
  const httpClient: HttpClient = {
    async post(url) {
      posted.push(url)
      return { status: 201, headers: {}, text: '' }
    },
    close: () => {},
  }
  const push = createWebPush(keys, httpClient, pino({ enabled: false }))
  const withdrawal = { id: '1', tag: 'c', badge: 0, conversationId: 'c' }
  const outcome = async (endpoint: string) =>
    (await push.withdraw(withdrawal, browser(endpoint).token)).outcome
  expect(await outcome('https://web.push.apple.com/1')).toBe('SUPPRESSED')
  expect(await outcome('https://push.example.com/1')).toBe('SENT')
  expect(posted).toEqual(['https://push.example.com/1'])
})

/** What waits for somebody is due now. */
const hurries = ({ id }: Person) =>
  inDatabase(`update push_attempt set due_at = now() where status = 'QUEUED' and user_id = $1`, [id])

async function inDatabase(statement: string, params: unknown[]): Promise<void> {
  const client = new pg.Client({ connectionString: world.databaseUrl })
  await client.connect()
  await client.query(statement, params)
  await client.end()
}
