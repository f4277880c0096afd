import type { PushTimings } from '../../src/notification/timings.ts'

/** Short pauses of the push workers: they yield to the requests of others, and a test has none. */
export const quickPush: PushTimings = { pollMs: 25, digestPollMs: 25, batchPauseMaxMs: 25 }
