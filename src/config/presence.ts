import { count } from './fields.ts'

/** Who is there, and who types. */
export const presenceLimits = {
  presenceUsers: count(200, [1, 10_000], 'Users watched by one presence subscription.'),
  presenceLeaseMs: count(
    15_000,
    [500, 300_000],
    'Maximum time for which users of a crashed server are still shown as connected, in milliseconds.',
  ),
  presenceGraceMs: count(
    5000,
    [0, 300_000],
    'Time for which a user is still shown as connected after the last WebSocket closed, in milliseconds.',
  ),
  typingMs: count(
    6000,
    [500, 60_000],
    'Time after which a typing indicator ends unless it is repeated, in milliseconds.',
  ),
  acknowledgeMs: count(
    5000,
    [50, 300_000],
    'Time for an acknowledging client to acknowledge events before they are redelivered, in milliseconds.',
  ),
  resignals: count(3, [1, 100], 'Redeliveries before an unresponsive WebSocket is closed.'),
}
