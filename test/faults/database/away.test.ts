import type { Client } from 'graphql-ws'
import pino from 'pino'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type App, createApp } from '../../../src/app.ts'
import { type Config, readConfig } from '../../../src/config.ts'
import { directConversationId } from '../../../src/conversation/direct.ts'
import { Device } from '../../inbox/device.ts'
import { seesStatus, statuses, types, typist, watches, watchesTyping } from '../../presence/verbs.ts'
import { ask, codesOf, type GraphqlBody, Wire } from '../../server/wire.ts'
import { cheapHashing } from '../../setup/cheap-hashing.ts'
import { createTestDatabase, type TestDatabase } from '../../setup/database.ts'
import { withoutFfmpeg } from '../../setup/ffmpeg.ts'
import { generousLimits } from '../../setup/generous-limits.ts'
import { refusal } from '../../world/client.ts'
import { withDeadline } from '../../world/deadline.ts'
import { eventually } from '../../world/eventually.ts'
import { Inbox } from '../../world/inbox.ts'
import type { Person } from '../../world/person.ts'
import { timed } from '../../world/stopwatch.ts'
import { type Attempt, acknowledged, everythingIsThere, signsUp, tries } from '../attempts.ts'
import { DatabaseProxy } from './proxy.ts'

/** Of the requests that a silent database does not answer. */
const deadlineMs = 2_000

let database: TestDatabase
let proxy: DatabaseProxy
let app: App
let config: Config
let alice: Person
let bob: Person
let room: string
const lines: string[] = []
const hasLogged = (text: string) => lines.some((line) => line.includes(text))

beforeAll(async () => {
  database = await createTestDatabase()
  proxy = await DatabaseProxy.before(database.url)
  config = readConfig({
    PORT: '0',
    AUTH_SECRET: 'a secret for tests that is long enough',
    DATABASE_URL: proxy.url,
    DIRECT_MESSAGES_FROM: 'everyone',
    GROUP_ADDITIONS_FROM: 'everyone',
    ...generousLimits,
    ...withoutFfmpeg,
    LIMIT_PRESENCE_GRACE_MS: '500',
    LIMIT_TYPING_MS: '3000',
  })
  app = await createApp(config, {
    passwordHashing: cheapHashing,
    log: pino({ level: 'warn' }, { write: (line) => lines.push(line) }),
  })
  alice = await signsUp(app.url, 'alice')
  bob = await signsUp(app.url, 'bob')
})

beforeEach(async () => {
  room = (await alice.creates('a room of its own', [bob])).id
})

afterAll(async () => {
  await app?.close()
  await proxy?.close()
  await database?.drop()
})

/** Sends continuously during an action; returns the outcomes and how long each took. */
async function sendingWhile(attempts: Attempt[], happen: () => Promise<void>) {
  const answers: { code: string; ms: number }[] = []
  let isOver = false
  const sends = async (sender: Person) => {
    while (!isOver) {
      const [code, ms] = await timed(tries(sender, room, attempts))
      answers.push({ code, ms })
    }
  }
  const senders = [sends(alice), sends(bob), sends(alice)]
  await happen().finally(() => {
    isOver = true
  })
  await Promise.all(senders)
  return answers
}

const sentSince = (attempts: Attempt[], before: number) => () => acknowledged(attempts.slice(before))

test('an outage of the database loses no acknowledged message and needs no restart', async () => {
  const attempts: Attempt[] = []
  const device = await Device.of(bob)
  await device.opens()
  const refused: string[] = []
  const answers = await sendingWhile(attempts, async () => {
    await expect.poll(sentSince(attempts, 0), { interval: 5 }).toBeGreaterThan(20)
    await proxy.goesAway()
    const before = attempts.length
    for (let count = 0; count < 5; count += 1) refused.push(await refusal(alice.reads(room, 1)))
    await expect.poll(() => attempts.length - before, { interval: 5 }).toBeGreaterThan(20)
    await proxy.comesBack()
    const back = attempts.length
    await expect.poll(sentSince(attempts, back), { interval: 5 }).toBeGreaterThan(20)
  })
  expect(new Set(answers.map(({ code }) => code))).toContain('UNAVAILABLE')
  for (const { code, ms } of answers) {
    expect(['sent', 'UNAVAILABLE', 'OUTCOME_UNKNOWN']).toContain(code)
    expect(ms).toBeLessThan(config.limits.requestDeadlineMs)
  }
  // One send may have used a connection that had just broken.
  expect(refused.slice(1)).toEqual(Array(4).fill('UNAVAILABLE'))
  await everythingIsThere([alice, bob], attempts)
  // The socket that stayed open continues.
  await device.becomesComplete()
  device.cut()
})

