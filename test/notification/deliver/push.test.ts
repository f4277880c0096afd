import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { inDatabase, logsOut, onDevice } from '../../auth/verbs.ts'
import { blocks } from '../../contact/verbs.ts'
import { addCrowd } from '../../group/crowd.ts'
import { Acknowledge } from '../../world/operations.ts'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { contentOf, createGatewayServer, tokenOf } from '../servers/gateway.ts'
import {
  attempts,
  changesNotificationSettings,
  registersDevice,
  setsQuietHours,
  unprocessedMarks,
} from '../verbs.ts'

const delayMs = 300
const gateway = await createGatewayServer()
const folder = await mkdtemp(join(tmpdir(), 'parlance-templates-'))
const templates = join(folder, 'templates.json')
await writeFile(templates, JSON.stringify({ de: { group: '{sender} schreibt: {text}' } }))
afterAll(async () => {
  await gateway.close()
  await rm(folder, { recursive: true })
})
const world = useWorld({
  ...gateway.env,
  LIMIT_PUSH_DELAY_MS: String(delayMs),
  LIMIT_IMMEDIATE_GROUP_SIZE: '1',
  LIMIT_INLINE_GROUP_SIZE: '3',
  SESSIONS_PER_PLATFORM: 'ANDROID:1',
  PUSH_TEMPLATES_FILE: templates,
  // Handle of the first person of this world.
  ADMIN_HANDLES: 'molly.c',
})

/** Conversations of two users: one has numbers in their streams, the other one is delivered by the clock. */
const rooms = [
  ['of a direct conversation', (alice: Person, bob: Person) => alice.opens(bob)],
  ['of a larger group', (alice: Person, bob: Person) => alice.creates('group', [bob])],
] as const

let moderator: Person
beforeAll(async () => {
  moderator = await world.person('molly')
})

/** Registers a push device for the person's session and returns its token. */
async function phone(person: Person, locale?: string): Promise<string> {
  const token = randomUUID()
  await registersDevice(person, 'WEBHOOK', token, locale)
  return token
}

/** The push attempts for a message, once none of them is queued. */
async function outcomes(sender: Person, message: { id: string }, count = 1) {
  return vi.waitFor(async () => {
    const found = await attempts(sender, message)
    expect(found).toHaveLength(count)
    expect(found.map(({ status }) => status)).not.toContain('QUEUED')
    return found
  }, 10_000)
}

const statuses = async (sender: Person, message: { id: string }, count = 1) =>
  (await outcomes(sender, message, count)).map(({ status }) => status)

/** Starts quiet hours, so that notifications wait until `release` ends them. */
async function quietHours(person: Person) {
  await setsQuietHours(person)
  const queued = () =>
    rows<{ minutes: number }>(
      `select extract(epoch from due_at - now())::float8 / 60 as minutes from push_attempt
       where user_id = $1 and status = 'QUEUED' and due_at > now() + interval '5 minutes'`,
      [person.id],
    )
  return {
    /** Waits until so many notifications are waiting, and returns for how many minutes. */
    async waiting(count = 1) {
      await vi.waitFor(async () => expect(await queued()).toHaveLength(count), 10_000)
      return (await queued())[0]?.minutes ?? 0
    },
    end: () => changesNotificationSettings(person, { quietFrom: null, quietTo: null }),
  }
}

const rows = <Row extends object>(statement: string, params: unknown[] = []) =>
  inDatabase<Row>(world, statement, params)

