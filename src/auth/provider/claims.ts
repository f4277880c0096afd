import type { JWTPayload } from 'jose'
import { z } from 'zod'
import { unauthenticated } from '../../errors.ts'
import { isStorable } from '../../platform/text.ts'

/** The verified claims of an identity provider's token. */
export interface Identity {
  issuer: string
  subject: string
  issuedAt: Date
  expiresAt: Date
  /** When the user signed in at the provider; the time of issue if the token does not say. */
  signedInAt: Date
  /** The provider's session id; null if the token has none. */
  sessionKey: string | null
  /** All claims; those that describe the user and the application are optional and of any type. */
  claims: JWTPayload
}

// The last second of the year 9999, the last that PostgreSQL and RFC 3339 both can express.
const maxSeconds = 253_402_300_799
const skewSeconds = 60

const instant = z
  .number()
  .min(0)
  .max(maxSeconds)
  .transform((seconds) => new Date(seconds * 1_000))
// A time in the future would make a token count as fresh for as long.
const past = instant.refine((time) => time.getTime() <= Date.now() + skewSeconds * 1_000, 'is in the future')

const storable = z.string().refine(isStorable)

const schema = z.object({
  // OpenID Connect allows 255 ASCII characters.
  sub: storable.min(1).max(255),
  iat: past,
  exp: instant,
  auth_time: past.nullish(),
  sid: storable.nullish(),
  session_id: storable.nullish(),
})

/**
 * Reads the claims that decide about the account and the session. A claim of another type is UNAUTHENTICATED: a guess at
 * its meaning, such as the text of an object as the subject, would let accounts merge.
 */
export function readClaims(issuer: string, claims: JWTPayload): Identity {
  const read = schema.safeParse(claims)
  if (!read.success) {
    const names = [...new Set(read.error.issues.map(({ path }) => String(path[0])))].join(', ')
    throw unauthenticated('EXPIRED', `The access token has invalid claims: ${names}.`)
  }
  const { sub, iat, exp, auth_time: authTime, sid, session_id: sessionId } = read.data
  return {
    issuer,
    subject: sub,
    issuedAt: iat,
    expiresAt: exp,
    signedInAt: authTime ?? iat,
    sessionKey: sid || sessionId || null,
    claims,
  }
}

/** A claim as non-empty text; null if it is missing or of another type. */
export function textIn(claims: JWTPayload, name: string): string | null {
  const value = claims[name]
  return typeof value === 'string' && value !== '' ? value : null
}

/** The e-mail address, unless the provider says that it is not verified. Some providers send the flag as text. */
export function emailIn(claims: JWTPayload): { address: string; verified: boolean } | null {
  const address = textIn(claims, 'email')
  const flag = String(claims.email_verified ?? '')
  return address === null || flag === 'false' ? null : { address, verified: flag === 'true' }
}
