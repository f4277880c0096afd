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
  /** The conversation after all messages that were numbered together. */
  conversation: ConversationHead
}

/** A message as it is stored first. */
export interface NumberedMessage extends NewMessage, Numbers {
  editedAt: null
  recalledAt: null
  recalledById: null
}

/** Gives messages the next numbers of their conversations, in the order of the array. Requires the locks. */
export function numberMessages(messages: readonly NewMessage[], { heads, now }: Heads): NumberedMessage[] {
  const grown = new Map<string, ConversationHead>()
  return messages.map((message) => {
    const { conversationId, kind } = message
    const conversation = grown.get(conversationId) ?? copyOf(heads, conversationId)
    grown.set(conversationId, conversation)
    conversation.maxSeq += 1
    conversation.version += 1
    if (kind !== 'SYSTEM') conversation.messageCount += 1
    // Times of a conversation never decrease, whatever the clock does.
    if (now > conversation.lastActivityAt) conversation.lastActivityAt = now
    // Field by field: copying the message and adding to the copy takes a hundred times as long.
    return {
      id: message.id,
      conversationId,
      senderId: message.senderId,
      clientMessageId: message.clientMessageId,
      requestHash: message.requestHash,
      kind,
      content: message.content,
      quoteSeq: message.quoteSeq,
      mentions: message.mentions,
      mediaIds: message.mediaIds,
      seq: conversation.maxSeq,
      version: conversation.version,
      ordinal: conversation.messageCount,
      sentAt: conversation.lastActivityAt,
      editedAt: null,
      recalledAt: null,
      recalledById: null,
      conversation,
    }
  })
}

function copyOf(heads: Heads['heads'], conversationId: string): ConversationHead {
  const head = heads.get(conversationId)
  if (!head) throw new Error(`The conversation ${conversationId} is not locked.`)
  return { ...head }
}
