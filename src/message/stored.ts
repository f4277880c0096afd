import type { ConversationRow } from '../conversation/store.ts'
import type { StoredMessages } from '../hooks.ts'
import type { MessageRow } from './store.ts'

declare module '../hooks.ts' {
  /** Messages that this process stored in one transaction, and their conversation as the transaction left it. */
  interface StoredMessages {
    conversation: ConversationRow
    /** The version before them. Each message has the next version; the last one has that of the conversation. */
    fromVersion: number
    messages: readonly MessageRow[]
    /** The members at the conversation's `settingsVersion`, and the first seq that each may see; null if not read. */
    visibleFrom: ReadonlyMap<string, number> | null
  }
}

/** Groups messages by conversation. They are in the order of their numbers. */
export function storedByConversation(
  stored: readonly (MessageRow & { conversation: ConversationRow })[],
): StoredMessages[] {
  const found = new Map<string, StoredMessages & { messages: MessageRow[] }>()
  for (const message of stored) {
    const { conversation } = message
    const known = found.get(conversation.id)
    if (known) known.messages.push(message)
    else {
      const fromVersion = message.version - 1
      found.set(conversation.id, { conversation, fromVersion, messages: [message], visibleFrom: null })
    }
  }
  return [...found.values()]
}
