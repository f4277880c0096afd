import { z } from 'zod'
import { Platform } from '../platform/db/generated/enums.ts'
import { integer, list, url } from './fields.ts'

/** Parses `IOS:1,WEB:5`; an unset variable is an empty list. */
function platformCounts(items: string[], context: z.RefinementCtx): [Platform, number][] {
  return items.flatMap((item) => {
    const [name = '', count = ''] = item.split(':').map((part) => part.trim())
    const platform = Object.values(Platform).find((one) => one === name)
    if (platform && /^[1-9]\d{0,3}$/.test(count)) return [[platform, Number(count)]]
    context.addIssue(`${item}: a platform and a number of 1 to 9999, such as IOS:1`)
    return []
  })
}

/** Sign-in, devices and moderators. */
export const peopleSettings = {
  AUTH_JWKS_URL: url('http:', 'https:')
    .optional()
    .describe(
      'JWKS URL of your identity provider. Its access tokens are accepted, and an account is created at the first one.',
    ),
  AUTH_ISSUER: z
    .string()
    .optional()
    .describe('Required `iss` claim of its tokens. Set together with AUTH_JWKS_URL.'),
  AUTH_AUDIENCE: z
    .string()
    .optional()
    .describe(
      'Required `aud` claim of its tokens. If unset, tokens issued for your other services are accepted too.',
    ),
  REGISTRATION: z
    .enum(['open', 'closed'])
    .default('open')
    .describe(
      'Whether users may register with a password; closed allows accounts from the identity provider only.',
    ),
  ADMIN_HANDLES: list
    .transform((handles) => handles.map((handle) => handle.toLowerCase()))
    .refine((handles) => handles.every((handle) => /^[a-z0-9][a-z0-9_.-]{2,31}$/.test(handle)), {
      error: 'handles, separated by commas',
    })
    .describe(
      'Handles of moderators, separated by commas; parlance admin grant appoints others. Register these handles before you open registration.',
    ),
  SESSIONS_PER_PLATFORM: list
    .transform(platformCounts)
    .describe(
      'Maximum signed-in devices per user and platform, such as IOS:1,ANDROID:1,WEB:5; the newest stay signed in. Platforms not listed are unlimited.',
    ),
}

export const sessionLimits = {
  accessTokenSeconds: integer(900, [5, 86_400], 'Lifetime of an access token, in seconds.'),
  refreshTokenDays: integer(30, [1, 3650], 'Lifetime of a session without a refresh, in days.'),
  endedSessionDays: integer(
    30,
    [1, 3650],
    'Time for which ended sessions are kept, so that the reuse of a refresh token is detected, in days.',
  ),
  refreshGraceSeconds: integer(
    30,
    [0, 300],
    'Time in which a refresh whose response was lost may be repeated, in seconds.',
  ),
}

export function peopleErrors(given: Record<string, string | undefined>): string[] {
  if (Boolean(given.AUTH_JWKS_URL) === Boolean(given.AUTH_ISSUER)) return []
  return ['AUTH_ISSUER: set AUTH_JWKS_URL and AUTH_ISSUER together']
}

const schema = z.object(peopleSettings)

export function peopleConfig(env: z.infer<typeof schema>) {
  const { AUTH_JWKS_URL: jwksUrl, AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience } = env
  return {
    /** The operator's identity provider. */
    provider: jwksUrl && issuer ? { jwksUrl, issuer, audience } : null,
    registration: env.REGISTRATION,
    adminHandles: env.ADMIN_HANDLES,
    sessionsPerPlatform: new Map(env.SESSIONS_PER_PLATFORM),
  }
}
