import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { updatesProfile } from '../../account/verbs.ts'
import { inDatabase } from '../../auth/verbs.ts'
import { refusal } from '../../world/client.ts'
import { Acknowledge } from '../../world/operations.ts'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { contentOf, createGatewayServer } from '../servers/gateway.ts'
import { createMailServer } from '../servers/mail.ts'
import {
  attempts,
  changesNotificationSettings,
  hasVerifiedAddresses,
  pausesPush,
  registersDevice,
  setsQuietHours,
  unprocessedMarks,
} from '../verbs.ts'

const mail = await createMailServer()
const gateway = await createGatewayServer()
afterAll(async () => {
  await Promise.all([mail.close(), gateway.close()])
})
const world = useWorld({
  ...mail.env,
  ...gateway.env,
  LIMIT_DIGEST_DELAY_SECONDS: '1',
  // Handle of the first person of this world.
  ADMIN_HANDLES: 'molly.c',
})

let moderator: Person
beforeAll(async () => {
  moderator = await world.person('molly')
})

async function withAddress(person: Person, phone?: string): Promise<string> {
  const email = `${person.handle}@example.com`
  await updatesProfile(person, { email, phone })
  await hasVerifiedAddresses(world, person)
  return email
}

const rows = <Row extends object>(statement: string, params: unknown[] = []) =>
  inDatabase<Row>(world, statement, params)

/** Waits until push has processed all messages and no digest is queued for the person. */
async function isIdle(person: Person): Promise<void> {
  await vi.waitFor(async () => {
    expect(await rows(unprocessedMarks)).toEqual([])
    const found = await rows<{ due: Date | null }>(`select due_at as due from digest where user_id = $1`, [
      person.id,
    ])
    expect(found.length).toBeGreaterThan(0)
    for (const { due } of found) expect(due).toBeNull()
  }, 15_000)
}

/** Waits until the only digest for a message has the given state. */
const becomes = (
  asker: Person,
  message: { id: string },
  [status, providerStatus]: [string, string | null],
  provider = 'EMAIL',
) =>
  vi.waitFor(async () => {
    const found = await attempts(asker, message)
    expect(found.filter(({ device }) => device.provider === provider)).toMatchObject([
      { purpose: 'DIGEST', status, providerStatus },
    ])
  }, 15_000)

