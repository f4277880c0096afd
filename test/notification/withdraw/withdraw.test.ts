import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createWebPush } from '../../../src/notification/provider/web-push.ts'
import type { HttpClient } from '../../../src/platform/http-client/client.ts'
import { dissolves } from '../../group/verbs.ts'
import { eventually } from '../../world/eventually.ts'
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
  LIMIT_INLINE_GROUP_SIZE: '3',
  // Handle of the first person of this world.
  ADMIN_HANDLES: 'molly.c',
})

let moderator: Person
beforeAll(async () => {
  moderator = await world.person('molly')
})

/** Registers a push device for the person's first session and signs in on a second one, the desk. */
async function atDesk(person: Person) {
  const desk = await person.onAnotherDevice('desk')
  const token = randomUUID()
  await registersDevice(person, 'WEBHOOK', token)
  return { desk, token }
}

type Message = Awaited<ReturnType<Person['sends']>>

const states = async (message: Message) =>
  (await attempts(moderator, message)).map(({ purpose, status }) => `${purpose} ${status}`)

const become = (message: Message, expected: string[]) =>
  vi.waitFor(async () => expect(await states(message)).toEqual(expected), 10_000)

/** Waits until the withdrawal that the provider refused waits for its retry. */
const waitsForRetry = (message: Message) =>
  vi.waitFor(async () => {
    const found = await attempts(moderator, message)
    expect(found).toContainEqual(expect.objectContaining({ status: 'QUEUED', providerStatus: '429' }))
  }, 10_000)

/** The number of connections to the database of this world that wait for a lock. */
async function waitingForLocks(database: pg.Client): Promise<number> {
  const { rows } = await database.query<{ count: number }>(
    `select count(*)::integer as count from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock'`,
  )
  return rows[0]?.count ?? 0
}

/** Sends a message and waits until its notification was sent. */
async function notifies(alice: Person, conversationId: string, text = 'hello') {
  const message = await alice.sends(conversationId, text)
  await become(message, ['MESSAGE SENT'])
  return message
}

