import { createRemoteJWKSet, decodeJwt, errors, jwtVerify } from 'jose'
import type { Logger } from 'pino'
import type { Config } from '../../config.ts'
import { refuse, unauthenticated } from '../../errors.ts'
import { type Identity, readClaims } from './claims.ts'

export interface IdentityProvider {
  /** Whether the token claims to be issued by the provider; nothing is verified. */
  issued(accessToken: string): boolean
  /** UNAUTHENTICATED if the token is invalid or expired; UNAVAILABLE if the provider's keys cannot be fetched. */
  verify(accessToken: string): Promise<Identity>
}

// Asymmetric algorithms only: a published key must not be usable as a shared secret.
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']

const fetchMs = 3_000
/** Minimum time between fetches for unknown keys, and the interval after which a withdrawn key is noticed. */
const cooldownMs = 5_000
const refreshMs = 600_000
/** How long fetched keys are used while the provider is unreachable. */
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
    keys
      .reload()
      .catch((error) => log.warn({ err: error }, 'identity provider keys not refreshed, using cached keys'))
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
      return readClaims(issuer, payload)
    },
  }
}

// Errors of the token; all others are failures to fetch the keys.
const tokenErrors = [
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
  if (error instanceof errors.JWTExpired) throw unauthenticated('EXPIRED', 'The access token has expired.')
  if (tokenErrors.some((tokenError) => error instanceof tokenError))
    throw unauthenticated('EXPIRED', 'The access token is not valid.')
  log.warn({ err: error }, 'identity provider keys unavailable')
  throw refuse('UNAVAILABLE', 'The identity provider cannot be reached.')
}
