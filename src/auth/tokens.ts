import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import { errors, jwtVerify, SignJWT } from 'jose'
import type { Config } from '../config.ts'
import type { Viewer } from '../context.ts'
import { refuse } from '../errors.ts'

export interface AccessToken {
  token: string
  expiresAt: Date
}

export interface Tokens {
  issueAccess(viewer: Viewer): Promise<AccessToken>
  /** Whose token it is and until when; UNAUTHENTICATED when it is not ours or no longer good. */
  verifyAccess(token: string): Promise<{ viewer: Viewer; expiresAt: Date }>
  /** The first refresh token of a new session. */
  firstRefresh(sessionId: string): string
  /** The one token that may follow this one. */
  refreshAfter(token: string): string
  /** The session of a refresh token, or null when the token was not made here. */
  sessionOfRefresh(token: string): string | null
}

const issuer = 'parlance'
const audience = 'parlance'
const algorithm = 'HS256'

export function createTokens(secret: string, { limits }: Pick<Config, 'limits'>): Tokens {
  const accessKey = deriveKey(secret, 'access token')
  const refreshKey = deriveKey(secret, 'refresh token')
  const sealKey = deriveKey(secret, 'refresh token seal')

  // Without the seal, anybody could end a session by making up an old token of it.
  const seal = (sessionId: string, value: Buffer) => {
    const body = `${sessionId}.${value.toString('base64url')}`
    return `${body}.${hmac(sealKey, body).toString('base64url')}`
  }

  return {
    async issueAccess({ userId, sessionId }) {
      const seconds = Math.floor(Date.now() / 1000)
      const expires = seconds + limits.accessTokenSeconds
      const token = await new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(userId)
        .setIssuedAt(seconds)
        .setExpirationTime(expires)
        .sign(accessKey)
      return { token, expiresAt: new Date(expires * 1000) }
    },
    verifyAccess: (token) => verifyAccess(accessKey, token),
    firstRefresh: (sessionId) => seal(sessionId, randomBytes(32)),
    refreshAfter: (token) => seal(token.slice(0, token.indexOf('.')), hmac(refreshKey, token)),
    sessionOfRefresh(token) {
      const body = token.slice(0, token.lastIndexOf('.'))
      const [sessionId, value = ''] = body.split('.')
      const expected = seal(sessionId ?? '', Buffer.from(value, 'base64url'))
      return sessionId && equal(token, expected) ? sessionId : null
    },
  }
}

/** What of a refresh token is stored: enough to know it again, not enough to use it. */
export function refreshHash(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

async function verifyAccess(key: Uint8Array, token: string): Promise<{ viewer: Viewer; expiresAt: Date }> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [algorithm],
      issuer,
      audience,
      requiredClaims: ['sub', 'sid', 'iat', 'exp'],
    })
    const { sub, sid, exp = 0 } = payload
    if (!sub || typeof sid !== 'string') throw new errors.JWTInvalid('no subject')
    return { viewer: { userId: sub, sessionId: sid }, expiresAt: new Date(exp * 1000) }
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw refuse('UNAUTHENTICATED', 'The access token has expired.')
    if (error instanceof errors.JOSEError) throw refuse('UNAUTHENTICATED', 'The access token is not valid.')
    throw error
  }
}

// One secret, and for each purpose a key that says nothing about the others.
function deriveKey(secret: string, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', `parlance ${purpose}`, 32))
}

function hmac(key: Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function equal(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
