import type { Person } from '../world/person.ts'

type Conversation = NonNullable<Awaited<ReturnType<Person['conversation']>>>
type Message = NonNullable<Awaited<ReturnType<Person['message']>>>

/** A conversation after an event with these messages: their senders have read up to them. */
export function readBySending(
  conversation: Conversation,
  messages: readonly Message[],
  viewerId: string,
): Conversation {
  let next = conversation
  for (const { sender, seq, ordinal } of messages)
    if (sender?.id === viewerId) next = readByViewer(next, seq, ordinal)
    else if (sender) next = readByPeer(next, seq)
  return next
}

function readByViewer(conversation: Conversation, seq: number, ordinal: number): Conversation {
  const { membership } = conversation
  if (seq <= membership.readSeq) return conversation
  const readCount = Math.max(membership.readCount, ordinal)
  // Later mentions of the viewer follow as ConversationChanged.
  const mentions = { unreadMentionCount: 0, nextMentionSeq: null }
  return { ...conversation, membership: { ...membership, readSeq: seq, readCount, ...mentions } }
}

function readByPeer(conversation: Conversation, seq: number): Conversation {
  if (conversation.__typename !== 'DirectConversation' || !conversation.receiptsEnabled) return conversation
  const { peerReadSeq, peerDeliveredSeq } = conversation
  return {
    ...conversation,
    peerReadSeq: Math.max(peerReadSeq, seq),
    peerDeliveredSeq: Math.max(peerDeliveredSeq, seq),
  }
}
