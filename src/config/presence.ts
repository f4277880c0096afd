import { count } from './fields.ts'

/** Who is there, and who types. */
export const presenceLimits = {
  presenceUsers: count(200, [1, 10_000], 'People whose presence one subscription watches.'),
  presenceLeaseMs: count(
    15_000,
    [500, 300_000],
    'How long the people of a server that died are shown as connected at most, in milliseconds.',
  ),
  presenceGraceMs: count(
    5000,
    [0, 300_000],
    'How long somebody whose last WebSocket closed is still shown as connected, in milliseconds.',
  ),
  typingMs: count(6000, [500, 60_000], 'How long somebody types unless they say so again, in milliseconds.'),
  acknowledgeMs: count(
    5000,
    [50, 300_000],
    'How long what was told to a client that acknowledges may go without, in milliseconds; then it is told again.',
  ),
  resignals: count(
    3,
    [1, 100],
    'How often that is told again before the client counts as gone and its WebSocket is closed.',
  ),
}
