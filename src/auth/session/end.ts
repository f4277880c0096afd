import type { Context, SessionEndReason } from '../../context.ts'
import type { Platform } from '../../platform/db/generated/enums.ts'
import type { Tx } from '../../transaction.ts'
import { sessionEndedTopic } from './cache.ts'

/** Which of a person's sessions: this one, all but this one, those of this device, all but the newest of a platform, or all. */
export type SessionChoice =
  | { id: string }
  | { except: string }
  | { deviceId: string }
  | { platform: Platform; keep: number }
  | 'all'

type Publishing = Pick<Context, 'bus' | 'auth'>

const endThem = (choice: string) => `
  update session set ended_at = now(), end_reason = $2
  where user_id = $1 and ended_at is null and ${choice} returning id`

/** Ends sessions of a person: their tokens are void at once, and their sockets are told why and close. */
export async function endSessions(
  ctx: Publishing,
  tx: Tx,
  userId: string,
  choice: SessionChoice,
  reason: SessionEndReason,
): Promise<void> {
  const ended = await endSilently(tx, userId, choice, reason)
  tx.afterCommit(() => publishEnded(ctx, ended, reason))
}

/** The same, while it is left to the caller to tell of it once that is committed. */
export async function endSilently(
  tx: Tx,
  userId: string,
  choice: SessionChoice,
  reason: SessionEndReason,
): Promise<string[]> {
  const [condition, ...params] = toSql(choice)
  const ended = await tx.sql.query<{ id: string }>(endThem(condition), [userId, reason, ...params])
  if (ended.length > 0) tx.announce({ userId, kind: 'me', subjectId: userId })
  return ended.map(({ id }) => id)
}

/**
 * This server answers nothing more to these sessions, and every other closes their sockets as soon as it hears of it; one
 * that does not hear it finds out within two seconds.
 */
export function publishEnded(
  { bus, auth: { sessions } }: Publishing,
  sessionIds: readonly string[],
  reason: SessionEndReason,
): void {
  for (const sessionId of sessionIds) {
    sessions.invalidate(sessionId)
    bus.publish(sessionEndedTopic, { sessionId, reason })
  }
}

const oldestOfPlatform = `id in (
  select id from session
  where user_id = $1 and platform = $3::platform and ended_at is null and expires_at > now()
  order by created_at desc, id desc offset $4::integer)`

function toSql(choice: SessionChoice): [condition: string, ...params: (string | number)[]] {
  if (choice === 'all') return ['true']
  if ('id' in choice) return ['id = $3', choice.id]
  if ('except' in choice) return ['id <> $3', choice.except]
  if ('platform' in choice) return [oldestOfPlatform, choice.platform, choice.keep]
  return ['device_id = $3', choice.deviceId]
}
