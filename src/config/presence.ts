import { integer } from './fields.ts'

/** Limits of presence, typing and redelivery. */
export const presenceLimits = {
  presenceUsers: integer(200, [1, 10_000], 'Users watched by one presence subscription.'),
  presenceLeaseMs: integer(
    15_000,
    [500, 300_000],
    'Maximum time for which users of a crashed server are still shown as connected, in milliseconds.',
  ),
  presenceGraceMs: integer(
    5000,
    [0, 300_000],
    'Time for which a user is still shown as connected after the last WebSocket closed, in milliseconds.',
  ),
  typingMs: integer(
    6000,
    [500, 60_000],
    'Time after which a typing indicator ends unless it is repeated, in milliseconds.',
  ),
  acknowledgeMs: integer(
    5000,
    [50, 300_000],
    'Time for an acknowledging client to acknowledge events before they are redelivered, in milliseconds.',
  ),
  redeliveries: integer(3, [1, 100], 'Redeliveries before an unresponsive WebSocket is closed.'),
}
