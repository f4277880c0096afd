import { randomUUID } from 'node:crypto'
import { readdir, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { expect } from 'vitest'
import { updatesProfile } from '../../../../account/verbs.ts'
import { logsOut, refreshes } from '../../../../auth/verbs.ts'
import { createsUpload, sendsBytes } from '../../../../media/verbs.ts'
import { suspends } from '../../../../moderation/verbs.ts'
import { type Person, passwordOf } from '../../../../world/person.ts'
import type { World } from '../../../../world/world.ts'
import { perform } from '../perform.ts'
import { type Call, long, type Scene, type Scenes, type Stage } from '../stage.ts'

const password = 'another good one'

const newcomer = (more: object = {}) => ({
  as: null,
  input: { handle: `n${randomUUID().slice(0, 8)}`, displayName: 'New', password, ...more },
})

const signingIn = ({ handle }: Person, more: object = {}): Call => ({
  as: null,
  input: { handle, password: passwordOf(handle), ...more },
})

const refreshing = (refreshToken: string): Call => ({ as: null, input: { refreshToken } })

/** The password changes while the call waits for the row of the user. */
const overtaken =
  (input: (person: Person) => object): Scene =>
  async ({ world }) => {
    const person = await world.person('ola')
    return {
      as: person,
      input: input(person),
      meanwhile: (call) => whileLocked(world, person, call),
    }
  }

/** Holds the row of a user until a call waits for it, and changes the password. */
async function whileLocked(world: World, { id }: Person, call: () => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: world.databaseUrl })
  await client.connect()
  try {
    await client.query('begin')
    await client.query(`update "user" set password_hash = password_hash || 'x' where id = $1`, [id])
    const called = call()
    await expect.poll(async () => (await client.query(waiting)).rowCount).toBeGreaterThan(0)
    await client.query('commit')
    await called
  } finally {
    await client.end()
  }
}

