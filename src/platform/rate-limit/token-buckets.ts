import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Bus } from '../bus/bus.ts'

/** Tokens per second, and the size of a full bucket. */
export interface Pace {
  rate: number
  burst: number
}

/**
 * Token buckets in the memory of this process, for paths too frequent for a call to Redis. Servers publish the tokens that
 * they took every quarter of a second and subtract those of others. A user of several servers can exceed the limit once,
 * by their bursts, and then pays the debt off.
 */
export interface TokenBuckets {
  /** Milliseconds until `tokens` are available; 0 if they are. */
  waitMs(key: string, tokens: number): number
  take(key: string, tokens: number): void
  close(): void
}

interface Bucket {
  tokens: number
  at: number
}

const tickMs = 250
/** Fewer tokens are not published: they refill sooner than a message arrives. */
const publishFrom = 5
const perMessage = 500

export function createTokenBuckets(parts: {
  /** Part of the bus topic. */
  name: string
  pace: Pace
  bus: Bus
  log: Logger
}): TokenBuckets {
  const { bus, log } = parts
  const { rate, burst } = parts.pace
  const topic = `tokens-${parts.name}`
  const self = randomUUID()
  const buckets = new Map<string, Bucket>()
  const unpublished = new Map<string, number>()

  const filled = ({ tokens, at }: Bucket, now: number) =>
    Math.min(burst, tokens + ((now - at) * rate) / 1_000)

  function bucketOf(key: string): Bucket {
    const now = performance.now()
    const bucket = buckets.get(key)
    if (!bucket) {
      const full = { tokens: burst, at: now }
      buckets.set(key, full)
      return full
    }
    bucket.tokens = filled(bucket, now)
    bucket.at = now
    return bucket
  }

  function tick(): void {
    const now = performance.now()
    publish()
    for (const [key, bucket] of buckets) {
      if (filled(bucket, now) < burst) continue
      buckets.delete(key)
      unpublished.delete(key)
    }
  }

  function publish(): void {
    const relevant = [...unpublished].filter(([, tokens]) => tokens >= publishFrom)
    for (const [key] of relevant) unpublished.delete(key)
    for (let from = 0; from < relevant.length; from += perMessage)
      bus.publish(topic, { self, ...Object.fromEntries(relevant.slice(from, from + perMessage)) })
  }

  bus
    .subscribe(topic, ({ self: other, ...taken }) => {
      if (other === self) return
      for (const [key, tokens] of Object.entries(taken)) bucketOf(key).tokens -= Number(tokens)
    })
    .catch((error) => log.error({ err: error }, 'token bucket subscription failed'))
  const timer = setInterval(tick, tickMs)

  return {
    waitMs(key, tokens) {
      // More than a full bucket can be taken once it is full, as a debt.
      const short = Math.min(tokens, burst) - bucketOf(key).tokens
      return short > 0 ? (short / rate) * 1_000 : 0
    },
    take(key, tokens) {
      bucketOf(key).tokens -= tokens
      unpublished.set(key, (unpublished.get(key) ?? 0) + tokens)
    },
    close: () => clearInterval(timer),
  }
}
