interface Published {
  typing: boolean
  at: number
}

/** Minimum time between an end and the next start. */
const changeMs = 250
/** Above this number the oldest entries are dropped, and may be published again. */
const capacity = 20_000

const keyOf = (userId: string, conversationId: string) => `${userId} ${conversationId}`

/** The last published state of each user in each conversation, by any server. The same state is suppressed for a third of its duration. */
export class TypingThrottle {
  readonly #againMs: number
  readonly #typingMs: number
  readonly #now: () => number
  readonly #published = new Map<string, Published>()

  constructor(typingMs: number, now: () => number) {
    this.#typingMs = typingMs
    this.#againMs = typingMs / 3
    this.#now = now
  }

  /** Whether the state was published a moment ago. */
  suppresses(userId: string, conversationId: string, typing: boolean): boolean {
    const last = this.#published.get(keyOf(userId, conversationId))
    // An end is always published, because clients send it once.
    if (!last || (last.typing && !typing)) return false
    return (
      this.#now() - last.at < (last.typing === typing ? this.#againMs : Math.min(changeMs, this.#againMs))
    )
  }

  note(userId: string, conversationId: string, typing: boolean): void {
    const key = keyOf(userId, conversationId)
    this.#published.delete(key)
    this.#published.set(key, { typing, at: this.#now() })
    const oldest = this.#published.keys().next()
    if (this.#published.size > capacity && !oldest.done) this.#published.delete(oldest.value)
  }

  /** Drops all entries of a user. */
  drop(userId: string): void {
    for (const key of this.#published.keys()) if (key.startsWith(`${userId} `)) this.#published.delete(key)
  }

  /** Whether the user is still shown as typing in the conversation. */
  isTyping(userId: string, conversationId: string): boolean {
    const last = this.#published.get(keyOf(userId, conversationId))
    return last ? last.typing && this.#now() - last.at < this.#typingMs : false
  }
}
