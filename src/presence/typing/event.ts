/** A user types in a conversation, or has stopped. */
export interface Typing {
  conversationId: string
  userId: string
  typing: boolean
  /** End of the indicator, in milliseconds since 1970. */
  expiresAt: number
}

/** A typing subscription of one viewer. */
export interface TypingListener {
  receive(typing: Typing): void
  /** Indicators that were delivered and have not ended. */
  readonly typing: Iterable<Typing>
}

/** An indicator that one subscription shows. */
export interface VisibleTyping {
  viewerId: string
  listener: TypingListener
  typing: Typing
}

/** The end of an indicator. */
export const ended = (typing: Typing, now: number): Typing => ({
  ...typing,
  typing: false,
  expiresAt: Math.min(typing.expiresAt, now),
})
