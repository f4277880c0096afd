import { count } from './fields.ts'

/** How messages may be forwarded, and what may happen to one after it was sent. */
export const messageLimits = {
  forwardCount: count(100, [1, 1000], 'Messages forwarded at a time.'),
  forwardTargets: count(20, [1, 1000], 'Conversations to which messages are forwarded at a time.'),
  forwardDepth: count(3, [1, 10], 'How deep forwards may lie in each other.'),
  forwardBytes: count(262_144, [1024, 4_194_304], 'Size of what is forwarded as one message.'),
  recallWindowSeconds: count(
    120,
    [0, 31_536_000],
    'How long after sending a message may be recalled by its sender.',
  ),
  editWindowSeconds: count(86_400, [0, 31_536_000], 'How long after sending a message may be edited.'),
  editsPerMessage: count(
    100,
    [1, 10_000],
    'How often one message may be edited; each earlier text is kept until it is recalled.',
  ),
  pinnedMessages: count(50, [1, 1000], 'Messages pinned in one conversation.'),
  reactionsPerMessage: count(20, [1, 1000], 'Different emojis on one message.'),
  reactionsPerPerson: count(10, [1, 1000], 'Emojis that one person may put on one message.'),
  receiptGroupSize: count(200, [2, 2000], 'Members up to which a group tells who has read what.'),
}
