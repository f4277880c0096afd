import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Bus } from '../bus/bus.ts'

/**
 * So much a second and so much at once, for paths too hot to ask anybody: a bucket is a number in this process. What
 * is taken elsewhere is told every quarter of a second and taken here too, so that somebody who uses several servers
 * at once gets ahead by their bursts, once, and pays the debt off afterwards.
 */
export interface TokenBuckets {
  /** Takes them and returns 0, or takes nothing and returns how many milliseconds to wait. */
  take(key: string, tokens?: number): number
  close(): void
}

interface Bucket {
  tokens: number
  at: number
}

const tickMs = 250
/** Less is not worth telling: it is paid off sooner than told. */
const tellFrom = 5
const perMessage = 500
const topic = 'tokens'

export function createTokenBuckets(parts: {
  rate: number
  burst: number
  bus: Bus
  log: Logger
}): TokenBuckets {
  const { rate, burst, bus, log } = parts
  const self = randomUUID()
  const buckets = new Map<string, Bucket>()
  const untold = new Map<string, number>()

  function bucketOf(key: string, now: number): Bucket {
    const bucket = buckets.get(key)
    if (!bucket) {
      const full = { tokens: burst, at: now }
      buckets.set(key, full)
      return full
    }
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) * rate) / 1_000)
    bucket.at = now
    return bucket
  }

  function tick(): void {
    const now = performance.now()
    tell()
    for (const [key, { tokens, at }] of buckets) {
      if (tokens + ((now - at) * rate) / 1_000 < burst) continue
      buckets.delete(key)
      untold.delete(key)
    }
  }

  function tell(): void {
    const worth = [...untold].filter(([, tokens]) => tokens >= tellFrom)
    for (const [key] of worth) untold.delete(key)
    for (let from = 0; from < worth.length; from += perMessage)
      bus.publish(topic, { self, ...Object.fromEntries(worth.slice(from, from + perMessage)) })
  }

  bus
    .subscribe(topic, ({ self: other, ...taken }) => {
      if (other === self) return
      const now = performance.now()
      for (const [key, tokens] of Object.entries(taken)) bucketOf(key, now).tokens -= Number(tokens)
    })
    .catch((error) => log.error({ err: error }, 'what other servers let pass is not heard'))
  const timer = setInterval(tick, tickMs)

  return {
    take(key, tokens = 1) {
      const bucket = bucketOf(key, performance.now())
      // More than there ever is may be taken when it is full, as a debt.
      const short = Math.min(tokens, burst) - bucket.tokens
      if (short > 0) return (short / rate) * 1_000
      bucket.tokens -= tokens
      untold.set(key, (untold.get(key) ?? 0) + tokens)
      return 0
    },
    close: () => clearInterval(timer),
  }
}