test('presence and typing subscriptions continue when the database is back', async () => {
  const inbox = await alice.listens()
  const watch = watches(bob, alice)
  await seesStatus(watch, alice, 'ONLINE')
  const received = await watchesTyping(bob, room)
  await types(alice, room)
  await received.sees(typist(alice, true))
  await proxy.goesAway()
  inbox.close()
  // Both have an event, whose visibility cannot be checked during the outage.
  const isOver = () => hasLogged('typing permission unreadable, will retry') || received.events.length > 1
  await eventually(() =>
    expect([hasLogged('presence unreadable, will retry'), isOver()]).toEqual([true, true]),
  )
  await proxy.comesBack()
  await seesStatus(watch, alice, 'OFFLINE')
  await received.sees(typist(alice, false))
  expect(statuses(watch)).toEqual(['ONLINE', 'OFFLINE'])
  watch.close()
  received.close()
})

test('requests to a database that does not respond end at their deadline', { timeout: 60_000 }, async () => {
  const attempts: Attempt[] = []
  const device = await Device.of(bob)
  await device.opens()
  const fallsSilent = async () => {
    await expect.poll(sentSince(attempts, 0), { interval: 5 }).toBeGreaterThan(20)
    const isSilent = proxy.fallsSilentAtTheCommitOf('the last commit')
    const last = tries(alice, room, attempts, 'the last commit')
    await isSilent
    // Longer than the session cache, so that the session look-up gets no response either.
    const silence = Date.now()
    const before = attempts.length
    await expect.poll(() => attempts.length - before, { interval: 5 }).toBeGreaterThan(2)
    const answer = await refusal(bob.reads(room, 1))
    expect(['UNAVAILABLE', 'OUTCOME_UNKNOWN']).toContain(answer)
    expect(Date.now() - silence).toBeGreaterThan(1_000)
    expect(await last).toBe('OUTCOME_UNKNOWN')
    await proxy.comesBack()
    const back = attempts.length
    await expect.poll(sentSince(attempts, back), { interval: 5 }).toBeGreaterThan(20)
  }
  const answers = await withDeadline(config, deadlineMs, () => sendingWhile(attempts, fallsSilent))
  for (const { code, ms } of answers) {
    expect(['sent', 'UNAVAILABLE', 'OUTCOME_UNKNOWN']).toContain(code)
    expect(ms).toBeLessThan(1.5 * deadlineMs)
  }
  await everythingIsThere([alice, bob], attempts)
  await device.becomesComplete()
  device.cut()
})

/** The result of a query over an open socket. */
function asks(client: Client, query: string): Promise<GraphqlBody> {
  return new Promise((resolve) => {
    client.subscribe(
      { query },
      {
        next: (body) => resolve(body as GraphqlBody),
        error: (errors) => resolve({ errors } as GraphqlBody),
        complete: () => {},
      },
    )
  })
}

test('a subscription opened while the database is away begins when it is back', async () => {
  const client = bob.socket()
  const first = new Inbox(client, {})
  await first.sees('Checkpoint', (event) => event.caughtUp)
  const cursor = first.cursor
  await proxy.goesAway()
  const second = new Inbox(client, { after: cursor })
  // Operations of one socket are checked in their order.
  expect(codesOf({ body: await asks(client, '{ me { user { id } } }') })).toEqual(['UNAVAILABLE'])
  await proxy.comesBack()
  await second.sees('Checkpoint', (event) => event.caughtUp)
  await alice.sends(room, 'after the outage')
  await second.sees('MessagesChanged', ({ messages }) =>
    messages.some(({ plainText }) => plainText === 'after the outage'),
  )
  first.close()
  second.close()
})

test('a session look-up that the database does not answer is part of the deadline', {
  timeout: 60_000,
}, async () => {
  const wire = await Wire.ready(app.url, alice.credentials.accessToken)
  proxy.fallsSilent()
  const askAll = async (id: string) => {
    wire.subscribe(id, '{ me { id } }')
    return Promise.all([ask(app.url, '{ me { id } }', bob.credentials.accessToken), wire.answers(id)])
  }
  // What was looked up in the last second is known.
  const [[http, socket], ms] = await withDeadline(config, deadlineMs, async () => {
    await askAll('known')
    return timed(askAll('unknown'))
  })
  expect([codesOf(http), codesOf({ body: socket })]).toEqual([['UNAVAILABLE'], ['UNAVAILABLE']])
  expect(ms).toBeLessThan(1.5 * deadlineMs)
  await proxy.comesBack()
  await eventually(async () => expect((await ask(app.url, '{ __typename }')).status).toBe(200))
})

