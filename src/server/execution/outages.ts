import { setTimeout as pause } from 'node:timers/promises'

const retryMs = 500

/**
 * Retries while an attempt fails because of an outage and its result is still wanted. A stock client never retries a
 * subscription that was refused on an open socket.
 */
export async function retryDuringOutage<Result>(
  wanted: () => boolean,
  attempt: () => Promise<Result>,
  isOutage: (result: Result) => boolean,
): Promise<Result> {
  for (;;) {
    const result = await attempt()
    if (!isOutage(result) || !wanted()) return result
    // With jitter: streams that wait for the same database must not all retry at once.
    await pause(retryMs * (1 + Math.random()), undefined, { ref: false })
    if (!wanted()) return result
  }
}