describe('a notification', () => {
  test('contains sender, text and unread count', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const token = await phone(bob)
    const { id } = await alice.opens(bob)
    const message = await alice.sends(id, 'are you\ncoming?')

    expect(await gateway.getsFor(token)).toEqual([
      {
        title: 'alice',
        body: 'are you coming?',
        badge: 1,
        tag: id,
        silent: false,
        conversationId: id,
        messageId: message.id,
        seq: message.seq,
      },
    ])
    expect(await outcomes(alice, message)).toEqual([
      expect.objectContaining({ status: 'SENT', providerStatus: '202' }),
    ])
  })

  test('is sent once for a burst, with the newest message, to every device', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const tokens = [await phone(bob), await phone(await bob.onAnotherDevice())]
    const { id } = await alice.opens(bob)
    const night = await quietHours(bob)
    const sent = []
    for (const text of ['one', 'two', 'three']) {
      sent.push(await alice.sends(id, text))
      await night.waiting(tokens.length)
    }
    await expect.poll(() => rows(unprocessedMarks)).toEqual([])
    await night.end()

    for (const token of tokens) {
      const [notification] = await gateway.getsFor(token)
      expect(notification).toMatchObject({ body: 'three', badge: 3, seq: sent.at(-1)?.seq })
    }
    for (const message of sent) expect(await statuses(alice, message, 2)).toEqual(['SENT', 'SENT'])
    for (const token of tokens) expect(gateway.notificationsFor(token)).toHaveLength(1)
  })

  test('is sent again for a later message', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const token = await phone(bob)
    const { id } = await alice.opens(bob)
    const { sentAt } = await alice.sends(id, 'first')
    const [request] = await gateway.gets(1, (one) => tokenOf(one) === token)
    // Tolerance for two clocks that round.
    expect(request?.at).toBeGreaterThan(Date.parse(sentAt) + delayMs - 50)
    const second = await alice.sends(id, 'second')

    const notifications = await gateway.getsFor(token, 2)
    expect(notifications.map(({ body, badge }) => [body, badge])).toEqual([
      ['first', 1],
      ['second', 2],
    ])
    expect(await statuses(alice, second)).toEqual(['SENT'])
  })

  test('of a group contains the group name and the sender’s nickname', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const token = await phone(bob)
    const group = await alice.creates('Kitchen', [bob, carol])
    await alice.changesView(group.id, { nickname: 'Chef' })
    await alice.sends(group.id, 'dinner')

    expect(await gateway.getsFor(token)).toMatchObject([{ title: 'Kitchen', body: 'Chef: dinner' }])
  })

  test('is in the language of the device and names mentions', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const [chinese, english] = [await phone(bob, 'zh-Hans-CN'), await phone(carol, 'fr')]
    const group = await alice.creates('项目核心开发群', [bob, carol])
    const mention = { userId: bob.id, displayText: '@bob' }
    await alice.sendsContent(group.id, { richText: { parts: [{ mention }, { text: ' 开会' }] } })

    expect(await gateway.getsFor(chinese)).toMatchObject([{ body: 'alice 提到了你：@bob 开会' }])
    expect(await gateway.getsFor(english)).toMatchObject([{ body: 'alice: @bob 开会' }])

    await alice.sendsContent(group.id, { richText: { parts: [{ mentionAll: { displayText: '@all' } }] } })
    const [, second] = await gateway.getsFor(english, 2)
    expect(second).toMatchObject({ body: 'alice mentioned everyone: @all' })
  })

  test('uses the texts of PUSH_TEMPLATES_FILE', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const token = await phone(bob, 'de-AT')
    await alice.sends((await alice.creates('Küche', [bob])).id, 'Essen!')
    expect(await gateway.getsFor(token)).toMatchObject([{ body: 'alice schreibt: Essen!' }])
  })

  test('without previews does not contain the message text', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const token = await phone(bob)
    await changesNotificationSettings(bob, { showPreview: false })
    const { id } = await alice.opens(bob)
    await alice.sends(id, 'a surprise')
    expect(await gateway.getsFor(token)).toMatchObject([{ title: 'alice', body: 'New message' }])
    await alice.sends(id, 'another')
    expect((await gateway.getsFor(token, 2))[1]).toMatchObject({ body: '2 new messages' })
  })

  test('is shortened to 240 characters', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const token = await phone(bob)
    await alice.sends((await alice.opens(bob)).id, '🦆'.repeat(1000))
    const [notification] = await gateway.getsFor(token)
    expect([...(notification?.body ?? '')]).toHaveLength(240)
  })
})

