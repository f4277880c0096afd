import type { Message } from '../store/state.ts'
import type { Conversation } from '../store/views.ts'

export interface Events {
  /** A message of another user, live or missed. */
  message: { message: Message; conversation: Conversation }
  /** A message that mentions the viewer or all. It is also a `message`. */
  mention: { message: Message; conversation: Conversation }
  /** The viewer left a conversation, or was removed from it. */
  removed: { conversationId: string }
  /** The session ended, with the reason if it was not the user. */
  signedOut: { reason: string | null }
  /** The server asked to load everything again. */
  resync: { reason: string }
}

export type Listener<Name extends keyof Events> = (event: Events[Name]) => void

export interface Emitter {
  on<Name extends keyof Events>(name: Name, listener: Listener<Name>): () => void
  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void
}

export function createEmitter(): Emitter {
  const listeners = new Map<keyof Events, Set<(event: never) => void>>()
  return {
    on(name, listener) {
      const all = listeners.get(name) ?? new Set()
      listeners.set(name, all.add(listener))
      return () => void all.delete(listener)
    },
    emit(name, event) {
      for (const listener of [...(listeners.get(name) ?? [])]) listener(event as never)
    },
  }
}
