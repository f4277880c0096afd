import { createHash, createHmac, createSecretKey, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import { errors, jwtVerify, SignJWT } from 'jose'
import type { Config } from '../config.ts'
import type { Viewer } from '../context.ts'
import { refuse } from '../errors.ts'

/** Who an access token speaks for, and until when. */
export interface Access {
  viewer: Viewer
  expiresAt: Date
}

/** One link of the chain of refresh tokens that a session hands out. */
export interface RefreshToken {
  sessionId: string
  generation: number
  /** What the client keeps. */
  text: string
  /** What the database keeps: enough to know the token again, not enough to use it. */
  hash: string
}

export interface Tokens {
  issueAccess(viewer: Viewer): Promise<{ accessToken: string; expiresAt: Date }>
  /** UNAUTHENTICATED unless this server made the token and it has not expired. */
  verifyAccess(accessToken: string): Promise<Access>
  firstRefresh(sessionId: string): RefreshToken
  /** Always the same one after the same predecessor, so that a repeated refresh makes no second chain. */
  nextRefresh(token: RefreshToken): RefreshToken
  /** null unless this server made the token: a forged one says nothing about any session. */
  readRefresh(text: string): RefreshToken | null
}

const issuer = 'parlance'
const audience = 'parlance'
const algorithm = 'HS256'

export function createTokens(secret: string, { limits }: Pick<Config, 'limits'>): Tokens {
  // One secret, and for each purpose a key that says nothing about the others.
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', secret, '', `parlance ${purpose}`, 32))
  return {
    ...accessTokens(derive('access token'), limits.accessTokenSeconds),
    ...refreshTokens(derive('refresh token'), derive('refresh token chain')),
  }
}

const verifiedMax = 20_000

function accessTokens(keyBytes: Buffer, lifeSeconds: number) {
  const key = createSecretKey(keyBytes)
  // A device sends the same token for minutes, and to check it anew costs more than a small query does otherwise.
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
  if (error instanceof errors.JWTExpired) throw refuse('UNAUTHENTICATED', 'The access token has expired.')
  if (error instanceof errors.JOSEError) throw refuse('UNAUTHENTICATED', 'The access token is not valid.')
  throw error
}

function refreshTokens(sealKey: Buffer, chainKey: Buffer) {
  // Without a seal anybody could end a session by making up an old token of it.
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

const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest('base64url')

function equal(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
