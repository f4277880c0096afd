import type { EventBody, SignalUpdate } from '../../event/body.ts'
import type { EventBatch, Source } from './source.ts'

/** Changes of SIGNAL conversations, the latest of each. */
export class Signals implements Source {
  #updates: Map<string, SignalUpdate> | null = null

  add(update: SignalUpdate): void {
    const { conversationId } = update.state
    const earlier = this.#updates?.get(conversationId)
    const messages = update.messages || (earlier?.messages ?? false)
    const revised = update.revised || (earlier?.revised ?? false)
    const state = earlier && earlier.state.version > update.state.version ? earlier.state : update.state
    this.#updates = (this.#updates ?? new Map()).set(conversationId, { state, messages, revised })
  }

  /** The viewer left the conversation. */
  drop(conversationId: string): void {
    this.#updates?.delete(conversationId)
  }

  get waiting(): boolean {
    return this.#updates !== null && this.#updates.size > 0
  }

  next(): EventBatch | null {
    const update = this.#updates?.values().next().value
    if (!update) return null
    const bodies: EventBody[] = []
    const { state, messages, revised } = update
    const { conversationId } = state
    this.drop(conversationId)
    if (messages) bodies.push({ type: 'ConversationSignal', state })
    if (revised) bodies.push({ type: 'ConversationChanged', conversationId })
    return { bodies, nextPosition: null }
  }
}