const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`

const upload = { filename: 'a.txt', mimeType: 'text/plain', byteSize: 5 }

const texting = (as: Person, more: object = {}): Call => ({ as, input: { channel: 'SMS', ...more } })

async function withPhone({ world }: Stage) {
  const person = await world.person('pat')
  const phone = `+4930${Math.floor(1e7 + Math.random() * 8e7)}`
  await updatesProfile(person, { phone })
  return person
}

export const accountScenes: Scenes = {
  register: {
    CONFLICT: ({ alice }) => newcomer({ handle: alice.handle }),
    FORBIDDEN: () => ({ ...newcomer(), settings: { registration: 'closed' } }),
    INVALID_INPUT: () => newcomer({ password: 'short' }),
    RATE_LIMITED: ({ alice }) => ({
      ...newcomer({ handle: alice.handle }),
      headers: { 'x-forwarded-for': '203.0.113.7' },
      upTo: 4,
      until: 'RATE_LIMITED',
    }),
  },
  login: {
    BAD_CREDENTIALS: ({ alice }) => signingIn(alice, { password: 'wrong' }),
    INVALID_INPUT: ({ alice }) => signingIn(alice, { device: { name: long, platform: 'WEB' } }),
    RATE_LIMITED: async ({ world }) => ({
      ...signingIn(await world.person('ron'), { password: 'wrong' }),
      upTo: 6,
      until: 'RATE_LIMITED',
    }),
    SUSPENDED: async ({ world, molly }) => {
      const person = await world.person('sid')
      await suspends(molly, person)
      return signingIn(person)
    },
  },
  refreshSession: {
    BAD_CREDENTIALS: () => refreshing('unknown'),
    SUSPENDED: async ({ world, molly }) => {
      const person = await world.person('sue')
      await suspends(molly, person)
      return refreshing(person.credentials.refreshToken)
    },
    TOKEN_REUSED: async ({ world }) => {
      const { url, credentials } = await world.person('tea')
      const { refreshToken } = await refreshes(url, credentials.refreshToken)
      await refreshes(url, refreshToken)
      return refreshing(credentials.refreshToken)
    },
    UNAUTHENTICATED: async ({ world }) => {
      const person = await world.person('tim')
      await logsOut(person)
      return refreshing(person.credentials.refreshToken)
    },
  },
  renewSession: {
    BAD_CREDENTIALS: ({ alice, bob }) => ({
      as: alice,
      input: { accessToken: bob.credentials.accessToken },
      socket: true,
    }),
    INVALID_INPUT: ({ alice }) => ({ as: alice, input: { accessToken: alice.credentials.accessToken } }),
    UNAUTHENTICATED: ({ alice }) => ({ as: alice, input: { accessToken: 'x' }, socket: true }),
  },
  changePassword: {
    BAD_CREDENTIALS: ({ alice }) => ({ as: alice, input: { current: 'wrong', next: password } }),
    CONFLICT: overtaken(({ handle }) => ({ current: passwordOf(handle), next: password })),
    INVALID_INPUT: ({ alice }) => ({ as: alice, input: { current: passwordOf(alice.handle), next: 'x' } }),
    RATE_LIMITED: async ({ world }) => ({
      as: await world.person('una'),
      input: { current: 'wrong', next: password },
      upTo: 6,
      until: 'RATE_LIMITED',
    }),
  },
  deleteAccount: {
    BAD_CREDENTIALS: ({ alice }) => ({ as: alice, input: { password: 'wrong' } }),
    CONFLICT: overtaken(({ handle }) => ({ password: passwordOf(handle) })),
    RATE_LIMITED: async ({ world }) => ({
      as: await world.person('val'),
      input: { password: 'wrong' },
      upTo: 6,
      until: 'RATE_LIMITED',
    }),
  },
  requestContactVerification: {
    CONFLICT: ({ alice }) => texting(alice),
    FORBIDDEN: ({ alice }) => ({ as: alice, input: { channel: 'EMAIL' } }),
    RATE_LIMITED: async (stage) => ({ ...texting(await withPhone(stage)), upTo: 4, until: 'RATE_LIMITED' }),
  },
  verifyContact: {
    BAD_CREDENTIALS: async (stage) => {
      const person = await withPhone(stage)
      await perform(person, 'requestContactVerification', texting(person))
      return texting(person, { code: 'x' })
    },
    TOO_LATE: ({ bob }) => texting(bob, { code: '123456' }),
  },
  requestPasswordReset: {
    FORBIDDEN: ({ alice }) => ({ as: null, input: { handle: alice.handle } }),
    RATE_LIMITED: ({ alice }) => ({
      as: null,
      input: { handle: alice.handle },
      headers: { 'x-forwarded-for': '203.0.113.9' },
      upTo: 4,
      until: 'RATE_LIMITED',
    }),
  },
  resetPassword: {
    BAD_CREDENTIALS: ({ alice }) => ({ as: null, input: { handle: alice.handle, code: 'x', password } }),
    INVALID_INPUT: ({ alice }) => ({
      as: null,
      input: { handle: alice.handle, code: 'x', password: alice.handle },
    }),
    RATE_LIMITED: ({ alice }) => ({
      as: null,
      input: { handle: alice.handle, code: 'x', password },
      headers: { 'x-forwarded-for': '203.0.113.8' },
      upTo: 4,
      until: 'RATE_LIMITED',
    }),
  },
  createUpload: {
    INVALID_INPUT: ({ alice }) => ({ as: alice, input: { ...upload, byteSize: 0 } }),
    LIMIT_EXCEEDED: ({ alice }) => ({ as: alice, input: { ...upload, byteSize: 1_001 } }),
    RATE_LIMITED: async ({ world }) => ({ as: await world.person('wim'), input: upload, upTo: 5 }),
  },
  completeUpload: {
    CONFLICT: ({ alice, targets }) => ({ as: alice, input: { mediaId: targets.mediaId } }),
    INVALID_INPUT: async ({ world }) => {
      const person = await world.person('yas')
      const ticket = await createsUpload(person, upload)
      await sendsBytes(ticket, Buffer.from('hello'))
      const files = await readdir(world.dataDir, { recursive: true })
      for (const file of files)
        if (file.includes(ticket.media.id) && file.endsWith('incoming'))
          await truncate(join(world.dataDir, file), 1)
      return { as: person, input: { mediaId: ticket.media.id } }
    },
  },
  registerPushDevice: {
    INVALID_INPUT: ({ alice }) => ({ as: alice, input: { provider: 'FCM', token: '' } }),
    LIMIT_EXCEEDED: async ({ world }) => {
      const person = await world.person('zed')
      await perform(person, 'registerPushDevice', pushTo(person, 'x'))
      return pushTo(person, 'y')
    },
  },
  testPush: {
    RATE_LIMITED: async ({ world }) => ({
      as: await world.person('ann'),
      input: { pushDeviceId: 'unknown' },
      upTo: 4,
      until: 'RATE_LIMITED',
    }),
  },
}

const pushTo = (as: Person, letter: string): Call => ({
  as,
  input: { provider: 'FCM', token: letter.repeat(140) },
})
