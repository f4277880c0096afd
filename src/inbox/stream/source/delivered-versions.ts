import type { EventBody } from '../../event/body.ts'

const keptMax = 64

/**
 * The version up to which each conversation was delivered to the reader. The changes that were read for one number
 * include those of later numbers, which are then not delivered again.
 */
export class DeliveredVersions {
  #versions: Map<string, number> | null = null

  of(conversationId: string): number | undefined {
    return this.#versions?.get(conversationId)
  }

  note(body: EventBody): void {
    // The client drops the messages of a removed conversation.
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
