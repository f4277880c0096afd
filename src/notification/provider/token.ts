import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { PushProvider } from '../../platform/db/generated/enums.ts'
import { portOf } from '../../platform/http-client/client.ts'
import { isPrivateHost } from '../../platform/http-client/private-addresses.ts'
import { isPublicKey } from '../../platform/p256.ts'

/** The JSON of a browser's PushSubscription. */
export interface WebPushSubscription {
  endpoint: string
  keys: { p256dh: string; auth: string }
}

const bytes = (length: number) =>
  z
    .string()
    .regex(/^[A-Za-z0-9_-]+={0,2}$/, 'must be base64url')
    .refine((value) => Buffer.from(value, 'base64url').length === length, `must have ${length} bytes`)

const point = bytes(65).refine(isPublicKey, 'must be a P-256 public key')

/** Which endpoints a subscription may name. */
export interface EndpointRules {
  allowPrivate: boolean
  ports: readonly number[]
}

/** Whether the URL is allowed. The addresses that its host resolves to are checked at each request. */
function mayBeCalled(endpoint: string, { allowPrivate, ports }: EndpointRules): boolean {
  if (!URL.canParse(endpoint)) return false
  const url = new URL(endpoint)
  if (url.username || url.password) return false
  if (allowPrivate) return url.protocol === 'https:' || url.protocol === 'http:'
  return url.protocol === 'https:' && !isPrivateHost(url.hostname) && ports.includes(portOf(url))
}

const subscription = (rules: EndpointRules) =>
  z.object({
    endpoint: z
      .string()
      .max(2048, 'must have at most 2048 characters')
      .refine(
        (value) => mayBeCalled(value, rules),
        `must be an https URL outside private networks, on port ${rules.ports.join(' or ')}`,
      ),
    keys: z.object({ p256dh: point, auth: bytes(16) }),
  })

const webPushToken = (rules: EndpointRules) =>
  z
    .string()
    .max(4096, 'must have at most 4096 characters')
    .transform((value, issues): unknown => {
      try {
        return JSON.parse(value)
      } catch {
        issues.addIssue('must be a push subscription as JSON')
        return z.NEVER
      }
    })
    .pipe(subscription(rules))
    // One form for each subscription, so that it is one device whatever the formatting.
    .transform((value) => JSON.stringify(value))

const notRegistered = z
  .string()
  .refine(
    () => false,
    'cannot be registered: e-mail and text messages go to the address and number of the profile',
  )

const schemas: Record<PushProvider, (rules: EndpointRules) => z.ZodType<string>> = {
  APNS: () =>
    z
      .string()
      .regex(/^[0-9a-fA-F]{64,200}$/, 'must be a device token in hexadecimal')
      .toLowerCase(),
  FCM: () => z.string().regex(/^[\w:.-]{8,4096}$/, 'must be a registration token'),
  WEB_PUSH: webPushToken,
  EMAIL: () => notRegistered,
  SMS: () => notRegistered,
  WEBHOOK: () => z.string().regex(/^[\x21-\x7e]{1,4096}$/, 'must be 1 to 4096 printable ASCII characters'),
}

export const tokenSchema = (provider: PushProvider, rules: EndpointRules): z.ZodType<string> =>
  schemas[provider](rules)

export const hashToken = (token: string): string => createHash('sha256').update(token).digest('base64url')

export const readSubscription = (token: string): WebPushSubscription =>
  JSON.parse(token) as WebPushSubscription