test('is shortened after a whole emoji', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const token = await phone(bob)
  const { id } = await alice.opens(bob)
  await alice.sends(id, '👨‍👩‍👧‍👦'.repeat(100))
  const [notification] = await gateway.getsFor(token)
  expect(notification?.body).toMatch(/^(👨‍👩‍👧‍👦)+…$/u)
  await alice.sends(id, `a${'🇩🇪'.repeat(200)}`)
  expect((await gateway.getsFor(token, 2))[1]?.body).toMatch(/^a(🇩🇪)+…$/u)
})

describe('no notification is sent', () => {
  test('to the sender on any device, nor for system messages', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const tokens = [await phone(alice), await phone(await alice.onAnotherDevice())]
    const token = await phone(bob)
    const group = await alice.creates('Kitchen', [bob])
    const message = await alice.sends(group.id, 'hello')

    expect(await statuses(alice, message)).toEqual(['SENT'])
    expect(gateway.notificationsFor(token).map(({ body }) => body)).toEqual(['alice: hello'])
    for (const own of tokens) expect(gateway.notificationsFor(own)).toEqual([])
  })

  test.each(rooms)('for a message %s that a device has acknowledged', async (_where, opens) => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const token = await phone(bob)
    const inbox = await (await bob.onAnotherDevice()).listens()
    const { id } = await opens(alice, bob)
    const night = await quietHours(bob)
    const message = await alice.sends(id, 'seen')
    const { cursor } = await inbox.sees('MessagesChanged', ({ messages }) =>
      messages.some((each) => each.id === message.id),
    )
    await night.waiting()
    await bob.do(Acknowledge, { cursor })
    await night.end()

    expect(await statuses(alice, message)).toEqual(['SUPPRESSED'])
    expect(gateway.notificationsFor(token)).toEqual([])
    // A connection without an acknowledgement does not suppress, also if an earlier number of the conversation is stored.
    const { id: other } = await alice.creates('other', [bob])
    for (const each of [other, id])
      expect(await statuses(alice, await alice.sends(each, 'not seen'))).toEqual(['SENT'])
  })

  test('at once for the rest of a burst whose first message was acknowledged; its delay starts again', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const token = await phone(bob)
    const inbox = await bob.listens()
    const { id } = await alice.opens(bob)
    const night = await quietHours(bob)
    await alice.sends(id, 'first')
    const { cursor } = await inbox.sees('MessagesChanged', (event) => event.conversationId === id)
    await night.waiting()
    const second = await alice.sends(id, 'second')
    const numbers = () =>
      rows<{ first: number; latest: number }>(
        `select stream_seq as first, latest_stream_seq as latest from push_attempt
         where conversation_id = $1 and to_seq = $2`,
        [id, second.seq],
      )
    await vi.waitFor(async () => expect(await numbers()).toHaveLength(1), 10_000)
    const [before] = await numbers()
    expect(before?.first).toBeLessThan(before?.latest ?? 0)

    await bob.do(Acknowledge, { cursor })
    await night.end()
    expect(await statuses(alice, second)).toEqual(['SENT'])
    expect(await numbers()).toEqual([{ first: before?.latest, latest: before?.latest }])
    expect(gateway.notificationsFor(token).map(({ body }) => body)).toEqual(['second'])
  })

  test('for a message that was read while the notification waited', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const token = await phone(bob)
    const { id } = await alice.opens(bob)
    const night = await quietHours(bob)
    const message = await alice.sends(id, 'read')
    await night.waiting()
    await bob.reads(id, message.seq)
    await night.end()
    expect(await statuses(alice, message)).toEqual(['SUPPRESSED'])
    expect(gateway.notificationsFor(token)).toEqual([])
  })

  test('for a message that was recalled while the notification waited; the message before it is shown', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const token = await phone(bob)
    const { id } = await alice.opens(bob)
    const first = await quietHours(bob)
    await alice.sends(id, 'stays')
    await alice.recalls(await alice.sends(id, 'goes'))
    await first.waiting()
    await first.end()
    expect(await gateway.getsFor(token)).toMatchObject([{ body: 'stays' }])

    await bob.reads(id, 100)
    const night = await quietHours(bob)
    const message = await alice.sends(id, 'goes too')
    await night.waiting()
    await alice.recalls(message)
    await night.end()
    expect(await statuses(alice, message)).toEqual(['SUPPRESSED'])
    expect(gateway.notificationsFor(token)).toHaveLength(1)
  })

  test('with do-not-disturb, nor with push disabled', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const tokens = [await phone(bob), await phone(carol)]
    const group = await alice.creates('Kitchen', [bob, carol])
    await bob.changesView(group.id, { doNotDisturb: true })
    await changesNotificationSettings(carol, { push: false })
    const message = await alice.sends(group.id, 'dinner')
    expect(await statuses(alice, message, 2)).toEqual(['SUPPRESSED', 'SUPPRESSED'])
    for (const token of tokens) expect(gateway.notificationsFor(token)).toEqual([])
  })

  test('to a member who was removed while the notification waited', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const token = await phone(bob)
    const group = await alice.creates('Kitchen', [bob])
    const night = await quietHours(bob)
    const message = await alice.sends(group.id, 'for bob')
    await night.waiting()
    await alice.removes(group.id, bob)
    await night.end()
    expect(await statuses(alice, message)).toEqual(['SUPPRESSED'])
    expect(gateway.notificationsFor(token)).toEqual([])
  })

  test('to a new member for messages before the join', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const [bobs, carols] = [await phone(bob), await phone(carol)]
    const group = await alice.creates('Kitchen', [bob])
    const before = await alice.sends(group.id, 'before')
    await alice.adds(group.id, carol)
    const after = await alice.sends(group.id, 'after')

    expect(await statuses(alice, after, 2)).toEqual(['SENT', 'SENT'])
    expect((await gateway.getsFor(carols)).map(({ body }) => body)).toEqual(['alice: after'])
    await gateway.getsFor(bobs)
    expect(await statuses(alice, before)).toEqual(['SENT'])
  })

  test('for messages of a blocked user', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const token = await phone(bob)
    const group = await alice.creates('Kitchen', [bob, carol])
    await blocks(bob, carol)
    await alice.sends(group.id, 'from alice')
    await carol.sends(group.id, 'from carol')
    await vi.waitFor(async () => {
      expect(await rows(unprocessedMarks)).toEqual([])
      expect(
        await rows(`select from push_attempt where status = 'QUEUED' and user_id = $1`, [bob.id]),
      ).toEqual([])
    }, 10_000)
    expect(gateway.notificationsFor(token).map(({ body }) => body)).toEqual(['alice: from alice'])
  })

  test('for a blocked sender, to whom pushAttempts shows a block like a muted group', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    await Promise.all([phone(bob), phone(carol)])
    const group = await alice.creates('Kitchen', [bob, carol])
    await blocks(bob, alice)
    await carol.changesView(group.id, { doNotDisturb: true })
    const found = await outcomes(alice, await alice.sends(group.id, 'dinner'), 2)
    const withoutReason = expect.objectContaining({ status: 'SUPPRESSED', providerStatus: null })
    expect(found).toEqual([withoutReason, withoutReason])
  })

  test('to a signed-out device, nor for an edit', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const other = await bob.onAnotherDevice()
    const [first, second] = [await phone(bob), await phone(other)]
    const { id } = await alice.opens(bob)
    await logsOut(other)
    const message = await alice.sends(id, 'hello')
    expect(await statuses(alice, message)).toEqual(['SENT'])

    await alice.edits(message, 'hello again')
    const last = await alice.sends(id, 'last')
    expect(await statuses(alice, last)).toEqual(['SENT'])
    expect(gateway.notificationsFor(first).map(({ body }) => body)).toEqual(['hello', 'last'])
    expect(gateway.notificationsFor(second)).toEqual([])
  })

  test('during quiet hours; it waits for their end', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const token = await phone(bob)
    const night = await quietHours(bob)
    const message = await alice.sends((await alice.opens(bob)).id, 'good night')
    expect(await night.waiting()).toBeGreaterThan(55)
    expect((await attempts(alice, message)).map(({ status }) => status)).toEqual(['QUEUED'])
    expect(gateway.notificationsFor(token)).toEqual([])

    // Changed quiet hours move the waiting notification.
    const clock = (ms: number) => new Date(Date.now() + ms).toISOString().slice(11, 16)
    await changesNotificationSettings(bob, { quietTo: clock(3 * 3_600_000) })
    await vi.waitFor(async () => expect(await night.waiting()).toBeGreaterThan(175), 10_000)
    expect(gateway.notificationsFor(token)).toEqual([])
    await night.end()
    expect(await gateway.getsFor(token)).toMatchObject([{ body: 'good night' }])
  })
})

