import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Bus } from '../bus/bus.ts'

/** So much a second in the long run, and so much at once after a pause. */
export interface Pace {
  rate: number
  burst: number
}

/**
 * A bucket for each key, for paths too hot to ask anybody: it is a number in this process. What is taken elsewhere is
 * told every quarter of a second and taken here too, so that somebody who uses several servers at once gets ahead by
 * their bursts, once, and pays the debt off afterwards.
 */
export interface TokenBuckets {
  /** How many milliseconds to wait until so many may be taken; 0 when they may. */
  waitMs(key: string, tokens: number): number
  take(key: string, tokens: number): void
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

export function createTokenBuckets(parts: {
  /** Under which servers tell each other. */
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
  const untold = new Map<string, number>()

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
    tell()
    for (const [key, bucket] of buckets) {
      if (filled(bucket, now) < burst) continue
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
      for (const [key, tokens] of Object.entries(taken)) bucketOf(key).tokens -= Number(tokens)
    })
    .catch((error) => log.error({ err: error }, 'what other servers let pass is not heard'))
  const timer = setInterval(tick, tickMs)

  return {
    waitMs(key, tokens) {
      // More than there ever is may be taken when it is full, as a debt.
      const short = Math.min(tokens, burst) - bucketOf(key).tokens
      return short > 0 ? (short / rate) * 1_000 : 0
    },
    take(key, tokens) {
      bucketOf(key).tokens -= tokens
      untold.set(key, (untold.get(key) ?? 0) + tokens)
    },
    close: () => clearInterval(timer),
  }
}
