import type { LiveScreenSubscription, PullChangesQuery } from '../generated/graphql.ts'

export type Changes = PullChangesQuery['conversationChanges'][number]

/** Pulls and shows the changes of a conversation after a version; undefined if the viewer is no longer a member. */
export type Pull = (conversationId: string, afterVersion: number) => Promise<Changes | undefined>

/** The cached version of each conversation, and the pulls that raise it to the version of the stream. */
export class Progress {
  readonly #pull: Pull
  readonly #held = new Map<string, number>()
  readonly #delivered = new Map<string, number>()
  readonly #pulling = new Set<string>()
  /** The lowest version of a conversation that an event delivered since the last pull; it may have replaced newer objects. */
  readonly #replacedFrom = new Map<string, number>()

  constructor(pull: Pull) {
    this.#pull = pull
  }

  /** The version that a page must have to contain everything that was delivered. */
  deliveredVersion(id: string): number {
    return this.#delivered.get(id) ?? 0
  }

  /** Everything up to a version is cached, from a page or from events. */
  holds(id: string, version: number): void {
    raise(this.#held, id, version)
    raise(this.#delivered, id, version)
  }

  receive(event: LiveScreenSubscription['inbox']): void {
    if (event.__typename === 'MessagesChanged') this.#hearMessages(event.conversation.id, event)
    else if (event.__typename === 'ConversationSignal') this.#hearSignal(event.conversationId, event.version)
    else if (event.__typename === 'ConversationChanged') this.#hearConversation(event.conversation)
    else if (event.__typename === 'ConversationRemoved') this.#forget(event.conversationId)
  }

  #hearMessages(id: string, { fromVersion, version }: { fromVersion: number; version: number }): void {
    raise(this.#delivered, id, version)
    if ((this.#held.get(id) ?? version) >= fromVersion) raise(this.#held, id, version)
    else this.#catchUp(id)
  }

  #hearSignal(id: string, version: number): void {
    raise(this.#delivered, id, version)
    if ((this.#held.get(id) ?? 0) < version) this.#catchUp(id)
  }

  /** A new conversation shows its latest message only. */
  #hearConversation({ id, version }: { id: string; version: number }): void {
    if (!this.#held.has(id)) this.holds(id, version)
    this.#replacedFrom.set(id, Math.min(version, this.#replacedFrom.get(id) ?? version))
    // It was read before the last pull and arrives after it.
    if (version < (this.#held.get(id) ?? 0)) this.#catchUp(id)
  }

  #forget(id: string): void {
    this.#held.delete(id)
    this.#delivered.delete(id)
  }

  #catchUp(id: string): void {
    if (this.#pulling.has(id)) return
    this.#pulling.add(id)
    // It fails only when the application is closed.
    this.#pullAll(id)
      .catch(() => {})
      .finally(() => this.#pulling.delete(id))
  }

  /** One pull at a time; pulls again if the stream advanced meanwhile. */
  async #pullAll(id: string): Promise<void> {
    let from = this.#held.get(id) ?? 0
    for (let current = false; !current; ) {
      from = Math.min(from, this.#replacedFrom.get(id) ?? from)
      this.#replacedFrom.delete(id)
      const changes = await this.#pull(id, from)
      if (!changes) return
      from = changes.version
      this.holds(id, from)
      current = !changes.hasMore && from >= this.deliveredVersion(id) && !this.#replacedFrom.has(id)
    }
  }
}

function raise(numbers: Map<string, number>, id: string, to: number): void {
  numbers.set(id, Math.max(numbers.get(id) ?? 0, to))
}