describe('before its delay has passed', () => {
  // The test makes notifications due itself.
  const patient = useWorld({
    ...gateway.env,
    LIMIT_PUSH_DELAY_MS: '600000',
    LIMIT_IMMEDIATE_GROUP_SIZE: '1',
  })

  test.each(rooms)(
    'a notification %s is not sent while a device keeps acknowledging',
    async (_where, opens) => {
      const [alice, bob] = await patient.friends('alice', 'bob')
      const token = await phone(bob)
      const inbox = await bob.listens()
      const { id } = await opens(alice, bob)
      const seen = (seq: number) => inbox.sees('MessagesChanged', ({ maxSeq }) => maxSeq >= seq)
      /** The last message of the queued notification, and whether only its acknowledgement suppresses it. */
      const waiting = () =>
        inDatabase<{ toSeq: number; latest: boolean }>(
          patient,
          `select to_seq as "toSeq", case when stream_seq > 0 then stream_seq = latest_stream_seq
                else coalesce(active_seq, from_seq) = to_seq end as latest
         from push_attempt where conversation_id = $1 and status = 'QUEUED' and due_at > now()`,
          [id],
        )
      const makeDue = () =>
        inDatabase(patient, `update push_attempt set due_at = now() where conversation_id = $1`, [id])

      const first = await alice.sends(id, 'and on')
      await expect.poll(waiting).toEqual([{ toSeq: first.seq, latest: true }])
      let last = first
      for (let time = 1; time <= 3; time += 1) {
        const { cursor } = await seen(last.seq)
        last = await alice.sends(id, 'and on')
        await expect.poll(waiting).toEqual([{ toSeq: last.seq, latest: false }])
        await bob.do(Acknowledge, { cursor })
        await makeDue()
        await expect.poll(waiting).toEqual([{ toSeq: last.seq, latest: true }])
      }
      await bob.do(Acknowledge, { cursor: (await seen(last.seq)).cursor })
      await makeDue()
      for (const message of [first, last]) expect(await statuses(alice, message)).toEqual(['SUPPRESSED'])
      expect(gateway.notificationsFor(token)).toEqual([])
    },
  )
})

