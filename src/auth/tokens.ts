import {
  createHmac,
  createSecretKey,
  hash as digest,
  hkdfSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import type { Config } from '../config.ts'
import type { Viewer } from '../context.ts'
import { unauthenticated } from '../errors.ts'
import type { AuthSecrets } from './secret.ts'

/** The viewer of an access token, and its expiry in milliseconds since 1970. */
export interface Access {
  viewer: Viewer
  expiresAt: number
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
  /**
   * The successor of a token. Deterministic, so that a repeated refresh does not start a second chain; the others are what
   * a server that signs with another accepted secret returns.
   */
  nextRefresh(token: RefreshToken): [RefreshToken, ...RefreshToken[]]
  /** null unless this server issued the token; a forged token must not affect any session. */
  readRefresh(text: string): RefreshToken | null
  /** HMAC of a code that is too short to be stored under an ordinary hash. */
  hashCode(text: string): string
}

const issuer = 'parlance'
const audience = 'parlance'
const algorithm = 'HS256'

/** Tokens signed with the first secret; those signed with the others are accepted. */
export function createTokens([secret, ...accepted]: AuthSecrets, { limits }: Pick<Config, 'limits'>): Tokens {
  // An independent key for each purpose.
  const derive = (from: string, purpose: string) =>
    Buffer.from(hkdfSync('sha256', from, '', `parlance ${purpose}`, 32))
  const forAccess = (from: string) => createSecretKey(derive(from, 'access token'))
  const forRefresh = (from: string) => ({
    seal: derive(from, 'refresh token'),
    chain: derive(from, 'refresh token chain'),
  })
  return {
    ...accessTokens([forAccess(secret), ...accepted.map(forAccess)], limits.accessTokenSeconds),
    ...refreshTokens([forRefresh(secret), ...accepted.map(forRefresh)]),
    hashCode: hashWith(derive(secret, 'code')),
  }
}

const verifiedMax = 20_000

function accessTokens(keys: [KeyObject, ...KeyObject[]], lifeSeconds: number) {
  const [key] = keys
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
      if (known && known.expiresAt > Date.now()) return known

      const payload = await verifyWithAny(accessToken, keys)
      const viewer = { userId: String(payload.sub), sessionId: String(payload.sid) }
      return remember(hash, { viewer, expiresAt: Number(payload.exp) * 1000 })
    },
  }
}

async function verifyWithAny(accessToken: string, [key, ...others]: KeyObject[]): Promise<JWTPayload> {
  const options = { algorithms: [algorithm], issuer, audience, requiredClaims: ['sub', 'sid', 'iat', 'exp'] }
  try {
    return (await jwtVerify(accessToken, key as KeyObject, options)).payload
  } catch (error) {
    const isSignedByAnother = error instanceof errors.JWSSignatureVerificationFailed
    return isSignedByAnother && others.length > 0 ? verifyWithAny(accessToken, others) : refuseAccess(error)
  }
}

function refuseAccess(error: unknown): never {
  if (error instanceof errors.JWTExpired) throw unauthenticated('EXPIRED', 'The access token has expired.')
  if (error instanceof errors.JOSEError) throw unauthenticated('EXPIRED', 'The access token is not valid.')
  throw error
}

interface RefreshKeys {
  seal: Buffer
  chain: Buffer
}

function refreshTokens([current, ...accepted]: [RefreshKeys, ...RefreshKeys[]]) {
  // Without a seal, a forged old token could end any session.
  const seal = (keys: RefreshKeys, sessionId: string, generation: number, value: string): RefreshToken => {
    const body = `${sessionId}.${generation}.${value}`
    const text = `${body}.${hmac(keys.seal, body)}`
    return { sessionId, generation, text, hash: sha256(text) }
  }
  const next = (keys: RefreshKeys, { sessionId, generation, text }: RefreshToken) =>
    seal(keys, sessionId, generation + 1, hmac(keys.chain, text))

  return {
    firstRefresh: (sessionId: string) => seal(current, sessionId, 0, randomBytes(32).toString('base64url')),
    nextRefresh: (token: RefreshToken): [RefreshToken, ...RefreshToken[]] => [
      next(current, token),
      ...accepted.map((keys) => next(keys, token)),
    ],
    readRefresh(text: string) {
      const [sessionId = '', generation, value = ''] = text.split('.')
      const sealed = [current, ...accepted].map((keys) => seal(keys, sessionId, Number(generation), value))
      return sealed.find((token) => equal(token.text, text)) ?? null
    },
  }
}

const sha256 = (text: string) => digest('sha256', text, 'base64url')

const hashWith = (key: Buffer) => (text: string) => hmac(key, text)

const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest('base64url')

function equal(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
