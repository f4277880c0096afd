import { z } from 'zod'
import { count, signingKey, url } from './fields.ts'

/** How notices leave the server. Each provider is enabled by its own settings, and none is needed. */
export const pushSettings = {
  VAPID_PUBLIC_KEY: z
    .string()
    .regex(/^[A-Za-z0-9_-]{87}=?$/, 'a public key of P-256 in base64url')
    .optional()
    .describe(
      'Web Push: the public key that browsers subscribe with. A pair is made by npx web-push generate-vapid-keys.',
    ),
  VAPID_PRIVATE_KEY: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}=?$/, 'a private key of P-256 in base64url')
    .optional()
    .describe('Web Push: the private key of the pair.'),
  VAPID_SUBJECT: url('mailto:', 'https:')
    .optional()
    .describe('Web Push: whom the push services may write to, as mailto: or https:.'),
  APNS_KEY_FILE: z
    .string()
    .optional()
    .describe('APNs: the file of the signing key, as Apple gives it (.p8).'),
  APNS_KEY_ID: z.string().optional().describe('APNs: the id of that key.'),
  APNS_TEAM_ID: z.string().optional().describe('APNs: the id of the team.'),
  APNS_TOPIC: z.string().optional().describe('APNs: the topic, which is the bundle id of the app.'),
  APNS_URL: url('https:', 'http:')
    .default('https://api.push.apple.com')
    .describe('APNs: its address; for builds of developers https://api.sandbox.push.apple.com.'),
  FCM_ACCOUNT_FILE: z
    .string()
    .optional()
    .describe('FCM: the file of the service account, as Google gives it (JSON).'),
  FCM_URL: url('https:', 'http:').default('https://fcm.googleapis.com').describe('FCM: its address.'),
  PUSH_GATEWAY_URL: url('https:', 'http:')
    .optional()
    .describe(
      'A gateway of your own that takes notices for WEBHOOK devices (Huawei, Xiaomi, Umeng …) and text messages (SMS) as signed requests.',
    ),
  PUSH_GATEWAY_SECRET: z
    .string()
    .min(32, 'at least 32 characters')
    .optional()
    .describe(
      'The secret of at least 32 characters that requests to the gateway are signed with; whsec_ and base64, or any text.',
    ),
  SMTP_URL: url('smtp:', 'smtps:')
    .optional()
    .describe(
      'The mail server for digests of unread messages, such as smtps://user:password@mail.example.com.',
    ),
  MAIL_FROM: z
    .string()
    .min(3)
    .optional()
    .describe('The sender of those mails, such as Chat <chat@example.com>.'),
  PUSH_TEMPLATES_FILE: z
    .string()
    .optional()
    .describe('A JSON file with words of your own for notices, by language; see docs/push.md.'),
  PUSH_ALLOW_PRIVATE: z
    .stringbool()
    .default(false)
    .describe('Whether Web Push subscriptions may lead into private networks, and without TLS.'),
}

export const pushLimits = {
  pushDelayMs: count(
    5000,
    [0, 600_000],
    'How long a device has to acknowledge a message before it is pushed, in milliseconds.',
  ),
  pushTries: count(
    12,
    [1, 50],
    'How often a notice is tried, with growing pauses, before it counts as failed.',
  ),
  pushTimeoutMs: count(
    10_000,
    [100, 60_000],
    'How long a push provider may take to answer, in milliseconds.',
  ),
  pushDevices: count(50, [1, 1000], 'Push devices of one person.'),
  pushAttemptDays: count(7, [1, 365], 'How long it is kept what became of a notice.'),
  digestDelaySeconds: count(
    900,
    [0, 604_800],
    'How long somebody has to be away from an unread message before a mail or text message tells of it.',
  ),
}

const together = [
  ['VAPID_PUBLIC_KEY', 'VAPID_PRIVATE_KEY', 'VAPID_SUBJECT'],
  ['APNS_KEY_FILE', 'APNS_KEY_ID', 'APNS_TEAM_ID', 'APNS_TOPIC'],
  ['PUSH_GATEWAY_URL', 'PUSH_GATEWAY_SECRET'],
  ['SMTP_URL', 'MAIL_FROM'],
]

/** A provider that is set up by half is a fault, not one that is off. */
export function pushFaults(given: Record<string, string | undefined>): string[] {
  return together.flatMap((names) => {
    const present = names.filter((name) => given[name])
    const missing = names.filter((name) => !given[name])
    return present.length === 0 ? [] : missing.map((name) => `${name}: required with ${present.join(', ')}`)
  })
}

type PushEnv = z.output<z.ZodObject<typeof pushSettings>>

export type PushConfig = ReturnType<typeof pushConfig>

export function pushConfig(env: PushEnv) {
  const given = <Keys extends Record<string, string | undefined>>(values: Keys) =>
    Object.values(values).every((value) => value !== undefined)
      ? (values as { [Name in keyof Keys]: string })
      : null
  const gateway = given({ url: env.PUSH_GATEWAY_URL, secret: env.PUSH_GATEWAY_SECRET })
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
    gateway: gateway && { url: gateway.url, key: signingKey(gateway.secret) },
    mail: given({ url: env.SMTP_URL, from: env.MAIL_FROM }),
    templatesFile: env.PUSH_TEMPLATES_FILE,
    allowPrivate: env.PUSH_ALLOW_PRIVATE,
  }
}
