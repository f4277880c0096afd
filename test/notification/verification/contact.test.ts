import pg from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import { updatesProfile } from '../../account/verbs.ts'
import { inDatabase } from '../../auth/verbs.ts'
import { graphql } from '../../generated/gql.ts'
import type { ContactChannel } from '../../generated/graphql.ts'
import { refusal, refusalOf } from '../../world/client.ts'
import { liveEqualsRefetch } from '../../world/mirror.ts'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { contentOf, createGatewayServer } from '../servers/gateway.ts'
import { createMailServer } from '../servers/mail.ts'

const mail = await createMailServer()
const gateway = await createGatewayServer()
afterAll(async () => {
  await Promise.all([mail.close(), gateway.close()])
})

const perHour = 4
const perAddress = 3
const world = useWorld({
  ...mail.env,
  ...gateway.env,
  LIMIT_DIGEST_DELAY_SECONDS: '1',
  LIMIT_VERIFICATIONS_PER_HOUR: String(perHour),
  LIMIT_VERIFICATIONS_PER_ADDRESS_PER_DAY: String(perAddress),
  LIMIT_VERIFICATION_TEXTS_PER_COUNTRY_PER_HOUR: '3',
})

const Request = graphql(`
  mutation RequestContactVerification($channel: ContactChannel!) {
    requestContactVerification(input: { channel: $channel }) {
      verification {
        channel
        expiresAt
      }
    }
  }
`)

const Verify = graphql(`
  mutation VerifyContact($channel: ContactChannel!, $code: String!) {
    verifyContact(input: { channel: $channel, code: $code }) {
      me {
        ...MeParts
        emailVerifiedAt
        phoneVerifiedAt
      }
    }
  }
`)

const Contacts = graphql(`
  query Contacts {
    me {
      email
      phone
      emailVerifiedAt
      phoneVerifiedAt
    }
  }
`)

const requests = async (person: Person, channel: ContactChannel = 'EMAIL') =>
  (await person.do(Request, { channel })).requestContactVerification.verification

const verifies = async (person: Person, code: string, channel: ContactChannel = 'EMAIL') =>
  (await person.do(Verify, { channel, code })).verifyContact.me

const contacts = async (person: Person) => (await person.do(Contacts, {})).me

async function withEmail(name: string): Promise<[person: Person, email: string]> {
  const person = await world.person(name)
  const email = `${person.handle}@example.org`
  await updatesProfile(person, { email })
  return [person, email]
}

async function mailedCode(email: string, count = 1): Promise<string> {
  const { text } = (await mail.gets(email, count)).at(-1) ?? { text: '' }
  return /\b\d{6}\b/.exec(text)?.[0] ?? ''
}

const textedCode = (phone: string) => {
  const contents = gateway.received.map(contentOf)
  const text = contents.findLast((content) => content.type === 'sms' && content.phone === phone)
  return text?.type === 'sms' ? (/\b\d{6}\b/.exec(text.body)?.[0] ?? '') : ''
}

const other = (code: string, by = 1) => String((Number(code) + by) % 1_000_000).padStart(6, '0')

