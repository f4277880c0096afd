import type { Logger } from 'pino'
import { createRest } from '../duty-cycle.ts'
import { createPoller, type WatchedPoller } from '../poller.ts'
import type { Claim, Consumer, Reached } from './consumer.ts'

/** Claims a batch and processes it; when that fails, the claims are released. Returns the number of marks cleared. */
export async function processBatch(
  consumer: Consumer,
  most: number,
  work: (claims: Claim[]) => Promise<Reached[]>,
): Promise<number> {
  const claims = await consumer.claim(most)
  if (claims.length === 0) return 0
  const reached = await releasedOnFailure(consumer, claims, () => work(claims))
  return consumer.settle(reached)
}

export async function releasedOnFailure<T>(
  consumer: Consumer,
  claims: Claim[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    // If the database is unavailable, the end of the lease releases them.
    await consumer.release(claims).catch(() => {})
    throw error
  }
}

interface Batches {
  /** Returns 0 when nothing was left to do. */
  batch: () => Promise<number>
  pollMs: number
  /** The longest rest between two batches. */
  restMaxMs: number
  /** How long a wake-up waits for others to join it. */
  gatherMs?: number
  log: Logger
  failure: string
}

/**
 * Processes batches until closed: while there is work with rests that no wake-up shortens, so that requests go first;
 * then polling.
 */
export function pollBatches({
  batch,
  pollMs,
  restMaxMs,
  gatherMs = 0,
  log,
  failure,
}: Batches): WatchedPoller {
  const rest = createRest(restMaxMs)
  let isWorking = false
  let isWoken = false
  let restUntil = 0

  async function turn(): Promise<number> {
    isWorking = true
    isWoken = false
    const began = Date.now()
    const done = await batch().finally(() => {
      isWorking = false
    })
    if (done === 0) return isWoken ? gatherMs : pollMs
    const restMs = rest.after(Date.now() - began)
    restUntil = Date.now() + restMs
    return restMs
  }

  const poller = createPoller({ turn, log, failure, gatherMs })
  return {
    wake() {
      isWoken = true
      if (!isWorking && Date.now() >= restUntil) poller.wake()
    },
    get failing() {
      return poller.failing
    },
    close: poller.close,
  }
}
