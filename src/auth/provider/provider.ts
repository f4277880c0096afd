import { createRemoteJWKSet, decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose'
import type { Logger } from 'pino'
import type { Config } from '../../config.ts'
import { refuse } from '../../errors.ts'

/** Whom the team's own provider says that a token is of. */
export interface Identity {
  issuer: string
  subject: string
  issuedAt: Date
  expiresAt: Date
  /** The provider's own name for where the person signed in; null when it does not say. */
  sessionKey: string | null
  /** What else it says of the person or the application, of which nothing is certain to be there. */
  claims: JWTPayload
}

export interface IdentityProvider {
  /** Whether a token says that it is the provider's. */
  issued(accessToken: string): boolean
  /** UNAUTHENTICATED unless it is and has not expired; UNAVAILABLE when the provider's keys cannot be had. */
  verify(accessToken: string): Promise<Identity>
}

// A key that both sides know is none that a provider publishes.
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']

const fetchMs = 3_000
/** How often an unknown key is looked for, and how often a key that was withdrawn is noticed. */
const cooldownMs = 5_000
const refreshMs = 600_000
/** While the provider is away, the keys that it had are good. */
const staleMs = 86_400_000

export function createIdentityProvider(
  { jwksUrl, issuer, audience }: NonNullable<Config['provider']>,
  log: Logger,
): IdentityProvider {
  const keys = createRemoteJWKSet(new URL(jwksUrl), {
    timeoutDuration: fetchMs,
    cooldownDuration: cooldownMs,
    cacheMaxAge: staleMs,
  })
  let refreshAt = Date.now() + refreshMs
  const refresh = () => {
    if (Date.now() < refreshAt || keys.reloading) return
    refreshAt = Date.now() + refreshMs
    keys.reload().catch((error) => log.warn({ err: error }, 'the keys of the identity provider are old'))
  }

  return {
    issued(accessToken) {
      try {
        return decodeJwt(accessToken).iss === issuer
      } catch {
        return false
      }
    },
    async verify(accessToken) {
      refresh()
      const { payload } = await jwtVerify(accessToken, keys, {
        algorithms,
        issuer,
        ...(audience !== undefined && { audience }),
        requiredClaims: ['sub', 'iat', 'exp'],
      }).catch((error: unknown) => refuseToken(error, log))
      return {
        issuer,
        subject: String(payload.sub),
        issuedAt: new Date(Number(payload.iat) * 1000),
        expiresAt: new Date(Number(payload.exp) * 1000),
        sessionKey: textIn(payload, 'sid') ?? textIn(payload, 'session_id'),
        claims: payload,
      }
    },
  }
}

/** A claim that is text, and not empty. */
export function textIn(claims: JWTPayload, name: string): string | null {
  const value = claims[name]
  return typeof value === 'string' && value !== '' ? value : null
}

// What is wrong with a token, as against with the keys.
const faults = [
  errors.JWTInvalid,
  errors.JWTClaimValidationFailed,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
]

function refuseToken(error: unknown, log: Logger): never {
  if (error instanceof errors.JWTExpired) throw refuse('UNAUTHENTICATED', 'The access token has expired.')
  if (faults.some((fault) => error instanceof fault))
    throw refuse('UNAUTHENTICATED', 'The access token is not valid.')
  log.warn({ err: error }, 'the keys of the identity provider cannot be had')
  throw refuse('UNAVAILABLE', 'The identity provider cannot be reached.', { retryable: true })
}
