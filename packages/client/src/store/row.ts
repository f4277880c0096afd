import type { Entry, Message, Position, Row } from './state.ts'

const later = (a: string, b: string) => (a > b ? a : b)

/** The fields of the newer of two rows. What only increases has the greater value of both, whichever is newer. */
export function mergeRows(older: Row, newer: Row): Row {
  const { membership: before } = older
  const { membership: after } = newer
  const reading = after.readSeq >= before.readSeq ? after : before
  const merged = {
    ...newer,
    maxSeq: Math.max(older.maxSeq, newer.maxSeq),
    messageCount: Math.max(older.messageCount, newer.messageCount),
    lastActivityAt: later(older.lastActivityAt, newer.lastActivityAt),
    membership: {
      ...after,
      readSeq: reading.readSeq,
      readCount: Math.max(before.readCount, after.readCount),
      unreadMentionCount: reading.unreadMentionCount,
      nextMentionSeq: reading.nextMentionSeq,
      hidden: after.hidden && newer.maxSeq >= older.maxSeq,
    },
  }
  return older.__typename === 'DirectConversation'
    ? withPeer(merged, { readSeq: older.peerReadSeq, deliveredSeq: older.peerDeliveredSeq })
    : merged
}

/** Positions only increase, except that 0 hides them. */
export const mergePositions = (a: Position | undefined, b: Position): Position => ({
  readSeq: b.readSeq === 0 ? 0 : Math.max(a?.readSeq ?? 0, b.readSeq),
  deliveredSeq: b.deliveredSeq === 0 ? 0 : Math.max(a?.deliveredSeq ?? 0, b.deliveredSeq),
})

/** The sender of a message in a group has read up to it, unless the position is hidden. */
export function receivedBySending(
  receipts: Entry['receipts'],
  { sender, seq }: Pick<Message, 'sender' | 'seq'>,
) {
  const present = sender && receipts[sender.id]
  if (!present || present.readSeq === 0 || present.readSeq >= seq) return receipts
  return { ...receipts, [sender.id]: { readSeq: seq, deliveredSeq: seq } }
}

/** The row after the peer of a direct conversation has read or received up to a position. Without receipts, reading is hidden. */
export function withPeer(row: Row, { readSeq, deliveredSeq }: Position): Row {
  if (row.__typename !== 'DirectConversation') return row
  const peerReadSeq = row.receiptsEnabled ? Math.max(row.peerReadSeq, readSeq) : 0
  return { ...row, peerReadSeq, peerDeliveredSeq: Math.max(row.peerDeliveredSeq, deliveredSeq) }
}

/** The row after an event or answer about messages, which moves numbers alone. A new message shows a hidden row. */
export function withNumbers(row: Row, numbers: { maxSeq: number; messageCount: number }): Row {
  const { hidden } = row.membership
  return {
    ...row,
    maxSeq: Math.max(row.maxSeq, numbers.maxSeq),
    messageCount: Math.max(row.messageCount, numbers.messageCount),
    membership: { ...row.membership, hidden: hidden && numbers.maxSeq <= row.maxSeq },
  }
}

/** The sender of a message has read up to it; no other event says so. */
export function readBySending(row: Row, message: Message, viewerId: string | undefined): Row {
  const active = { ...row, lastActivityAt: later(row.lastActivityAt, message.sentAt) }
  if (!message.sender) return active
  if (message.sender.id !== viewerId)
    return withPeer(active, { readSeq: message.seq, deliveredSeq: message.seq })
  const { membership } = active
  if (message.seq <= membership.readSeq) return active
  const readCount = Math.max(membership.readCount, message.ordinal)
  const mentions = { unreadMentionCount: 0, nextMentionSeq: null }
  return { ...active, membership: { ...membership, readSeq: message.seq, readCount, ...mentions } }
}