describe('a recall', () => {
  test('silently replaces the notification that shows the message', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const token = await phone(bob)
    const { id } = await alice.opens(bob)
    const secret = 'a word that must vanish'
    const message = await alice.sends(id, secret)
    await gateway.getsFor(token)
    await statuses(alice, message)
    await alice.recalls(message)

    const [, second] = await gateway.getsFor(token, 2)
    expect(second).toMatchObject({
      tag: id,
      silent: true,
      title: 'alice',
      body: 'A message was recalled',
      messageId: null,
    })
    expect(await statuses(alice, message, 2)).toEqual(['SENT', 'SENT'])
    const kept = JSON.stringify(await rows('select * from push_attempt'))
    expect(kept).not.toContain(secret)
  })

  test('replaces the notification with the previous unread message', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const token = await phone(bob)
    const { id } = await alice.opens(bob)
    await alice.sends(id, 'stays')
    await gateway.getsFor(token)
    const message = await alice.sends(id, 'goes')
    await gateway.getsFor(token, 2)
    await statuses(alice, message)
    await alice.recalls(message)
    expect((await gateway.getsFor(token, 3))[2]).toMatchObject({ silent: true, body: 'stays' })
  })

  test('of a message that no device shows any more sends nothing', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const token = await phone(bob)
    const { id } = await alice.opens(bob)
    const early = await alice.sends(id, 'early')
    await gateway.getsFor(token)
    await statuses(alice, early)
    const late = await alice.sends(id, 'late')
    await gateway.getsFor(token, 2)
    await statuses(alice, late)
    await alice.recalls(early)
    const last = await alice.sends(id, 'last')
    await statuses(alice, last)
    expect(gateway.notificationsFor(token).map(({ body }) => body)).toEqual(['early', 'late', 'last'])
    expect(await statuses(alice, early)).toEqual(['SENT'])
  })
})

