import type { Context, SessionEndReason } from '../../context.ts'
import type { Platform } from '../../platform/db/generated/enums.ts'
import type { Tx } from '../../transaction.ts'
import { sessionEndedTopic } from './cache.ts'

/** Which sessions of a user: one, all except one, those of a device, all but the newest `keep` of a platform, or all. */
export type SessionChoice =
  | { id: string }
  | { except: string }
  | { deviceId: string }
  | { platform: Platform; keep: number }
  | 'all'

type Publishing = Pick<Context, 'bus' | 'auth'>

const endChosen = (choice: string) => `
  update session set ended_at = now(), end_reason = $2
  where user_id = $1 and ended_at is null and ${choice} returning id`

/** Ends sessions of a user: their tokens become invalid at once, and their sockets close with the reason. */
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

/** Ends sessions without publishing it: the caller calls publishEnded after the commit. */
export async function endSilently(
  tx: Tx,
  userId: string,
  choice: SessionChoice,
  reason: SessionEndReason,
): Promise<string[]> {
  const [condition, ...params] = toSql(choice)
  const ended = await tx.sql.query<{ id: string }>(endChosen(condition), [userId, reason, ...params])
  if (ended.length > 0) tx.announce({ userId, kind: 'me', subjectId: userId })
  return ended.map(({ id }) => id)
}

/**
 * Invalidates ended sessions here and publishes them, so that every server closes their sockets. A server that misses
 * the message finds out within two seconds.
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