describe('verifyContact', () => {
  test('verifies the e-mail address by the mailed code, once, on all devices', async () => {
    const [alice, email] = await withEmail('alice')
    expect(Date.parse((await requests(alice)).expiresAt)).toBeGreaterThan(Date.now())
    const code = await mailedCode(email)
    expect((await contacts(alice)).emailVerifiedAt).toBeNull()
    const me = await liveEqualsRefetch([alice], () => verifies(alice, code))
    expect([me.emailVerifiedAt !== null, me.phoneVerifiedAt]).toEqual([true, null])
    expect(await refusal(verifies(alice, code))).toBe('TOO_LATE')
    expect(await refusal(requests(alice))).toBe('CONFLICT')
  })

  test('verifies the phone number by the texted code', async () => {
    const alice = await world.person('alice')
    const phone = '+4930123456'
    await updatesProfile(alice, { phone })
    await requests(alice, 'SMS')
    expect((await verifies(alice, textedCode(phone), 'SMS')).phoneVerifiedAt).not.toBeNull()
  })

  test('accepts the right code after four wrong ones, and rejects it with TOO_LATE after five', async () => {
    for (const [wrong, outcome] of [
      [4, null],
      [5, 'TOO_LATE'],
    ] as const) {
      const [alice, email] = await withEmail('alice')
      await requests(alice)
      const code = await mailedCode(email)
      const guesses = Array.from({ length: wrong }, (_, index) =>
        refusal(verifies(alice, other(code, index + 1))),
      )
      expect(new Set(await Promise.all(guesses))).toEqual(new Set(['BAD_CREDENTIALS']))
      expect(
        await verifies(alice, code).then(
          () => null,
          ({ code: refused }) => refused,
        ),
      ).toBe(outcome)
    }
  })

  test('rejects a replaced, expired or foreign code', async () => {
    const [alice, email] = await withEmail('alice')
    const [bob, bobs] = await withEmail('bob')
    await requests(alice)
    const first = await mailedCode(email)
    await requests(bob)
    expect(
      await refusal(
        verifies(alice, other(await mailedCode(bobs), first === (await mailedCode(bobs)) ? 1 : 0)),
      ),
    ).toBe('BAD_CREDENTIALS')
    await requests(alice)
    const second = await mailedCode(email, 2)
    if (second !== first) expect(await refusal(verifies(alice, first))).toBe('BAD_CREDENTIALS')
    await inDatabase(world, `update contact_verification set expires_at = now() where user_id = $1`, [
      alice.id,
    ])
    expect(await refusal(verifies(alice, second))).toBe('TOO_LATE')
    expect((await contacts(alice)).emailVerifiedAt).toBeNull()
  })

  test('rejects a code that was sent to the previous address, and a changed address is unverified again', async () => {
    const [alice, email] = await withEmail('alice')
    await requests(alice)
    const code = await mailedCode(email)
    await updatesProfile(alice, { email: `new.${email}` })
    expect(await refusal(verifies(alice, code))).toBe('BAD_CREDENTIALS')
    await requests(alice)
    expect((await verifies(alice, await mailedCode(`new.${email}`))).emailVerifiedAt).not.toBeNull()

    await updatesProfile(alice, { bio: 'the same address' })
    expect((await contacts(alice)).emailVerifiedAt).not.toBeNull()
    await liveEqualsRefetch([alice], () => updatesProfile(alice, { email }))
    expect((await contacts(alice)).emailVerifiedAt).toBeNull()
  })

  test('a statement of another program that changes the address resets the verification', async () => {
    const [alice] = await withEmail('alice')
    const set = `update "user" set email_verified_at = now() where id = $1`
    await inDatabase(world, set, [alice.id])
    expect((await contacts(alice)).emailVerifiedAt).not.toBeNull()
    await inDatabase(world, `update "user" set email = 'else@example.org' where id = $1`, [alice.id])
    expect((await contacts(alice)).emailVerifiedAt).toBeNull()
  })

  test('does not wait for transactions that reference the account', async () => {
    const [alice, email] = await withEmail('alice')
    const client = new pg.Client({ connectionString: world.databaseUrl })
    await client.connect()
    await client.query('begin')
    await client.query('select from "user" where id = $1 for key share', [alice.id])
    await requests(alice)
    expect((await verifies(alice, await mailedCode(email))).emailVerifiedAt).not.toBeNull()
    await client.end()
  })

  test('the database contains no code', async () => {
    const [alice, email] = await withEmail('alice')
    await requests(alice)
    const [row] = await inDatabase<{ text: string }>(
      world,
      `select row_to_json(v)::text as text from contact_verification v where user_id = $1`,
      [alice.id],
    )
    expect(row?.text).not.toContain(await mailedCode(email))
    expect(row?.text).not.toContain(email)
  })
})

describe('requestContactVerification', () => {
  test('is rejected without an address', async () => {
    const alice = await world.person('alice')
    expect(await refusal(requests(alice))).toBe('CONFLICT')
    expect(await refusal(requests(alice, 'SMS'))).toBe('CONFLICT')
  })

  test('is limited per user', async () => {
    const [alice, email] = await withEmail('alice')
    for (let sent = 0; sent < perHour; sent += 1) {
      await updatesProfile(alice, { email: `${sent}.${email}` })
      await requests(alice)
    }
    await updatesProfile(alice, { email })
    expect((await refusalOf(requests(alice))).code).toBe('RATE_LIMITED')
  })

  test('is limited per address, over all users', async () => {
    const email = 'flooded@example.org'
    for (let sent = 0; sent <= perAddress; sent += 1) {
      const person = await world.person('mallory')
      await updatesProfile(person, { email: sent % 2 === 0 ? email : email.toUpperCase() })
      if (sent < perAddress) await requests(person)
      else expect(await refusal(requests(person))).toBe('RATE_LIMITED')
    }
  })

  test('is limited per country of the phone number', async () => {
    const outcomes: (string | null)[] = []
    for (const phone of ['+18765550001', '+18765550002', '+18765550003', '+18765550004', '+12125550001']) {
      const person = await world.person('mallory')
      await updatesProfile(person, { phone })
      outcomes.push(
        await requests(person, 'SMS').then(
          () => null,
          ({ code }) => code,
        ),
      )
    }
    expect(outcomes).toEqual([null, null, null, 'RATE_LIMITED', null])
  })

  test('answers UNAVAILABLE if the mail server fails, and CONFLICT if it rejects the address', async () => {
    const [alice] = await withEmail('alice')
    mail.refusals.push(451)
    const failed = await refusalOf(requests(alice))
    expect([failed.code, failed.extensions.retryable]).toEqual(['UNAVAILABLE', true])
    mail.refusals.push(550)
    expect(await refusal(requests(alice))).toBe('CONFLICT')
  })
})

test('a digest is sent to a verified address only', async () => {
  const [bob, carol] = [await withEmail('bob'), await withEmail('carol')]
  const alice = await world.person('alice')
  for (const [person] of [bob, carol]) await alice.befriends(person)
  await requests(bob[0])
  await verifies(bob[0], await mailedCode(bob[1]))
  for (const [person] of [carol, bob]) await alice.sends((await alice.opens(person)).id, 'dinner')
  // Queued after carol's message, so that hers would have been sent by now.
  await mail.gets(bob[1], 2)
  expect(mail.mails.filter(({ to }) => to.includes(carol[1]))).toEqual([])
  expect(
    await inDatabase(world, `select from digest where user_id = $1 and due_at is not null`, [carol[0].id]),
  ).toEqual([])
})
