interface Told {
  typing: boolean
  at: number
}

/** Whoever has stopped may begin again so soon. */
const changeMs = 250
/** Of more people than this at once the oldest are forgotten, and may be told again. */
const capacity = 20_000

const keyOf = (userId: string, conversationId: string) => `${userId} ${conversationId}`

/** What each typist was last told to do in each conversation, by whichever server: the same is not told again for a third of its time. */
export class TypingThrottle {
  readonly #againMs: number
  readonly #typingMs: number
  readonly #told = new Map<string, Told>()

  constructor(typingMs: number) {
    this.#typingMs = typingMs
    this.#againMs = typingMs / 3
  }

  /** Whether there is nothing to tell: it was told a moment ago. */
  holdsBack(userId: string, conversationId: string, typing: boolean): boolean {
    const told = this.#told.get(keyOf(userId, conversationId))
    // An end is said once: held back, it would not be told at all.
    if (!told || (told.typing && !typing)) return false
    return Date.now() - told.at < (told.typing === typing ? this.#againMs : Math.min(changeMs, this.#againMs))
  }

  told(userId: string, conversationId: string, typing: boolean): void {
    const key = keyOf(userId, conversationId)
    this.#told.delete(key)
    this.#told.set(key, { typing, at: Date.now() })
    const oldest = this.#told.keys().next()
    if (this.#told.size > capacity && !oldest.done) this.#told.delete(oldest.value)
  }

  /** Nobody believes any more that this person types anywhere. */
  forget(userId: string): void {
    for (const key of this.#told.keys()) if (key.startsWith(`${userId} `)) this.#told.delete(key)
  }

  /** Whether the others still believe that this person types here. */
  isTyping(userId: string, conversationId: string): boolean {
    const told = this.#told.get(keyOf(userId, conversationId))
    return told ? told.typing && Date.now() - told.at < this.#typingMs : false
  }
}
