import { createHash } from 'node:crypto'
import type { Logger } from 'pino'
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from 'rate-limiter-flexible'
import { refuse } from '../../errors.ts'
import type { Metrics } from '../metrics.ts'
import type { LimitStore } from './limit-store.ts'

/** So many in such a time, counted from the first. */
export interface Rule {
  name: string
  points: number
  seconds: number
}

/** What a rule counts: a person, an address …; several points at once where one call does it several times. */
export type RateLimitUse = readonly [rule: Rule, key: string, points?: number]

/** Counts how often somebody does something; in Redis, so that all servers count together, if there is one. */
export interface RateLimits {
  /**
   * RATE_LIMITED once it was too often for one of these; it then counts for none, and who is refused is told when to come
   * back. They are asked all at once.
   */
  consume(...counted: RateLimitUse[]): Promise<void>
  /** How long this one is known to have to wait, without asking anyone; 0 when it may be free. */
  knownWaitMs(counted: RateLimitUse): number
  /** It came to nothing, and does not count. Nobody waits for that. */
  refund(...counted: RateLimitUse[]): void
  close(): void
}

const exhaustedMax = 10_000

const nameOf = ([rule, key]: RateLimitUse) => `${rule.name} ${key}`

/** A store that does not answer is not waited for: each server then counts for itself. */
export function createRateLimits(store: LimitStore | null, metrics: Metrics, log: Logger): RateLimits {
  const limiters = new Map<string, RateLimiterAbstract>()
  const exhausted = new Map<string, number>()

  /** Remembers the newest refusals: a counter that is full is not asked again before it empties. */
  function noteExhausted(counted: RateLimitUse, waitMs: number): void {
    const oldest = exhausted.keys().next()
    if (exhausted.size >= exhaustedMax && !oldest.done) exhausted.delete(oldest.value)
    exhausted.set(nameOf(counted), performance.now() + waitMs)
  }

  function limiterOf({ name, points, seconds }: Rule): RateLimiterAbstract {
    const known = limiters.get(name)
    if (known) return known
    const options = { keyPrefix: `parlance:limit:${name}`, points, duration: seconds }
    const memory = new RateLimiterMemory(options)
    const limiter = store
      ? new RateLimiterRedis({
          ...options,
          storeClient: store.client,
          rejectIfRedisNotReady: true,
          insuranceLimiter: memory,
        })
      : memory
    limiters.set(name, limiter)
    return limiter
  }

  function refund(...counted: readonly RateLimitUse[]): void {
    for (const [rule, key, points = 1] of counted)
      limiterOf(rule)
        .reward(bounded(key), points)
        .catch((error: unknown) => log.error({ err: error, limit: rule.name }, 'a count was not taken back'))
  }

  return {
    async consume(...counted) {
      const refused: { rule: Rule; waitMs: number }[] = []
      const taken: RateLimitUse[] = []
      const consume = async ([rule, key, points = 1]: RateLimitUse) => {
        try {
          await limiterOf(rule).consume(bounded(key), points)
          taken.push([rule, key, points])
        } catch (error) {
          if (!(error instanceof RateLimiterRes)) throw error
          // Asking for too many at once uses up nothing.
          if (points > 1) taken.push([rule, key, points])
          else noteExhausted([rule, key], error.msBeforeNext)
          refused.push({ rule, waitMs: error.msBeforeNext })
        }
      }
      await Promise.all(counted.map(consume))
      const [longest] = refused.sort((a, b) => b.waitMs - a.waitMs)
      if (!longest) return
      metrics.limited(longest.rule.name)
      refund(...taken)
      throw rateLimited(longest.waitMs)
    },
    knownWaitMs(counted) {
      const until = exhausted.get(nameOf(counted))
      const waitMs = until === undefined ? 0 : until - performance.now()
      if (until !== undefined && waitMs <= 0) exhausted.delete(nameOf(counted))
      return Math.max(0, waitMs)
    },
    refund,
    close: () => store?.close(),
  }
}

export const rateLimited = (waitMs: number) =>
  refuse('RATE_LIMITED', 'Too much in too short a time; slow down.', {
    retryAfterMs: Math.max(1, Math.ceil(waitMs)),
  })

/** Keys may hold what people wrote, of any length. */
const bounded = (key: string) => createHash('sha256').update(key).digest('base64url')
