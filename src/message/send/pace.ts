import type { Logger } from 'pino'
import type { Limits } from '../../config.ts'
import type { Refusal } from '../../errors.ts'
import type { Bus } from '../../platform/bus/bus.ts'
import type { Metrics } from '../../platform/metrics.ts'
import { rateLimited } from '../../platform/rate-limit/rate-limits.ts'
import { type LimitKeys, sharesOf } from '../../platform/rate-limit/shares.ts'
import { createTokenBuckets } from '../../platform/rate-limit/token-buckets.ts'

/** Rate limits of sends by user, device and address. */
export interface SendPace {
  /** Why the messages are refused; null if they are within the limits, and then they are counted. */
  paceRefusal(sender: LimitKeys, messages?: number): Refusal | null
  close(): void
}

/** The limits are checked together: a send that exceeds one of them is counted by none. */
export function createSendPace(parts: { limits: Limits; bus: Bus; log: Logger; metrics: Metrics }): SendPace {
  const { limits, bus, log, metrics } = parts
  const rates = sharesOf(limits.sendsPerSecond, limits)
  const bursts = sharesOf(limits.sendBurst, limits)
  const open = (share: keyof LimitKeys, name: string) => {
    const pace = { rate: rates[share], burst: bursts[share] }
    return { share, name, buckets: createTokenBuckets({ name, pace, bus, log }) }
  }
  const paces = [
    open('user', 'sends'),
    open('device', 'sends-per-device'),
    open('address', 'sends-per-address'),
  ]

  return {
    paceRefusal(sender, messages = 1) {
      let longest = { name: '', waitMs: 0 }
      for (const { share, name, buckets } of paces) {
        const key = sender[share]
        const waitMs = key === null ? 0 : buckets.waitMs(key, messages)
        if (waitMs > longest.waitMs) longest = { name, waitMs }
      }
      if (longest.waitMs > 0) {
        metrics.limited(longest.name)
        return rateLimited(longest.waitMs)
      }
      for (const { share, buckets } of paces) {
        const key = sender[share]
        if (key !== null) buckets.take(key, messages)
      }
      return null
    },
    close() {
      for (const { buckets } of paces) buckets.close()
    },
  }
}
