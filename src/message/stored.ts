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

/** Groups messages by conversation, in the order in which they were numbered. `conversation` is its state after each. */
export function storedByConversation(
  appended: readonly { message: MessageRow; conversation: ConversationRow }[],
): StoredMessages[] {
  const found = new Map<string, { conversation: ConversationRow; messages: MessageRow[] }>()
  const inOrder = [...appended].sort((one, other) => one.message.version - other.message.version)
  for (const { message, conversation } of inOrder) {
    const messages = found.get(conversation.id)?.messages ?? []
    messages.push(message)
    found.set(conversation.id, { conversation, messages })
  }
  return [...found.values()].map((each) => ({
    ...each,
    fromVersion: (each.messages[0]?.version ?? 1) - 1,
    visibleFrom: null,
  }))
}
