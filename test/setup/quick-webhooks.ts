import type { WebhookTimings } from '../../src/webhook/timings.ts'

/** Short pauses of the webhook workers; a receiver of a test fails on purpose. */
export const quickWebhooks: WebhookTimings = { pollMs: 50, backoffMinMs: 100, backoffMaxMs: 60_000 }
