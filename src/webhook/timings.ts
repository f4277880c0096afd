/** Pauses of the webhook workers, in milliseconds; tests set shorter ones. */
export interface WebhookTimings {
  /** Between looks for undelivered changes. */
  pollMs: number
  /** The first back-off of a conversation, which doubles with each failure. */
  backoffMinMs: number
  backoffMaxMs: number
}

export const defaultTimings: WebhookTimings = { pollMs: 500, backoffMinMs: 1_000, backoffMaxMs: 60_000 }
