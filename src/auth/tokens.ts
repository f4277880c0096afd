import { createHash, createHmac, createSecretKey, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import { errors, jwtVerify, SignJWT } from 'jose'
import type { Config } from '../config.ts'
import type { Viewer } from '../context.ts'
import { unauthenticated } from '../errors.ts'

/** The viewer of an access token, and its expiry. */
export interface Access {
  viewer: Viewer
  expiresAt: Date
}

/** One token of a session's chain of refresh tokens. */
export interface RefreshToken {
  sessionId: string
  generation: number
  /** Kept by the client. */
  text: string
  /** Kept by the database: enough to recognise the token, not to use it. */
  hash: string
}

export interface Tokens {
  issueAccess(viewer: Viewer): Promise<{ accessToken: string; expiresAt: Date }>
  /** UNAUTHENTICATED unless this server issued the token and it has not expired. */
  verifyAccess(accessToken: string): Promise<Access>
  firstRefresh(sessionId: string): RefreshToken
  /** Deterministic, so that a repeated refresh does not start a second chain. */
  nextRefresh(token: RefreshToken): RefreshToken
  /** null unless this server issued the token; a forged token must not affect any session. */
  readRefresh(text: string): RefreshToken | null
  /** HMAC of a code that is too short to be stored under an ordinary hash. */
  hashCode(text: string): string
}

const issuer = 'parlance'
const audience = 'parlance'
const algorithm = 'HS256'

export function createTokens(secret: string, { limits }: Pick<Config, 'limits'>): Tokens {
  // One secret, and an independent key for each purpose.
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', secret, '', `parlance ${purpose}`, 32))
  return {
    ...accessTokens(derive('access token'), limits.accessTokenSeconds),
    ...refreshTokens(derive('refresh token'), derive('refresh token chain')),
    hashCode: hashWith(derive('code')),
  }
}

const verifiedMax = 20_000

function accessTokens(keyBytes: Buffer, lifeSeconds: number) {
  const key = createSecretKey(keyBytes)
  // A device sends the same token for minutes, and verifying it costs more than a small query.
  const verified = new Map<string, Access>()

  const remember = (hash: string, access: Access) => {
    const oldest = verified.keys().next()
    if (verified.size >= verifiedMax && !oldest.done) verified.delete(oldest.value)
    verified.set(hash, access)
    return access
  }

  return {
    async issueAccess({ userId, sessionId }: Viewer) {
      const seconds = Math.floor(Date.now() / 1000)
      const expires = seconds + lifeSeconds
      const accessToken = await new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(userId)
        .setIssuedAt(seconds)
        .setExpirationTime(expires)
        .sign(key)
      return { accessToken, expiresAt: new Date(expires * 1000) }
    },
    async verifyAccess(accessToken: string) {
      const hash = sha256(accessToken)
      const known = verified.get(hash)
      if (known && known.expiresAt.getTime() > Date.now()) return known

      const { payload } = await jwtVerify(accessToken, key, {
        algorithms: [algorithm],
        issuer,
        audience,
        requiredClaims: ['sub', 'sid', 'iat', 'exp'],
      }).catch(refuseAccess)
      const viewer = { userId: String(payload.sub), sessionId: String(payload.sid) }
      return remember(hash, { viewer, expiresAt: new Date(Number(payload.exp) * 1000) })
    },
  }
}

function refuseAccess(error: unknown): never {
  if (error instanceof errors.JWTExpired) throw unauthenticated('EXPIRED', 'The access token has expired.')
  if (error instanceof errors.JOSEError) throw unauthenticated('EXPIRED', 'The access token is not valid.')
  throw error
}

function refreshTokens(sealKey: Buffer, chainKey: Buffer) {
  // Without a seal, a forged old token could end any session.
  const seal = (sessionId: string, generation: number, value: string): RefreshToken => {
    const body = `${sessionId}.${generation}.${value}`
    const text = `${body}.${hmac(sealKey, body)}`
    return { sessionId, generation, text, hash: sha256(text) }
  }

  return {
    firstRefresh: (sessionId: string) => seal(sessionId, 0, randomBytes(32).toString('base64url')),
    nextRefresh: ({ sessionId, generation, text }: RefreshToken) =>
      seal(sessionId, generation + 1, hmac(chainKey, text)),
    readRefresh(text: string) {
      const [sessionId = '', generation, value = ''] = text.split('.')
      const sealed = seal(sessionId, Number(generation), value)
      return equal(sealed.text, text) ? sealed : null
    },
  }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url')

const hashWith = (key: Buffer) => (text: string) => hmac(key, text)

const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest('base64url')

function equal(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