test.each(['before', 'after'] as const)(
  'a connection that breaks %s the COMMIT is OUTCOME_UNKNOWN, and the retry decides',
  async (moment) => {
    const maxSeq = (await bob.conversation(room))?.maxSeq ?? 0
    const key = { clientMessageId: `cut ${moment}` }
    const cut = proxy.cutsTheCommitOf(key.clientMessageId, moment)
    expect(await refusal(alice.sends(room, 'cut', key))).toBe('OUTCOME_UNKNOWN')
    await cut
    const stored = moment === 'after' ? 1 : 0
    expect(await bob.conversation(room)).toMatchObject({ maxSeq: maxSeq + stored })

    const message = await alice.sends(room, 'cut', key)
    expect(message.seq).toBe(maxSeq + 1)
    expect(await bob.conversation(room)).toMatchObject({ maxSeq: maxSeq + 1 })

    const cutOfEdit = proxy.cutsTheCommitOf('other words', moment)
    expect(await refusal(alice.edits(message, 'other words'))).toBe('OUTCOME_UNKNOWN')
    await cutOfEdit
    expect((await bob.message(message.id))?.plainText).toBe(moment === 'after' ? 'other words' : 'cut')
  },
)

test('a send whose connection breaks while it locks and reads is stored once, on another connection', async () => {
  const maxSeq = (await bob.conversation(room))?.maxSeq ?? 0
  const key = { clientMessageId: 'a send that breaks' }
  const broken = proxy.cutsTheStatementWith(key.clientMessageId)
  expect((await alice.sends(room, 'hi', key)).seq).toBe(maxSeq + 1)
  await broken
  expect(await bob.conversation(room)).toMatchObject({ maxSeq: maxSeq + 1 })
})

test('a connection that breaks in a transaction before its COMMIT has written nothing', async () => {
  const message = await alice.sends(room, 'before')
  const attempts = [
    { text: 'an edit that breaks', run: () => alice.edits(message, 'an edit that breaks') },
    { text: 'a group that breaks', run: () => alice.creates('a group that breaks', [bob]) },
  ]
  for (const { text, run } of attempts) {
    void proxy.cutsTheStatementWith(text)
    expect([text, await refusal(run())]).toEqual([text, 'UNAVAILABLE'])
  }
  expect((await bob.message(message.id))?.plainText).toBe('before')
})

const openDirect =
  'mutation ($userId: ID!) { openDirectConversation(input: { userId: $userId }) { conversation { id } } }'

test('a read whose connection breaks is UNAVAILABLE, in a query and before the change of a mutation', async () => {
  const [erin, frank] = [await signsUp(app.url, 'erin'), await signsUp(app.url, 'frank')]
  const token = erin.credentials.accessToken
  const directId = directConversationId(erin.id, frank.id)
  for (const operation of ['query ($userId: ID!) { user(id: $userId) { id } }', openDirect]) {
    await ask(app.url, '{ me { id } }', token)
    const broken = proxy.cutsTheStatementWith(frank.id)
    expect([operation, codesOf(await ask(app.url, operation, token, { userId: frank.id }))]).toEqual([
      operation,
      ['UNAVAILABLE'],
    ])
    await broken
  }
  expect(await erin.conversation(directId)).toBeNull()
})

test('a read whose connection breaks after the change of a mutation is OUTCOME_UNKNOWN', async () => {
  const [grace, heidi] = [await signsUp(app.url, 'grace'), await signsUp(app.url, 'heidi')]
  const token = grace.credentials.accessToken
  const directId = directConversationId(grace.id, heidi.id)
  // In the resolver of the mutation, and then in one of a field of its payload.
  const broken = proxy.cutsTheStatementWith(directId, { afterCommit: true })
  expect(codesOf(await ask(app.url, openDirect, token, { userId: heidi.id }))).toEqual(['OUTCOME_UNKNOWN'])
  await broken
  expect(await grace.conversation(directId)).toMatchObject({ id: directId })

  // A number that no job reads at the same time.
  const send = `mutation ($id: ID!) { sendMessage(input: { conversationId: $id, clientMessageId: "k", content: { text: "hi" } })
    { message { conversation { message(seq: 2000000001) { id } } } } }`
  const brokenBelow = proxy.cutsTheStatementWith('2000000001')
  expect(codesOf(await ask(app.url, send, token, { id: directId }))).toEqual(['OUTCOME_UNKNOWN'])
  await brokenBelow
  expect((await grace.conversation(directId))?.maxSeq).toBe(1)
})

// The pool hands it out, because the server of the database ended it a moment ago.
test('a connection that broke while it was idle is replaced when a transaction begins', async () => {
  const message = await alice.sends(room, 'before')
  const attempts = [
    { begin: 'begin; set local', run: () => alice.sends(room, 'sent') },
    { begin: 'BEGIN', run: () => alice.edits(message, 'edited') },
  ]
  for (const { begin, run } of attempts) {
    const broken = proxy.cutsTheStatementWith(begin)
    await run()
    await broken
  }
  expect((await bob.message(message.id))?.plainText).toBe('edited')
})
