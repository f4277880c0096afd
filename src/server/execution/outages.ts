import { setTimeout as pause } from 'node:timers/promises'

const retryMs = 500

/**
 * Repeats an attempt while it fails because of an outage and its result is still wanted. A stock client never repeats a
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
    // Streams that wait for the same database do not all retry at the same moment.
    await pause(retryMs * (1 + Math.random()), undefined, { ref: false })
    if (!wanted()) return result
  }
}
