/** Somebody types in a conversation, until then at the latest, or has stopped. */
export interface Typing {
  conversationId: string
  userId: string
  typing: boolean
  /** In milliseconds since 1970. */
  expiresAt: number
}

/** Whoever is to hear what one person is told. */
export interface TypingListener {
  hear(typing: Typing): void
  /** Who types, as far as it was told. */
  readonly typing: Iterable<Typing>
}

/** That somebody types, as one listener was told. */
export interface Heard {
  viewerId: string
  listener: TypingListener
  typing: Typing
}

/** The same, now that it is over. */
export const ended = (typing: Typing): Typing => ({
  ...typing,
  typing: false,
  expiresAt: Math.min(typing.expiresAt, Date.now()),
})
