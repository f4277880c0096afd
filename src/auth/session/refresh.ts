import { requireAccount, type UserRow } from '../../account/store.ts'
import { findSuspension, suspendedRefusal } from '../../account/suspension.ts'
import type { Context } from '../../context.ts'
import { type Refusal, refuse, unauthenticated } from '../../errors.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { type Tx, withTransaction } from '../../transaction.ts'
import type { RefreshToken } from '../tokens.ts'
import { endSessions } from './end.ts'
import { type SignedIn, signIn } from './start.ts'
import { type SessionRow, sessionColumns } from './store.ts'

interface Family extends SessionRow {
  generation: number
  tokenHash: string
  previousTokenHash: string | null
  /** The last refresh is recent enough that its response may have been lost. */
  inGrace: boolean
  ended: boolean
}

/**
 * Exchanges a refresh token for its only successor. The previous token is accepted again for a few seconds, since its
 * response may have been lost; any other old token means that a token was copied, and ends the session.
 */
export async function refreshSession(ctx: Context, refreshToken: string): Promise<SignedIn> {
  const given = ctx.auth.tokens.readRefresh(refreshToken)
  if (!given) throw refuse('BAD_CREDENTIALS', 'This is not a refresh token of this server.')
  const next = ctx.auth.tokens.nextRefresh(given)

  // A refusal is returned, not thrown: ending the session must be committed.
  const outcome = await withTransaction(ctx, (tx) => rotate(ctx, tx, given, next))
  if ('refusal' in outcome) throw outcome.refusal
  const { user, session, successor } = outcome
  return signIn(ctx, user, { session, refreshToken: successor.text, replaced: [] })
}

type Outcome = { user: UserRow; session: SessionRow; successor: RefreshToken } | { refusal: Refusal }

async function rotate(
  ctx: Context,
  tx: Tx,
  given: RefreshToken,
  next: [RefreshToken, ...RefreshToken[]],
): Promise<Outcome> {
  const { refreshGraceSeconds, refreshTokenDays } = ctx.config.limits
  const family = await lockFamily(tx.sql, given.sessionId, refreshGraceSeconds)
  // A token newer than the database was issued before the database was restored from a backup.
  if (!family || family.ended || given.generation > family.generation)
    return { refusal: await endedRefusal(tx.sql, family) }

  const user = await requireAccount(tx.sql, family.userId)
  const repeated = given.hash === family.previousTokenHash && family.inGrace
  // The first refresh may have been answered by a server that signs with the other secret of a rotation.
  if (repeated)
    return {
      user,
      session: family,
      successor: next.find(({ hash }) => hash === family.tokenHash) ?? next[0],
    }
  if (given.hash !== family.tokenHash) return { refusal: await endReused(ctx, tx, family) }
  const session = await rotateToken(tx.sql, next[0], refreshTokenDays)
  return { user, session, successor: next[0] }
}

/** SUSPENDED if the account is: signing in again would not help. */
async function endedRefusal(sql: Sql, family: Family | null): Promise<Refusal> {
  const suspension = family && (await findSuspension(sql, family.userId))
  return suspension
    ? suspendedRefusal(suspension)
    : unauthenticated('ENDED', 'This session has ended; sign in again.')
}

async function endReused(ctx: Context, tx: Tx, { id, userId }: Family): Promise<Refusal> {
  await endSessions(ctx, tx, userId, { id }, 'REVOKED')
  ctx.log.warn({ userId, sessionId: id }, 'refresh token reused, session ended')
  return refuse('TOKEN_REUSED', 'This refresh token was used before; sign in again.')
}

const readFamily = `
  select ${sessionColumns}, s.generation, s.token_hash as "tokenHash", s.previous_token_hash as "previousTokenHash",
         s.rotated_at > clock_timestamp() - make_interval(secs => $2::integer) as "inGrace",
         s.ended_at is not null or s.expires_at <= clock_timestamp() as ended
  from session s where s.id = $1 for no key update`

async function lockFamily(sql: Sql, sessionId: string, graceSeconds: number): Promise<Family | null> {
  const [family] = await sql.query<Family>(readFamily, [sessionId, graceSeconds])
  return family ?? null
}

async function rotateToken(sql: Sql, next: RefreshToken, lifeDays: number): Promise<SessionRow> {
  const [session] = await sql.query<SessionRow>(
    `update session as s
     set generation = $2, token_hash = $3, previous_token_hash = token_hash,
         rotated_at = clock_timestamp(), last_seen_at = clock_timestamp(),
         expires_at = clock_timestamp() + make_interval(days => $4::integer)
     where s.id = $1 returning ${sessionColumns}`,
    [next.sessionId, next.generation, next.hash, lifeDays],
  )
  return session as SessionRow
}
