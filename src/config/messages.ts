import { forClients, integer } from './fields.ts'

/** Limits of forwards, edits, recalls, pins, reactions, delivery and receipts. */
export const messageLimits = {
  forwardCount: forClients(integer(100, [1, 1000], 'Messages forwarded in one call.')),
  forwardTargets: forClients(integer(20, [1, 1000], 'Target conversations of one forward.')),
  forwardDepth: integer(3, [1, 10], 'Nesting depth of merged forwards.'),
  forwardBytes: integer(262_144, [1024, 4_194_304], 'Size of a merged forward, in bytes.'),
  recallWindowSeconds: forClients(
    integer(120, [0, 31_536_000], 'Time after sending in which the sender may recall a message, in seconds.'),
  ),
  editWindowSeconds: forClients(
    integer(86_400, [0, 31_536_000], 'Time after sending in which a message may be edited, in seconds.'),
  ),
  editsPerMessage: forClients(
    integer(
      100,
      [1, 10_000],
      'Edits of a message; every earlier text is kept until the message is recalled.',
    ),
  ),
  pinnedMessages: forClients(integer(50, [1, 1000], 'Pinned messages of a conversation.')),
  reactionsPerMessage: forClients(integer(20, [1, 1000], 'Different emojis on a message.')),
  reactionsPerPerson: forClients(integer(10, [1, 1000], 'Emojis of one user on a message.')),
  immediateGroupSize: integer(
    20,
    [0, 200],
    'Members of a conversation up to which a change is delivered by the transaction that makes it; a worker delivers to larger groups, without a row for each member.',
  ),
  mentionAllGroupSize: forClients(
    integer(
      200,
      [1, 100_000],
      'Members of a group up to which every member may mention all, unless the group has another policy.',
    ),
  ),
  receiptGroupSize: forClients(
    integer(200, [2, 2000], 'Members of a group up to which read receipts are shown.'),
  ),
}
