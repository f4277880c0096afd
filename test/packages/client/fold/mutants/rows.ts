import { type Mutant, network, reading, writing } from './mutant.ts'

const members: Mutant['verbs'] = [...network, 'send', 'memberReads', 'positions', 'list']

/** A row that two messages overtake. */
const overtaken = `advance, advance, list 0 0 0, send 0 1 0, advance 0 0 1, send 0 1 0, flow, deliver, deliver,
  advance 0 0 1`

/** A row with a mention that the viewer answers meanwhile. */
const answered = `advance, advance, mention 0 0 0, edit 0 0 0, list 0 0 0, advance 0 0 1, send 0 0 0, flow, deliver,
  deliver, deliver, deliver, advance 0 0 1`

/** The rules of row.ts. */
export const rows: Mutant[] = [
  {
    rule: 'an older row does not lower the newest number',
    from: 'maxSeq: Math.max(older.maxSeq, newer.maxSeq),',
    to: '',
    history: overtaken,
  },
  {
    rule: 'an older row does not lower the number of messages',
    from: 'messageCount: Math.max(older.messageCount, newer.messageCount),',
    to: '',
    history: overtaken,
  },
  {
    rule: 'an older row does not undo activity',
    from: 'lastActivityAt: later(older.lastActivityAt, newer.lastActivityAt),',
    to: '',
    history: overtaken,
  },
  {
    rule: 'the greater read count is kept',
    from: 'Math.max(before.readCount, after.readCount)',
    to: 'after.readCount',
    verbs: reading,
    seed: 15,
  },
  {
    rule: 'the later position of the viewer is kept',
    from: 'after.readSeq >= before.readSeq ? after : before',
    to: 'before',
    verbs: reading,
    seed: 1,
  },
  {
    rule: 'mentions are those of the later position',
    from: 'unreadMentionCount: reading.unreadMentionCount,',
    to: '',
    history: answered,
  },
  {
    rule: 'the next mention is that of the later position',
    from: 'nextMentionSeq: reading.nextMentionSeq,',
    to: '',
    history: answered,
  },
  {
    rule: 'a row from before a message does not hide its conversation',
    from: 'hidden: after.hidden && newer.maxSeq >= older.maxSeq,',
    to: '',
    history: `advance, advance, send 0 1 0, hide 0 0 0, edit 0 0 0, list 0 0 0, advance 0 0 1, send 0 1 0, flow,
      deliver, deliver, deliver, deliver, advance 0 0 1`,
  },
  {
    rule: 'an older row does not lower the positions of the peer',
    from: "return older.__typename === 'DirectConversation'",
    to: "return older.__typename === 'GroupConversation'",
    history: overtaken,
  },
  {
    rule: 'the positions of the peer only increase',
    from: 'Math.max(row.peerReadSeq, readSeq)',
    to: 'readSeq',
    verbs: reading,
    seed: 3,
  },
  {
    rule: 'what was delivered to the peer only increases',
    from: 'Math.max(row.peerDeliveredSeq, deliveredSeq)',
    to: 'deliveredSeq',
    verbs: reading,
    seed: 3,
  },
  {
    rule: 'without receipts the peer has read nothing',
    from: 'row.receiptsEnabled ? Math.max(row.peerReadSeq, readSeq) : 0',
    to: 'Math.max(row.peerReadSeq, readSeq)',
    verbs: [...reading, 'receipts'],
    seed: 2,
  },
  {
    rule: 'sending reads up to the message',
    from: 'readSeq: message.seq, readCount, ...mentions',
    to: '',
    verbs: reading,
    seed: 3,
  },
  { rule: 'sending clears mentions', from: '...mentions', to: '', verbs: reading },
  {
    rule: 'sending counts what was read',
    from: 'Math.max(membership.readCount, message.ordinal)',
    to: 'membership.readCount',
    verbs: reading,
  },
  {
    rule: 'an earlier message of the viewer undoes no reading',
    from: 'if (message.seq <= membership.readSeq) return active',
    to: '',
    verbs: reading,
  },
  {
    rule: 'the sender of a direct message has read up to it',
    from: 'return withPeer(active, {',
    to: 'return (active) || ({',
    verbs: reading,
  },
  {
    rule: 'a message is activity',
    from: 'lastActivityAt: later(row.lastActivityAt, message.sentAt)',
    to: 'lastActivityAt: row.lastActivityAt',
    verbs: writing,
  },
  {
    rule: 'positions of members only increase',
    from: 'Math.max(a?.readSeq ?? 0, b.readSeq)',
    to: 'b.readSeq',
    verbs: members,
    seed: 31,
  },
  {
    rule: 'a position of 0 hides that a member has read',
    from: 'b.readSeq === 0 ? 0 :',
    to: '',
    verbs: [...members, 'receipts'],
  },
  {
    rule: 'the sender of a message in a group has read up to it',
    from: '|| present.readSeq >= seq',
    to: '|| true',
    verbs: members,
  },
  {
    rule: 'sending does not show a hidden position',
    from: 'present.readSeq === 0 ||',
    to: '',
    verbs: [...members, 'receipts'],
  },
  {
    rule: 'messages move the newest number',
    from: '    maxSeq: Math.max(row.maxSeq, numbers.maxSeq),',
    to: '',
    verbs: writing,
  },
  {
    rule: 'messages move the number of messages',
    from: '    messageCount: Math.max(row.messageCount, numbers.messageCount),',
    to: '',
    verbs: writing,
  },
  {
    rule: 'a new message shows a hidden conversation',
    from: 'hidden && numbers.maxSeq <= row.maxSeq',
    to: 'hidden',
    verbs: [...network, 'hide', 'send', 'list'],
    seed: 14,
  },
]
