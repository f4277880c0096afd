import { afterAll, describe, expect, test } from 'vitest'
import { updatesProfile } from '../../account/verbs.ts'
import { answer, inDatabase, logsIn } from '../../auth/verbs.ts'
import { graphql } from '../../generated/gql.ts'
import { perform, refusal } from '../../world/client.ts'
import { type Person, passwordOf } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { createMailServer } from '../servers/mail.ts'

const mail = await createMailServer()
afterAll(() => mail.close())
const perAccount = 3
const world = useWorld({
  ...mail.env,
  LIMIT_PASSWORD_RESETS_PER_ACCOUNT_PER_DAY: String(perAccount),
})

const Request = graphql(`
  mutation RequestPasswordReset($handle: String!) {
    requestPasswordReset(input: { handle: $handle }) {
      codeLifeSeconds
    }
  }
`)

const Reset = graphql(`
  mutation ResetPassword($handle: String!, $code: String!, $password: String!) {
    resetPassword(input: { handle: $handle, code: $code, password: $password }) {
      handle
    }
  }
`)

const requests = async (handle: string) =>
  (await perform(world.url, Request, { handle }, null)).requestPasswordReset

const resets = async ({ handle }: { handle: string }, code: string, password = 'another good one') =>
  (await perform(world.url, Reset, { handle, code, password }, null)).resetPassword

const signsIn = ({ handle }: Person, password: string) => logsIn(world.url, { handle, password })

/** A user whose e-mail address is verified. */
async function reachable(name: string): Promise<[person: Person, email: string]> {
  const person = await world.person(name)
  const email = `${person.handle}@example.org`
  await updatesProfile(person, { email })
  await inDatabase(world, 'update "user" set email_verified_at = now() where id = $1', [person.id])
  return [person, email]
}

async function mailedCode(email: string, count = 1): Promise<string> {
  const { text } = (await mail.gets(email, count)).at(-1) ?? { text: '' }
  return /\b\d{8}\b/.exec(text)?.[0] ?? ''
}

const other = (code: string, by = 1) => String((Number(code) + by) % 100_000_000).padStart(8, '0')

describe('resetPassword', () => {
  test('sets a new password by the mailed code, once, and ends all sessions', async () => {
    const [alice, email] = await reachable('alice')
    const inbox = await alice.listens()
    expect((await requests(alice.handle.toUpperCase())).codeLifeSeconds).toBe(900)
    const code = await mailedCode(email)
    expect(await refusal(resets(alice, code, alice.handle))).toBe('INVALID_INPUT')
    expect(await resets(alice, code)).toEqual({ handle: alice.handle })
    expect((await inbox.sees('SessionEnded')).endReason).toBe('PASSWORD_CHANGED')
    expect(await answer(alice)).toBe('UNAUTHENTICATED')
    expect(await refusal(signsIn(alice, passwordOf(alice.handle)))).toBe('BAD_CREDENTIALS')
    expect((await signsIn(alice, 'another good one')).user.id).toBe(alice.id)
    expect(await refusal(resets(alice, code))).toBe('BAD_CREDENTIALS')
  })

  test('accepts the right code after four wrong ones, and none after five', async () => {
    for (const [name, wrong, outcome] of [
      ['bob', 4, null],
      ['ben', 5, 'BAD_CREDENTIALS'],
    ] as const) {
      const [person, email] = await reachable(name)
      await requests(person.handle)
      const code = await mailedCode(email)
      for (let guess = 1; guess <= wrong; guess += 1)
        expect(await refusal(resets(person, other(code, guess)))).toBe('BAD_CREDENTIALS')
      const last = resets(person, code)
      if (outcome) expect(await refusal(last)).toBe(outcome)
      else await last
    }
  })

  test('rejects a replaced and an expired code, and the code of another user', async () => {
    const [[carol, email], [dave, daves]] = [await reachable('carol'), await reachable('dave')]
    await requests(carol.handle)
    const first = await mailedCode(email)
    await requests(carol.handle)
    const second = await mailedCode(email, 2)
    await requests(dave.handle)
    const ofDave = await mailedCode(daves)
    for (const code of [first, ofDave]) expect(await refusal(resets(carol, code))).toBe('BAD_CREDENTIALS')
    await inDatabase(world, `update password_reset set expires_at = now() where user_id = $1`, [carol.id])
    expect(await refusal(resets(carol, second))).toBe('BAD_CREDENTIALS')
  })
})

describe('requestPasswordReset', () => {
  test('answers alike for unknown handles and unverified addresses, and mails nothing', async () => {
    const erin = await world.person('erin')
    await updatesProfile(erin, { email: 'erin@example.org' })
    expect(await requests(erin.handle)).toEqual(await requests('unknown'))
    const jobs = `select from graphile_worker._private_jobs where key like '%' || $1`
    expect(await inDatabase(world, jobs, [erin.id])).toEqual([])
    expect(await refusal(resets({ handle: 'unknown' }, '00000000'))).toBe('BAD_CREDENTIALS')
  })

  test('is limited per account, also for handles that do not exist', async () => {
    for (const handle of [(await reachable('frank'))[0].handle, 'unknown.too']) {
      for (let count = 0; count < perAccount; count += 1) await requests(handle)
      expect(await refusal(requests(handle))).toBe('RATE_LIMITED')
    }
  })
})
