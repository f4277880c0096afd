import { createHash } from 'node:crypto'
import { lockAccount } from '../../account/store.ts'
import { findSuspension, suspendedRefusal } from '../../account/suspension.ts'
import type { Services } from '../../context.ts'
import { unauthenticated } from '../../errors.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { type Tx, withTransaction } from '../../transaction.ts'
import { publishEnded } from '../session/end.ts'
import { deviceSchema, startSession } from '../session/start.ts'
import type { Access } from '../tokens.ts'
import { type Identity, textIn } from './claims.ts'
import type { IdentityProvider } from './provider.ts'
import { resolveIdentity } from './resolve-identity.ts'

const knownMax = 20_000

// A device sends the same token for minutes: its session is looked up once and cached until the token expires.
const provisioned = new WeakMap<IdentityProvider, Map<string, { access: Promise<Access>; until: number }>>()

/** The viewer of an identity provider's token. Its first use creates the account and the session. */
export async function provisionUser(
  services: Services,
  provider: IdentityProvider,
  accessToken: string,
): Promise<Access> {
  const known = provisioned.get(provider) ?? new Map()
  if (known.size === 0) provisioned.set(provider, known)
  const hash = createHash('sha256').update(accessToken).digest('base64url')
  const entry = known.get(hash)
  if (entry && entry.until > Date.now()) return entry.access

  const access = provision(services, provider, accessToken)
  const oldest = known.keys().next()
  if (known.size >= knownMax && !oldest.done) known.delete(oldest.value)
  const made = { access, until: Number.POSITIVE_INFINITY }
  known.set(hash, made)
  try {
    made.until = (await access).expiresAt
  } catch (error) {
    if (known.get(hash) === made) known.delete(hash)
    throw error
  }
  return access
}

async function provision(
  services: Services,
  provider: IdentityProvider,
  accessToken: string,
): Promise<Access> {
  const identity = await provider.verify(accessToken)
  const userId = await resolveIdentity(services, identity)
  const sessionId = await withTransaction(services, (tx) => sessionFor(services, tx, userId, identity))
  return { viewer: { userId, sessionId }, expiresAt: identity.expiresAt.getTime() }
}

interface PreviousSession {
  id: string
  ended: boolean
  /** The session ended before the token was issued. */
  endedBefore: boolean
}

const previousSession = `
  select id, ended_at is not null as ended, ended_at < $3::timestamptz as "endedBefore"
  from session where user_id = $1 and device_id = $2 order by created_at desc, id desc limit 1`

async function sessionFor(services: Services, tx: Tx, userId: string, identity: Identity): Promise<string> {
  await lockAccount(tx.sql, userId)
  const suspension = await findSuspension(tx.sql, userId)
  if (suspension) throw suspendedRefusal(suspension)

  const deviceId = deviceIdOf(identity)
  const [previous] = await tx.sql.query<PreviousSession>(previousSession, [
    userId,
    deviceId,
    identity.issuedAt.toISOString(),
  ])
  if (previous && !previous.ended) return keepAlive(tx.sql, previous.id, services)
  // A session that the provider identifies stays ended. Without an id, only a token issued later is a new session.
  if (previous && (identity.sessionKey !== null || !previous.endedBefore))
    throw unauthenticated('ENDED', 'This session has ended; sign in again.')

  const device = { id: deviceId, name: deviceName(identity), platform: 'OTHER' as const }
  const { session, replaced, newDevice } = await startSession(services, tx, userId, device)
  tx.afterCommit(() => publishEnded(services, replaced, 'REPLACED'))
  tx.announce({ userId, kind: 'me', subjectId: userId })
  if (newDevice) await services.hooks.run('newDeviceSignedIn', tx, { userId, sessionId: session.id })
  return session.id
}

const touch = `
  update session set last_seen_at = clock_timestamp(),
    expires_at = clock_timestamp() + make_interval(days => $2::integer)
  where id = $1`

async function keepAlive(sql: Sql, sessionId: string, { config }: Services): Promise<string> {
  await sql.query(touch, [sessionId, config.limits.refreshTokenDays])
  return sessionId
}

/** The prefix keeps it apart from device ids of clients; the hash fits any session key into the column. */
function deviceIdOf({ issuer, sessionKey }: Identity): string {
  return `provider:${createHash('sha256')
    .update(`${issuer} ${sessionKey ?? ''}`)
    .digest('base64url')}`
}

/** The application that requested the token, as shown in the list of sessions. */
function deviceName({ claims }: Identity): string {
  const named = deviceSchema.shape.name.safeParse(textIn(claims, 'azp') ?? textIn(claims, 'client_id') ?? '')
  return named.success ? named.data : 'Unknown device'
}
