import { z } from 'zod'
import { isPublicKey, publicKeyOf } from '../platform/p256.ts'
import { integer, ports, secret, url } from './fields.ts'
import { signingSecret, vapidPrivateKey, vapidPublicKey } from './secrets.ts'

/** Push providers. Each is enabled by its own settings; none is required. */
export const pushSettings = {
  VAPID_PUBLIC_KEY: vapidPublicKey
    .optional()
    .describe(
      'Web Push: VAPID public key in base64url. Generate a pair with npx web-push generate-vapid-keys.',
    ),
  VAPID_PRIVATE_KEY: secret(vapidPrivateKey.optional().describe('Web Push: VAPID private key in base64url.')),
  VAPID_SUBJECT: url('mailto:', 'https:')
    .optional()
    .describe('Web Push: contact for the push services, a mailto: or https: URL.'),
  APNS_KEY_FILE: z.string().optional().describe('APNs: path of the signing key (.p8).'),
  APNS_KEY_ID: z.string().optional().describe('APNs: key id.'),
  APNS_TEAM_ID: z.string().optional().describe('APNs: team id.'),
  APNS_TOPIC: z.string().optional().describe('APNs: topic, the bundle id of the app.'),
  APNS_URL: url('https:', 'http:')
    .default('https://api.push.apple.com')
    .describe('APNs: endpoint; https://api.sandbox.push.apple.com for development builds.'),
  FCM_ACCOUNT_FILE: z.string().optional().describe('FCM: path of the service account file (JSON).'),
  FCM_URL: url('https:', 'http:').default('https://fcm.googleapis.com').describe('FCM: endpoint.'),
  PUSH_GATEWAY_URL: url('https:', 'http:')
    .optional()
    .describe(
      'Your own gateway, which receives notifications for WEBHOOK devices (Huawei, Xiaomi, Umeng …) and text messages (SMS) as signed requests.',
    ),
  PUSH_GATEWAY_SECRET: secret(
    signingSecret
      .optional()
      .describe(
        'Secret that signs requests to the gateway: any text of at least 32 characters, or whsec_ and base64 of at least 24 bytes.',
      ),
  ),
  SMTP_URL: secret(
    url('smtp:', 'smtps:')
      .optional()
      .describe(
        'Mail server for digests of unread messages, such as smtps://user:password@mail.example.com.',
      ),
  ),
  MAIL_FROM: z
    .string()
    .min(3)
    .optional()
    .describe('Sender of digest mails, such as Chat <chat@example.com>.'),
  PUSH_TEMPLATES_FILE: z
    .string()
    .optional()
    .describe('Path of a JSON file with your own notification texts, by language; see docs/push.md.'),
  PUSH_ALLOW_PRIVATE: z
    .stringbool()
    .default(false)
    .describe('Whether Web Push endpoints may be in private networks, on any port and without TLS.'),
  PUSH_PORTS: ports('443').describe('Ports that Web Push endpoints may have, comma-separated.'),
}

export const pushLimits = {
  pushDelayMs: integer(
    5000,
    [0, 600_000],
    'Time for a device to acknowledge a message before push notifications are sent, in milliseconds.',
  ),
  pushTries: integer(
    12,
    [1, 50],
    'Attempts to send a notification, with increasing back-off, before it fails.',
  ),
  pushTimeoutMs: integer(10_000, [100, 60_000], 'Timeout of a request to a push provider, in milliseconds.'),
  pushDevices: integer(50, [1, 1000], 'Push devices per user.'),
  pushAttemptDays: integer(7, [1, 365], 'Time for which push attempts are kept, in days.'),
  digestDelaySeconds: integer(
    900,
    [0, 604_800],
    'Time for which a user must be away from an unread message before a digest is sent by mail or text message, in seconds.',
  ),
}

const together = [
  ['VAPID_PUBLIC_KEY', 'VAPID_PRIVATE_KEY', 'VAPID_SUBJECT'],
  ['APNS_KEY_FILE', 'APNS_KEY_ID', 'APNS_TEAM_ID', 'APNS_TOPIC'],
  ['PUSH_GATEWAY_URL', 'PUSH_GATEWAY_SECRET'],
  ['SMTP_URL', 'MAIL_FROM'],
]

/** A provider with only some of its settings is an error and not disabled. */
export function pushErrors(given: Record<string, string | undefined>): string[] {
  const incomplete = together.flatMap((names) => {
    const present = names.filter((name) => given[name])
    const missing = names.filter((name) => !given[name])
    return present.length === 0 ? [] : missing.map((name) => `${name}: required with ${present.join(', ')}`)
  })
  return [...incomplete, ...vapidErrors(given)]
}

function vapidErrors({ VAPID_PUBLIC_KEY, VAPID_PRIVATE_KEY }: Record<string, string | undefined>): string[] {
  if (!VAPID_PUBLIC_KEY || !isPublicKey(VAPID_PUBLIC_KEY) || !VAPID_PRIVATE_KEY) return []
  const derived = publicKeyOf(VAPID_PRIVATE_KEY)
  return derived && derived !== VAPID_PUBLIC_KEY.replace(/=$/, '')
    ? ['VAPID_PRIVATE_KEY: does not belong to VAPID_PUBLIC_KEY']
    : []
}

type PushEnv = z.output<z.ZodObject<typeof pushSettings>>

export type PushConfig = ReturnType<typeof pushConfig>

export function pushConfig(env: PushEnv) {
  const given = <Keys extends Record<string, string | Buffer | undefined>>(values: Keys) =>
    Object.values(values).every((value) => value !== undefined)
      ? (values as { [Name in keyof Keys]: NonNullable<Keys[Name]> })
      : null
  return {
    webPush: given({
      publicKey: env.VAPID_PUBLIC_KEY,
      privateKey: env.VAPID_PRIVATE_KEY,
      subject: env.VAPID_SUBJECT,
    }),
    apns: given({
      keyFile: env.APNS_KEY_FILE,
      keyId: env.APNS_KEY_ID,
      teamId: env.APNS_TEAM_ID,
      topic: env.APNS_TOPIC,
      url: env.APNS_URL,
    }),
    fcm: given({ accountFile: env.FCM_ACCOUNT_FILE, url: env.FCM_URL }),
    gateway: given({ url: env.PUSH_GATEWAY_URL, key: env.PUSH_GATEWAY_SECRET }),
    mail: given({ url: env.SMTP_URL, from: env.MAIL_FROM }),
    templatesFile: env.PUSH_TEMPLATES_FILE,
    allowPrivate: env.PUSH_ALLOW_PRIVATE,
    ports: env.PUSH_PORTS,
  }
}
