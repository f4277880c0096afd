import type { MessageKind } from '../../platform/db/generated/enums.ts'
import type { ConversationHead, Heads } from './head.ts'

/** A message before it has a number. */
export interface NewMessage {
  id: string
  conversationId: string
  /** Null for a system message, which has no client key either. */
  senderId: string | null
  clientMessageId: string | null
  requestHash: string | null
  kind: MessageKind
  content: object
  quoteSeq: number | null
  /** User ids; null for a mention of all. */
  mentions: (string | null)[]
  /** Attached media items; the caller holds their locks. */
  mediaIds?: string[]
}

/** The numbers that the conversation assigned to a message. */
export interface Numbers {
  seq: number
  version: number
  ordinal: number
  sentAt: Date
  /** The conversation after this message. */
  conversation: ConversationHead
}

export type NumberedMessage = NewMessage & Numbers

/** Gives messages the next numbers of their conversations, in the order of the array. Requires the locks. */
export function numberMessages<Message extends NewMessage>(
  messages: readonly Message[],
  { heads, now }: Heads,
): (Message & Numbers)[] {
  const latest = new Map(heads)
  return messages.map((message) => {
    const before = latest.get(message.conversationId)
    if (!before) throw new Error(`The conversation ${message.conversationId} is not locked.`)
    const seq = before.maxSeq + 1
    const version = before.version + 1
    const ordinal = before.messageCount + (message.kind === 'SYSTEM' ? 0 : 1)
    // Times of a conversation never decrease, whatever the clock does.
    const sentAt = now > before.lastActivityAt ? now : before.lastActivityAt
    const conversation = { ...before, maxSeq: seq, version, messageCount: ordinal, lastActivityAt: sentAt }
    latest.set(conversation.id, conversation)
    return { ...message, seq, version, ordinal, sentAt, conversation }
  })
}