describe('a notification whose messages are read on another device', () => {
  test('is withdrawn once, with the current unread count', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const { desk, token } = await atDesk(bob)
    const { id } = await alice.opens(bob)
    const first = await notifies(alice, id)
    const second = await notifies(alice, id, 'again')
    await notifies(carol, (await carol.opens(bob)).id)

    await liveEqualsRefetch([bob], () => desk.reads(id, second.seq))
    await become(second, ['MESSAGE SENT', 'READ SENT'])
    expect(gateway.withdrawalsFor(token)).toEqual([{ tag: id, badge: 1, conversationId: id }])
    expect(gateway.notificationsFor(token)).toHaveLength(3)

    await desk.reads(id, second.seq)
    const third = await notifies(alice, id, 'and again')
    await desk.reads(id, third.seq)
    await become(third, ['MESSAGE SENT', 'READ SENT'])
    expect(gateway.withdrawalsFor(token)).toHaveLength(2)
    expect(await states(first)).toEqual(['MESSAGE SENT'])

    // Neither a notification that was never shown nor one that is already withdrawn is withdrawn.
    await bob.changesView(id, { doNotDisturb: true })
    const fourth = await alice.sends(id, 'psst')
    await become(fourth, ['MESSAGE SUPPRESSED'])
    await desk.reads(id, fourth.seq)
    expect(await states(third)).toEqual(['MESSAGE SENT', 'READ SENT'])
  })

  test('is withdrawn during quiet hours and with do-not-disturb', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { desk, token } = await atDesk(bob)
    const { id } = await alice.opens(bob)
    const message = await notifies(alice, id)
    await setsQuietHours(bob)
    await bob.changesView(id, { doNotDisturb: true })
    await desk.reads(id, message.seq)
    await become(message, ['MESSAGE SENT', 'READ SENT'])
    expect(gateway.withdrawalsFor(token)).toHaveLength(1)
  })

  test('is withdrawn by a reply from the other device', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { desk, token } = await atDesk(bob)
    const { id } = await alice.opens(bob)
    const message = await notifies(alice, id)
    await desk.sends(id, 'on my way')
    await become(message, ['MESSAGE SENT', 'READ SENT'])
    expect(gateway.withdrawalsFor(token)).toEqual([{ tag: id, badge: 0, conversationId: id }])
  })

  test('is withdrawn by a reply in a SIGNAL group', async () => {
    const [alice, bob, carol, dave] = await world.friends('alice', 'bob', 'carol', 'dave')
    const [bobs, carols] = [await atDesk(bob), await atDesk(carol)]
    const group = await alice.creates('Town', [bob, carol, dave])
    const message = await alice.sendsContent(group.id, {
      richText: { parts: [{ mentionAll: { displayText: '@all' } }] },
    })
    await become(message, ['MESSAGE SENT', 'MESSAGE SENT'])
    await bobs.desk.sends(group.id, 'on my way')
    await become(message, ['MESSAGE SENT', 'MESSAGE SENT', 'READ SENT'])
    expect(gateway.withdrawalsFor(bobs.token)).toEqual([
      { tag: group.id, badge: 0, conversationId: group.id },
    ])
    expect(gateway.withdrawalsFor(carols.token)).toEqual([])
  })

  test('is withdrawn if its request to the provider was in flight', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { desk, token } = await atDesk(bob)
    const { id } = await alice.opens(bob)
    let answers = (_reply: Reply) => {}
    gateway.replies.push(new Promise((resolve) => (answers = resolve)))
    const message = await alice.sends(id, 'hello')
    await gateway.getsFor(token)
    await desk.reads(id, message.seq)
    answers({ status: 202 })
    await become(message, ['MESSAGE SENT', 'READ SENT'])
  })

  test('is not withdrawn from other users, nor from the device that reads', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const [bobs, carols] = [await atDesk(bob), await atDesk(carol)]
    const desks = randomUUID()
    await registersDevice(bobs.desk, 'WEBHOOK', desks)
    const group = await alice.creates('Kitchen', [bob, carol])
    const message = await alice.sends(group.id, 'dinner')
    await become(message, ['MESSAGE SENT', 'MESSAGE SENT', 'MESSAGE SENT'])

    await bobs.desk.reads(group.id, message.seq)
    await become(message, ['MESSAGE SENT', 'MESSAGE SENT', 'MESSAGE SENT', 'READ SENT'])
    expect(gateway.withdrawalsFor(bobs.token)).toHaveLength(1)
    for (const token of [carols.token, desks]) expect(gateway.withdrawalsFor(token)).toEqual([])
  })

  test('counts as sent only after reads during its request were looked up', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { desk, token } = await atDesk(bob)
    const desks = randomUUID()
    const { id } = await alice.opens(bob)
    await registersDevice(desk, 'WEBHOOK', desks)
    const database = new pg.Client({ connectionString: world.databaseUrl })
    await database.connect()
    await database.query('begin')
    await database.query('select from membership where conversation_id = $1 and user_id = $2 for update', [
      id,
      bob.id,
    ])
    const message = await alice.sends(id, 'hello')
    await Promise.all([gateway.getsFor(token), gateway.getsFor(desks)])
    await eventually(async () => expect(await waitingForLocks(database)).toBe(2))
    expect(await states(message)).toEqual(['MESSAGE QUEUED', 'MESSAGE QUEUED'])
    await database.end()

    await become(message, ['MESSAGE SENT', 'MESSAGE SENT'])
    await desk.reads(id, message.seq)
    await become(message, ['MESSAGE SENT', 'MESSAGE SENT', 'READ SENT'])
    expect(gateway.withdrawalsFor(token)).toHaveLength(1)
    expect(gateway.withdrawalsFor(desks)).toEqual([])
  })

  test('is kept while one of its messages is unread', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { desk } = await atDesk(bob)
    const { id } = await alice.opens(bob)
    const first = await notifies(alice, id)
    const second = await notifies(alice, id, 'again')
    await desk.reads(id, first.seq)
    expect(await states(second)).toEqual(['MESSAGE SENT'])
    await desk.reads(id, second.seq)
    await become(second, ['MESSAGE SENT', 'READ SENT'])
  })

  test('is not withdrawn after a newer notification has replaced it', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { desk, token } = await atDesk(bob)
    const { id } = await alice.opens(bob)
    const message = await notifies(alice, id)
    gateway.replies.push({ status: 429, headers: { 'retry-after': '3600' } })
    await desk.reads(id, message.seq)
    await waitsForRetry(message)
    await become(message, ['MESSAGE SENT', 'READ QUEUED'])
    await notifies(alice, id, 'again')
    await makesDue(bob)
    await become(message, ['MESSAGE SENT', 'READ SUPPRESSED'])
    expect(gateway.withdrawalsFor(token)).toHaveLength(1)
  })
})

