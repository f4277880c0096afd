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

/** Allows `points` per `seconds`, in a window that starts with the first use. */
export interface Rule {
  name: string
  points: number
  seconds: number
}

/** A use of a rule: the key is a user, a device or an address; default: one point. */
export type RateLimitUse = readonly [rule: Rule, key: string, points?: number]

/** Counts uses per key; in Redis, if there is one, so that all servers count together. */
export interface RateLimits {
  /**
   * Counts all uses. If one exceeds its rule, none counts and RATE_LIMITED is thrown, with the time to wait. The counters
   * are updated concurrently.
   */
  consume(...counted: RateLimitUse[]): Promise<void>
  /** The known time to wait, without a call to Redis; 0 if the use may be allowed. */
  knownWaitMs(counted: RateLimitUse): number
  /** Takes uses back, in the background. */
  refund(...counted: RateLimitUse[]): void
  close(): void
}

const exhaustedMax = 10_000

const nameOf = ([rule, key]: RateLimitUse) => `${rule.name} ${key}`

/** If the store is unavailable, each server counts for itself. */
export function createRateLimits(store: LimitStore | null, metrics: Metrics, log: Logger): RateLimits {
  const limiters = new Map<string, RateLimiterAbstract>()
  const exhausted = new Map<string, number>()

  /** Remembers refusals, so that an exhausted counter is not asked before it expires. */
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
        .catch((error: unknown) => log.error({ err: error, limit: rule.name }, 'rate limit refund failed'))
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
          // A request for too many points at once does not exhaust the counter.
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
  refuse('RATE_LIMITED', 'Rate limit exceeded; retry after the given time.', {
    retryAfterMs: Math.max(1, Math.ceil(waitMs)),
  })

/** Keys may contain user content of any length. */
const bounded = (key: string) => createHash('sha256').update(key).digest('base64url')
