import { createECDH, randomBytes } from 'node:crypto'
import { expect } from 'vitest'
import { inDatabase } from '../auth/verbs.ts'
import { graphql } from '../generated/gql.ts'
import type { PushProvider, UpdateNotificationSettingsInput } from '../generated/graphql.ts'
import { leases } from '../world/outbox.ts'
import type { Person } from '../world/person.ts'
import type { World } from '../world/world.ts'

const RegisterPushDevice = graphql(`
  mutation RegisterPushDevice($input: RegisterPushDeviceInput!) {
    registerPushDevice(input: $input) {
      pushDevice {
        id
        provider
        createdAt
      }
    }
  }
`)

const RemovePushDevice = graphql(`
  mutation RemovePushDevice($id: ID!) {
    removePushDevice(input: { pushDeviceId: $id }) {
      me {
        ...MeParts
      }
    }
  }
`)

const UpdateNotificationSettings = graphql(`
  mutation UpdateNotificationSettings($input: UpdateNotificationSettingsInput!) {
    updateNotificationSettings(input: $input) {
      me {
        ...MeParts
      }
    }
  }
`)

const TestPush = graphql(`
  mutation TestPush($deviceId: ID!) {
    testPush(input: { pushDeviceId: $deviceId }) {
      attempt {
        id
        status
        providerStatus
        at
        device {
          id
        }
      }
    }
  }
`)

const PushAttempts = graphql(`
  query PushAttempts($messageId: ID!) {
    pushAttempts(messageId: $messageId) {
      id
      purpose
      status
      providerStatus
      at
      device {
        id
        provider
      }
    }
  }
`)

export async function registersDevice(
  person: Person,
  provider: PushProvider,
  token: string,
  locale?: string,
) {
  return (await person.do(RegisterPushDevice, { input: { provider, token, locale } })).registerPushDevice
    .pushDevice
}

export async function removesDevice(person: Person, id: string) {
  return (await person.do(RemovePushDevice, { id })).removePushDevice.me
}

export async function changesNotificationSettings(person: Person, input: UpdateNotificationSettingsInput) {
  return (await person.do(UpdateNotificationSettings, { input })).updateNotificationSettings.me
    .notificationSettings
}

/** Sets quiet hours that began an hour ago and last for two hours. */
export async function setsQuietHours(person: Person) {
  const clock = (ms: number) => new Date(Date.now() + ms).toISOString().slice(11, 16)
  return changesNotificationSettings(person, {
    quietFrom: clock(-3_600_000),
    quietTo: clock(3_600_000),
    timeZone: 'UTC',
  })
}

export async function sendsTestPush(person: Person, deviceId: string) {
  return (await person.do(TestPush, { deviceId })).testPush.attempt
}

export async function attempts(person: Person, message: { id: string }) {
  return (await person.do(PushAttempts, { messageId: message.id })).pushAttempts
}

export const apnsToken = () => randomBytes(32).toString('hex')

/** A subscribed browser: its token, and the keys that decrypt its notifications. */
export function browser(endpoint: string) {
  const keys = createECDH('prime256v1')
  keys.generateKeys()
  const auth = randomBytes(16)
  const token = JSON.stringify({
    endpoint,
    expirationTime: null,
    keys: { p256dh: keys.getPublicKey().toString('base64url'), auth: auth.toString('base64url') },
  })
  return { token, keys, auth }
}

/** SQL: conversations with changes that push has not processed yet. */
export const unprocessedMarks = `
  select conversation_id from delivery_mark union all select conversation_id from outbox_mark where topic = 'push'`

/** Prevents push from processing these conversations until the returned function is called. */
export async function pausesPush(world: World, ...conversationIds: string[]) {
  // A worker that is processing them would end the lease.
  await expect.poll(() => inDatabase(world, unprocessedMarks)).toEqual([])
  await inDatabase(
    world,
    `insert into push_progress (conversation_id, version, seq)
     select id, version, max_seq from conversation where id = any($1) on conflict do nothing`,
    [conversationIds],
  )
  return leases(world.databaseUrl, 'push', conversationIds)
}

/** Marks the addresses of a user as verified, as by codes. */
export const hasVerifiedAddresses = (world: Pick<World, 'databaseUrl'>, person: { id: string }) =>
  inDatabase(
    world,
    `update "user" set email_verified_at = case when email is not null then now() end,
                       phone_verified_at = case when phone is not null then now() end
     where id = $1`,
    [person.id],
  )