describe('a notification of a group', () => {
  test.each<[string, (alice: Person, bob: Person, id: string) => Promise<unknown>]>([
    ['a member who is removed', (alice, bob, id) => alice.removes(id, bob)],
    ['a member who leaves', (_alice, bob, id) => bob.leaves(id)],
    ['a member of a dissolved group', (alice, _bob, id) => dissolves(alice, id)],
  ])('is withdrawn from %s, with the current unread count', async (_who, ends) => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { token } = await atDesk(bob)
    const { id } = await alice.creates('Kitchen', [bob])
    await notifies(alice, (await alice.opens(bob)).id)
    const message = await notifies(alice, id)
    await liveEqualsRefetch([bob], () => ends(alice, bob, id))
    await become(message, ['MESSAGE SENT', 'LEFT SENT'])
    expect(gateway.withdrawalsFor(token)).toEqual([{ tag: id, badge: 1, conversationId: id }])
  })

  test('is not withdrawn from other members, nor from devices that do not show it', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const [bobs, carols] = [await atDesk(bob), await atDesk(carol)]
    const { id } = await alice.creates('Kitchen', [bob, carol])
    const message = await alice.sends(id, 'dinner')
    await become(message, ['MESSAGE SENT', 'MESSAGE SENT'])
    await carols.desk.reads(id, message.seq)
    await become(message, ['MESSAGE SENT', 'MESSAGE SENT', 'READ SENT'])
    await alice.removes(id, carol)
    await alice.removes(id, bob)
    await become(message, ['MESSAGE SENT', 'MESSAGE SENT', 'READ SENT', 'LEFT SENT'])
    expect(gateway.withdrawalsFor(bobs.token)).toHaveLength(1)
    expect(gateway.withdrawalsFor(carols.token)).toHaveLength(1)
  })

  test('is withdrawn if its request to the provider was in flight', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { token } = await atDesk(bob)
    const { id } = await alice.creates('Kitchen', [bob])
    let answers = (_reply: Reply) => {}
    gateway.replies.push(new Promise((resolve) => (answers = resolve)))
    const message = await alice.sends(id, 'dinner')
    await gateway.getsFor(token)
    await alice.removes(id, bob)
    answers({ status: 202 })
    await become(message, ['MESSAGE SENT', 'LEFT SENT'])
  })

  test('is not withdrawn after a return to the group and a newer notification', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { token } = await atDesk(bob)
    const { id } = await alice.creates('Kitchen', [bob])
    const message = await notifies(alice, id)
    gateway.replies.push({ status: 429, headers: { 'retry-after': '3600' } })
    await alice.removes(id, bob)
    await waitsForRetry(message)
    await become(message, ['MESSAGE SENT', 'LEFT QUEUED'])
    await alice.adds(id, bob)
    await notifies(alice, id, 'again')
    await makesDue(bob)
    await become(message, ['MESSAGE SENT', 'LEFT SUPPRESSED'])
    expect(gateway.withdrawalsFor(token)).toHaveLength(1)
  })

  test('is withdrawn without the sender seeing it in pushAttempts', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    await atDesk(bob)
    const { id } = await alice.creates('Kitchen', [bob])
    const message = await notifies(alice, id)
    await bob.leaves(id)
    await become(message, ['MESSAGE SENT', 'LEFT SENT'])
    expect((await attempts(alice, message)).map(({ purpose }) => purpose)).toEqual(['MESSAGE'])
  })
})

test('reading a message that no device showed sends nothing', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { desk, token } = await atDesk(bob)
  const { id } = await alice.opens(bob)
  await bob.changesView(id, { doNotDisturb: true })
  const message = await alice.sends(id, 'psst')
  await become(message, ['MESSAGE SUPPRESSED'])
  await desk.reads(id, message.seq)
  expect(await states(message)).toEqual(['MESSAGE SUPPRESSED'])
  expect(gateway.received.map(tokenOf)).not.toContain(token)
})

test('pushAttempts do not show the sender who has read', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { desk } = await atDesk(bob)
  const { id } = await alice.opens(bob)
  const message = await notifies(alice, id)
  await desk.reads(id, message.seq)
  await become(message, ['MESSAGE SENT', 'READ SENT'])
  expect((await attempts(alice, message)).map(({ purpose }) => purpose)).toEqual(['MESSAGE'])
})

test('an acknowledged message is neither pushed nor withdrawn', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { desk, token } = await atDesk(bob)
  await setsQuietHours(bob)
  const inbox = await desk.listens()
  const { id } = await alice.opens(bob)
  const message = await alice.sends(id, 'hello')
  const { cursor } = await inbox.sees('MessagesChanged', (event) => event.conversationId === id)
  await desk.do(Acknowledge, { cursor })
  // If it was decided before the acknowledgement, it waits for the end of quiet hours.
  await vi.waitFor(async () => expect(await states(message)).toHaveLength(1), 10_000)
  await desk.reads(id, message.seq)
  await vi.waitFor(async () => {
    await makesDue(bob)
    expect(await states(message)).toEqual(['MESSAGE SUPPRESSED'])
  }, 10_000)
  expect(gateway.received.map(tokenOf)).not.toContain(token)
})

test('Safari gets no withdrawals', async () => {
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

/** Makes the queued attempts of a user due. */
const makesDue = ({ id }: Person) =>
  inDatabase(`update push_attempt set due_at = now() where status = 'QUEUED' and user_id = $1`, [id])

async function inDatabase(statement: string, params: unknown[]): Promise<void> {
  const client = new pg.Client({ connectionString: world.databaseUrl })
  await client.connect()
  await client.query(statement, params)
  await client.end()
}
