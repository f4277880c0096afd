/** A pair of connections: one sends a message, the other one receives it. */
export interface Talk {
  /** Sends a message. `acknowledged` and `delivered` of its listener are called once each. */
  send(key: string): void
  close(): void
}

export interface TalkListener {
  acknowledged(): void
  delivered(): void
}

/** How to reach a server, and who talks to whom there. */
export interface TalkTarget {
  url: string
  /** Where the receiver is connected, if elsewhere. */
  receiverUrl?: string
  /** Access token or name of the sender and of the receiver. */
  sender: string
  receiver: string
  conversationId: string
}

export type OpenTalk = (target: TalkTarget, listener: TalkListener) => Promise<Talk>

export const talkText = 'The quick brown fox jumps over the lazy dog. 0123456789 abcdefghijklmnopqrstuvwxyz!'
