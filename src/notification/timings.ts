/** Pauses of the background workers, in milliseconds; tests set shorter ones. */
export interface PushTimings {
  /** Between looks for unprocessed messages and due notifications. */
  pollMs: number
  /** Between looks for due digests. */
  digestPollMs: number
  /** The longest pause between two batches of messages. */
  batchPauseMaxMs: number
}

export const defaultTimings: PushTimings = { pollMs: 250, digestPollMs: 500, batchPauseMaxMs: 2_000 }