describe('in a SIGNAL group', () => {
  test('only mentions of the member or of all are pushed', async () => {
    const [alice, bob, carol, dave] = await world.friends('alice', 'bob', 'carol', 'dave')
    const [bobs, carols] = [await phone(bob), await phone(carol)]
    const group = await alice.creates('Town', [bob, carol, dave])
    const plain = await alice.sends(group.id, 'no mention')
    const toBob = await alice.sendsContent(group.id, {
      richText: { parts: [{ mention: { userId: bob.id, displayText: '@bob' } }] },
    })
    expect(await gateway.getsFor(bobs)).toMatchObject([{ body: 'alice mentioned you: @bob' }])
    expect(await statuses(alice, toBob)).toEqual(['SENT'])
    expect(await attempts(alice, plain)).toEqual([])

    const toAll = await alice.sendsContent(group.id, {
      richText: { parts: [{ mentionAll: { displayText: '@all' } }] },
    })
    expect(await statuses(alice, toAll, 2)).toEqual(['SENT', 'SENT'])
    expect(gateway.notificationsFor(carols)).toMatchObject([{ body: 'alice mentioned everyone: @all' }])
  })

  test('of thousands a mention of all is pushed to each member, a mention of one to that member', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    await phone(bob)
    const group = await alice.creates('City', [bob])
    const crowd = await addCrowd(world.databaseUrl, { count: 2_100, name: 'Citizen', groupId: group.id })
    await rows(
      `with signed_in as (
         insert into session (id, user_id, device_name, token_hash, platform, expires_at)
         select id, id, 'phone', id, 'ANDROID', now() + interval '1 day' from unnest($1::text[]) id
       )
       insert into push_device (id, user_id, session_id, provider, token, token_hash, locale)
       select id, id, id, 'WEBHOOK', id, id, 'en' from unnest($1::text[]) id`,
      [crowd],
    )
    const recipients = (message: { seq: number }) =>
      rows<{ userId: string }>(
        `select user_id as "userId" from push_attempt
         where conversation_id = $1 and from_seq <= $2 and to_seq >= $2`,
        [group.id, message.seq],
      )
    const toBob = await alice.sendsContent(group.id, {
      richText: { parts: [{ mention: { userId: bob.id, displayText: '@bob' } }] },
    })
    expect(await statuses(alice, toBob)).toEqual(['SENT'])
    expect(await recipients(toBob)).toEqual([{ userId: bob.id }])

    const toAll = await alice.sendsContent(group.id, {
      richText: { parts: [{ mentionAll: { displayText: '@all' } }] },
    })
    const everyone = [...crowd, bob.id].sort()
    await expect
      .poll(async () => (await recipients(toAll)).map(({ userId }) => userId).sort())
      .toEqual(everyone)
    // The other tests do not wait until thousands are sent.
    await rows(`delete from push_attempt where conversation_id = $1 and status = 'QUEUED'`, [group.id])
  })
})

