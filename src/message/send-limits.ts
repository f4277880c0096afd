import type { Logger } from 'pino'
import type { Limits } from '../config.ts'
import type { Refusal } from '../errors.ts'
import type { Bus } from '../platform/bus/bus.ts'
import type { Sql } from '../platform/db/sql.ts'
import type { Metrics } from '../platform/metrics.ts'
import { tooFast } from '../platform/rate-limit/rate-limits.ts'
import { createTokenBuckets } from '../platform/rate-limit/token-buckets.ts'
import { createSameText, type Repeated } from './same-text.ts'
import type { NoteSuspicion } from './suspicion.ts'

/** How fast people may send. It asks nobody, so it costs a send next to nothing. */
export interface SendLimits {
  /** Why so many messages must wait, or null; then they are counted. */
  paceRefusal(senderId: string, messages?: number): Refusal | null
  /** Why this text must not go to yet another conversation now, or null. */
  repetitionRefusal(senderId: string, conversationId: string, text: string): Refusal | null
  close(): void
}

export interface SendLimitParts {
  limits: Pick<Limits, 'sendsPerSecond' | 'sendBurst' | 'sameTextConversations' | 'sameTextPauseSeconds'>
  bus: Bus
  sql: Sql
  log: Logger
  metrics: Metrics
  onSuspicion: readonly NoteSuspicion[]
}

export function createSendLimits(parts: SendLimitParts): SendLimits {
  const { limits, bus, log, metrics } = parts
  const buckets = createTokenBuckets({ rate: limits.sendsPerSecond, burst: limits.sendBurst, bus, log })
  const sameText = createSameText({ most: limits.sameTextConversations + 1, bus, log })

  return {
    paceRefusal(senderId, messages = 1) {
      const waitMs = buckets.take(senderId, messages)
      if (waitMs === 0) return null
      metrics.limited('sends')
      return tooFast(waitMs)
    },
    repetitionRefusal(senderId, conversationId, text) {
      const repeated = sameText.seen(senderId, conversationId, text)
      if (repeated.conversations <= limits.sameTextConversations) return null
      if (!repeated.told) report(parts, senderId, repeated)
      const now = performance.now()
      const waitMs = repeated.nextAt - now
      if (waitMs <= 0) {
        repeated.nextAt = now + limits.sameTextPauseSeconds * 1_000
        return null
      }
      metrics.limited('same-text')
      return tooFast(waitMs)
    },
    close: () => buckets.close(),
  }
}

/** Once for each text, and behind the sender's back. */
function report({ sql, log, onSuspicion }: SendLimitParts, userId: string, repeated: Repeated): void {
  repeated.told = true
  const suspicion = { userId, kind: 'REPEATED_TEXT', conversations: repeated.conversations } as const
  log.warn(suspicion, 'somebody sends the same text to many')
  Promise.all(onSuspicion.map((note) => note(sql, suspicion))).catch((error: unknown) =>
    log.error({ err: error, userId }, 'a suspicion could not be put on record'),
  )
}