describe('an e-mail digest', () => {
  test('is sent once per absence with all unread messages', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const address = await withAddress(bob)
    const { id } = await alice.opens(bob)
    const group = await carol.creates('Kitchen', [bob])
    const resume = await pausesPush(world, id, group.id)
    await alice.sends(id, 'one')
    const second = await alice.sends(id, 'two')
    await carol.sends(group.id, 'dinner')
    await resume()

    const [first] = await mail.gets(address)
    await becomes(alice, second, ['SENT', '250'])
    expect(first).toMatchObject({ from: 'chat@example.com', to: [address], subject: '3 unread messages' })
    expect(first?.text).toContain('Hello bob,')
    expect(first?.text).toContain('alice: 2 unread\n  alice: two')
    expect(first?.text).toContain('Kitchen: 1 unread\n  carol: dinner')
    expect(first?.headers).toMatch(/^Auto-Submitted: auto-generated$/im)
    await isIdle(bob)

    const third = await alice.sends(id, 'three')
    await isIdle(bob)
    expect(await mail.gets(address)).toHaveLength(1)
    await becomes(alice, third, ['SUPPRESSED', null])
    await becomes(moderator, third, ['SUPPRESSED', 'A digest was already sent in this absence.'])
    await becomes(alice, second, ['SENT', '250'])

    // The user comes back and leaves again.
    await bob.onAnotherDevice()
    await bob.reads(id, 100)
    await alice.sends(id, 'four')
    const [, other] = await mail.gets(address, 2)
    expect(other?.text).toContain('alice: 1 unread')
  })

  test('is not sent for messages that were acknowledged or read, nor if disabled or muted', async () => {
    const [alice, bob, carol, dave, erin] = await world.friends('alice', 'bob', 'carol', 'dave', 'erin')
    const people = [bob, carol, dave, erin]
    for (const person of people) await withAddress(person)
    const group = await alice.creates('Kitchen', people)
    await changesNotificationSettings(dave, { email: false })
    await erin.changesView(group.id, { doNotDisturb: true })
    const inbox = await bob.listens()

    const resume = await pausesPush(world, group.id)
    const message = await alice.sends(group.id, 'dinner')
    await carol.reads(group.id, message.seq)
    const { cursor } = await inbox.sees('MessagesChanged')
    await bob.do(Acknowledge, { cursor })
    await resume()

    for (const person of [bob, carol]) await isIdle(person)
    const addressees = mail.mails.flatMap(({ to }) => to)
    for (const person of people) expect(addressees).not.toContain(`${person.handle}@example.com`)
    // For the others there was nothing to send, so nothing is recorded.
    await becomes(moderator, message, ['SUPPRESSED', 'Acknowledged.'])
  })

  test('waits for the end of quiet hours, and is sent when they are removed', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const address = await withAddress(bob)
    await setsQuietHours(bob)
    const message = await alice.sends((await alice.opens(bob)).id, 'good night')
    await becomes(alice, message, ['QUEUED', null])
    expect(mail.mails.flatMap(({ to }) => to)).not.toContain(address)
    await changesNotificationSettings(bob, { quietFrom: null, quietTo: null })
    expect((await mail.gets(address))[0]?.text).toContain('good night')
    await becomes(alice, message, ['SENT', '250'])
  })

  test('is not sent to a suspended user until the suspension is lifted', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const address = await withAddress(bob)
    const { id } = await alice.opens(bob)
    await rows(`insert into suspension (user_id, reason) values ($1, 'Watches.')`, [bob.id])
    await alice.sends(id, 'are you there?')
    await isIdle(bob)
    expect(mail.mails.flatMap(({ to }) => to)).not.toContain(address)

    await rows('delete from suspension where user_id = $1', [bob.id])
    await alice.sends(id, 'and now?')
    const [first] = await mail.gets(address)
    expect(first?.subject).toBe('2 unread messages')
  })

  test('contains no recalled messages, and without previews no message text', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const [bobs, carols] = [await withAddress(bob), await withAddress(carol)]
    await changesNotificationSettings(carol, { showPreview: false })
    const group = await alice.creates('Kitchen', [bob, carol])
    const resume = await pausesPush(world, group.id)
    await alice.sends(group.id, 'stays')
    await alice.recalls(await alice.sends(group.id, 'vanishes'))
    await resume()

    expect((await mail.gets(bobs))[0]?.text).toContain('alice: stays')
    const [first] = await mail.gets(carols)
    expect(first?.text).toContain('Kitchen: 1 unread')
    for (const { text } of mail.mails) expect(text).not.toContain('vanishes')
    expect(first?.text).not.toContain('stays')
  })

  test('is retried after a temporary failure, in the language of the user', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const address = await withAddress(bob)
    await registersDevice(bob, 'WEBHOOK', randomUUID(), 'zh-CN')
    let accept = (_code: number) => {}
    mail.refusals.push(451, new Promise((resolve) => (accept = resolve)))
    const message = await alice.sends((await alice.opens(bob)).id, '下班了')
    await becomes(alice, message, ['QUEUED', '451 5.1.1'])
    accept(0)
    const [first] = await mail.gets(address)
    await becomes(alice, message, ['SENT', '250'])
    expect(first?.subject).toBe('1 条未读消息')
    expect(first?.text).toContain('下班了')
  })

  test('that is refused permanently is not retried, and its state contains no address', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const address = await withAddress(bob)
    mail.refusals.push(550)
    const message = await alice.sends((await alice.opens(bob)).id, 'hello?')
    await becomes(alice, message, ['FAILED', '550 5.1.1'])
    await isIdle(bob)
    expect(mail.mails.flatMap(({ to }) => to)).not.toContain(address)
  })

  test('appears in pushAttempts of each of its messages, with a placeholder device', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    await withAddress(bob)
    const { id } = await alice.opens(bob)
    const resume = await pausesPush(world, id)
    const messages = [await alice.sends(id, 'one'), await alice.sends(id, 'two')]
    await resume()
    await becomes(alice, messages[0] as (typeof messages)[0], ['SENT', '250'])
    const rows = await Promise.all(messages.map((message) => attempts(alice, message)))
    expect(rows[1]).toEqual(rows[0])
    expect(rows[0]?.[0]?.device).toEqual({ id: expect.any(String), provider: 'EMAIL' })
    expect((await bob.me()).pushDevices).toEqual([])
    expect(await refusal(attempts(carol, messages[0] as (typeof messages)[0]))).toBe('NOT_FOUND')
  })
})

describe('a text message digest', () => {
  test('is sent by the gateway to users who enable it, without message text', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const phone = '+4930123456'
    await withAddress(bob, phone)
    await withAddress(carol, '+4930654321')
    await changesNotificationSettings(bob, { sms: true, email: false })
    const group = await alice.creates('Kitchen', [bob, carol])
    const message = await alice.sends(group.id, 'dinner')

    const isText = ({ body }: { body: Buffer }) => body.toString().includes('"sms"')
    const [request] = await gateway.gets(1, isText)
    expect(request && contentOf(request)).toEqual({
      type: 'sms',
      phone,
      body: '1 unread messages in 1 conversations',
    })
    await isIdle(bob)
    expect(gateway.received.filter(isText)).toHaveLength(1)
    await becomes(alice, message, ['SENT', '202'], 'SMS')
  })
})
