import type { Logger } from 'pino'
import { createDutyCycle } from '../../platform/duty-cycle.ts'
import { createPoller, type WatchedPoller } from '../../platform/poller.ts'
import type { Claim, Consumer, Processed } from './consumer.ts'

/** Claims a batch and processes it; when that fails, the claims are released. Returns the number of marks cleared. */
export async function processBatch(
  consumer: Consumer,
  max: number,
  work: (claims: Claim[]) => Promise<Processed[]>,
): Promise<number> {
  const claims = await consumer.claim(max)
  if (claims.length === 0) return 0
  const reached = await releaseOnFailure(consumer, claims, () => work(claims))
  return consumer.complete(reached)
}

export async function releaseOnFailure<T>(
  consumer: Consumer,
  claims: Claim[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    // If the database is unavailable, the next claim releases them.
    await consumer.release(claims).catch(() => {})
    throw error
  }
}

interface Batches {
  /** Processes a batch; returns 0 when no work is left. */
  batch: () => Promise<number>
  /** Milliseconds that the last batch waited for another service. They put no load on this server, so no pause follows. */
  waitedMs?: () => number
  pollMs: number
  /** The longest pause between two batches. */
  pauseMaxMs: number
  /** Delay after a wake-up, so that several wake-ups share one batch. */
  debounceMs?: number
  log: Logger
  failure: string
}

/**
 * Processes batches until closed. While there is work it pauses between batches, and wake-ups do not shorten the pause,
 * so that requests go first. Without work it polls.
 */
export function pollBatches({
  batch,
  waitedMs = () => 0,
  pollMs,
  pauseMaxMs,
  debounceMs = 0,
  log,
  failure,
}: Batches): WatchedPoller {
  const dutyCycle = createDutyCycle(pauseMaxMs)
  let isWorking = false
  let isWoken = false
  let pausedUntil = 0

  async function turn(): Promise<number> {
    isWorking = true
    isWoken = false
    const began = Date.now()
    const done = await batch().finally(() => {
      isWorking = false
    })
    if (done === 0) return isWoken ? debounceMs : pollMs
    const pauseMs = dutyCycle.pauseMs(Math.max(0, Date.now() - began - waitedMs()))
    pausedUntil = Date.now() + pauseMs
    return pauseMs
  }

  const poller = createPoller({ turn, log, failure, debounceMs })
  return {
    wake() {
      isWoken = true
      if (!isWorking && Date.now() >= pausedUntil) poller.wake()
    },
    get failing() {
      return poller.failing
    },
    close: poller.close,
  }
}
