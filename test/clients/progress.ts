import type { LiveScreenSubscription, PullChangesQuery } from '../generated/graphql.ts'

export type Changes = PullChangesQuery['conversationChanges'][number]

/** Asks what changed in a conversation after a version and shows it; nothing comes back when it is no longer one's own. */
export type Pull = (conversationId: string, afterVersion: number) => Promise<Changes | undefined>

/** How far each conversation is held, and the pulls that bring it to where the stream says that it is. */
export class Progress {
  readonly #pull: Pull
  readonly #held = new Map<string, number>()
  readonly #heard = new Map<string, number>()
  readonly #pulling = new Set<string>()
  readonly #toldMeanwhile = new Set<string>()

  constructor(pull: Pull) {
    this.#pull = pull
  }

  /** Where a page has to be, so that it lacks nothing that was told already. */
  heard(id: string): number {
    return this.#heard.get(id) ?? 0
  }

  /** Everything up to a version is held, by a page or by events. */
  holds(id: string, version: number): void {
    raise(this.#held, id, version)
    raise(this.#heard, id, version)
  }

  hear(event: LiveScreenSubscription['inbox']): void {
    if (event.__typename === 'MessagesChanged') this.#hearMessages(event.conversation.id, event)
    else if (event.__typename === 'ConversationSignal') this.#hearSignal(event.conversationId, event.version)
    else if (event.__typename === 'ConversationChanged') this.#hearConversation(event.conversation)
    else if (event.__typename === 'ConversationRemoved') this.#forget(event.conversationId)
  }

  #hearMessages(id: string, { fromVersion, version }: { fromVersion: number; version: number }): void {
    raise(this.#heard, id, version)
    if ((this.#held.get(id) ?? version) >= fromVersion) raise(this.#held, id, version)
    else this.#catchUp(id)
  }

  #hearSignal(id: string, version: number): void {
    raise(this.#heard, id, version)
    if ((this.#held.get(id) ?? 0) < version) this.#catchUp(id)
  }

  /** One that is new to us shows its latest message, and no others yet. */
  #hearConversation({ id, version }: { id: string; version: number }): void {
    this.#toldMeanwhile.add(id)
    if (!this.#held.has(id)) this.holds(id, version)
  }

  #forget(id: string): void {
    this.#held.delete(id)
    this.#heard.delete(id)
  }

  #catchUp(id: string): void {
    if (this.#pulling.has(id)) return
    this.#pulling.add(id)
    // It fails only when the application ends.
    this.#pullAll(id)
      .catch(() => {})
      .finally(() => this.#pulling.delete(id))
  }

  /** One pull at a time. What was told while an answer was on its way may be newer than it: then it asks again. */
  async #pullAll(id: string): Promise<void> {
    for (let current = false; !current; ) {
      this.#toldMeanwhile.delete(id)
      const changes = await this.#pull(id, this.#held.get(id) ?? 0)
      if (!changes) return
      this.holds(id, changes.version)
      current = !changes.hasMore && changes.version >= this.heard(id) && !this.#toldMeanwhile.has(id)
    }
  }
}

function raise(numbers: Map<string, number>, id: string, to: number): void {
  numbers.set(id, Math.max(numbers.get(id) ?? 0, to))
}
