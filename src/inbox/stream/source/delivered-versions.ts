import type { EventBody } from '../../event/body.ts'

const keptMax = 64

/**
 * Up to which version the reader was told of conversations. What was read for one number holds what later numbers
 * stand for, and is not told again for them.
 */
export class DeliveredVersions {
  #versions: Map<string, number> | null = null

  of(conversationId: string): number | undefined {
    return this.#versions?.get(conversationId)
  }

  note(body: EventBody): void {
    // A client drops what it holds of a conversation that was removed.
    if (body.type === 'ConversationRemoved') this.#versions?.delete(body.conversationId)
    if (body.type !== 'MessagesChanged') return
    const { conversation, version } = body.changes
    const versions = this.#versions ?? new Map<string, number>()
    this.#versions = versions
    versions.delete(conversation.id)
    versions.set(conversation.id, version)
    const [oldest] = versions.keys()
    if (versions.size > keptMax && oldest !== undefined) versions.delete(oldest)
  }

  clear(): void {
    this.#versions = null
  }
}
