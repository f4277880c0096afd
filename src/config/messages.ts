import { count } from './fields.ts'

/** How messages may be forwarded, and what may happen to one after it was sent. */
export const messageLimits = {
  forwardCount: count(100, [1, 1000], 'Messages forwarded in one call.'),
  forwardTargets: count(20, [1, 1000], 'Target conversations of one forward.'),
  forwardDepth: count(3, [1, 10], 'Nesting depth of merged forwards.'),
  forwardBytes: count(262_144, [1024, 4_194_304], 'Size of a merged forward, in bytes.'),
  recallWindowSeconds: count(
    120,
    [0, 31_536_000],
    'Time after sending in which the sender may recall a message, in seconds.',
  ),
  editWindowSeconds: count(
    86_400,
    [0, 31_536_000],
    'Time after sending in which a message may be edited, in seconds.',
  ),
  editsPerMessage: count(
    100,
    [1, 10_000],
    'Edits of a message; every earlier text is kept until the message is recalled.',
  ),
  pinnedMessages: count(50, [1, 1000], 'Pinned messages of a conversation.'),
  reactionsPerMessage: count(20, [1, 1000], 'Different emojis on a message.'),
  reactionsPerPerson: count(10, [1, 1000], 'Emojis of one user on a message.'),
  receiptGroupSize: count(200, [2, 2000], 'Members of a group up to which read receipts are shown.'),
}