test('several conversations at once are one notification each, to their members only', async () => {
  const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
  const [bobs, carols] = [await phone(bob), await phone(carol)]
  const [kitchen, cellar] = [
    await alice.creates('Kitchen', [bob, carol]),
    await alice.creates('Cellar', [bob, carol]),
  ]
  const direct = await alice.opens(bob)
  await Promise.all([
    alice.sends(kitchen.id, 'in the kitchen'),
    bob.sends(cellar.id, 'from bob'),
    alice.sends(direct.id, 'for bob alone'),
  ])
  const bodies = async (token: string, count: number) =>
    (await gateway.getsFor(token, count)).map(({ body }) => body).sort()
  await expect.poll(() => rows(unprocessedMarks)).toEqual([])
  expect(await bodies(bobs, 2)).toEqual(['alice: in the kitchen', 'for bob alone'])
  expect(await bodies(carols, 2)).toEqual(['alice: in the kitchen', 'bob: from bob'])
})

describe('pushAttempts', () => {
  test('shows the reason of a suppressed notification to moderators, not to the sender', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    await phone(bob)
    const { id } = await alice.opens(bob)
    await bob.changesView(id, { doNotDisturb: true })
    const message = await alice.sends(id, 'psst')

    expect(await outcomes(alice, message)).toMatchObject([{ status: 'SUPPRESSED', providerStatus: null }])
    expect(await outcomes(moderator, message)).toMatchObject([
      { status: 'SUPPRESSED', providerStatus: 'Do not disturb.' },
    ])
  })
})

describe('a sign-in on a new device', () => {
  const received = async (token: string) => {
    const [request] = await gateway.gets(1, (one) => tokenOf(one) === token)
    return request && contentOf(request)
  }
  const results = (person: Person) =>
    rows<{ status: string; reason: string }>(
      `select status::text as status, provider_status as reason from push_attempt
       where user_id = $1 and purpose = 'SIGN_IN' order by at, id`,
      [person.id],
    )

  test('notifies the other devices, and not the new one', async () => {
    const alice = await world.person('alice')
    const token = await phone(alice)
    const newPhone = await alice.onAnotherDevice('the new phone')
    expect(await received(token)).toMatchObject({
      notification: {
        title: 'New sign-in',
        body: 'Your account was just used to sign in on the new phone.',
        tag: 'sign-in',
        conversationId: null,
      },
    })

    await vi.waitFor(async () => expect(await results(alice)).toMatchObject([{ status: 'SENT' }]), 10_000)
    await registersDevice(newPhone, 'WEBHOOK', token)
    // As if the first attempt had failed.
    await rows(`update push_attempt set status = 'QUEUED', due_at = now() where user_id = $1`, [alice.id])
    await vi.waitFor(
      async () =>
        expect(await results(alice)).toEqual([{ status: 'SUPPRESSED', reason: 'This device signed in.' }]),
      10_000,
    )
  })

  test('notifies the device whose session it replaces, once', async () => {
    const alice = await world.person('alice')
    const old = await phone(await onDevice(alice))
    await onDevice(alice)
    expect(await received(old)).toMatchObject({ notification: { title: 'New sign-in' } })
    await vi.waitFor(async () => expect(await results(alice)).toMatchObject([{ status: 'SENT' }]), 10_000)
    await onDevice(alice)
    await vi.waitFor(
      async () => expect((await results(alice)).map(({ status }) => status)).toEqual(['SENT', 'SUPPRESSED']),
      10_000,
    )
  })

  test('does not notify a device that had signed out', async () => {
    const alice = await world.person('alice')
    const device = await onDevice(alice)
    await phone(device)
    await logsOut(device)
    await onDevice(alice)
    await vi.waitFor(
      async () =>
        expect(await results(alice)).toEqual([
          { status: 'SUPPRESSED', reason: 'The device is not signed in.' },
        ]),
      10_000,
    )
  })
})
