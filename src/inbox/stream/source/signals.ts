import type { EventBody, SignalUpdate } from '../../event/body.ts'
import { type EventBatch, nothing, type Source } from './source.ts'

/** News of SIGNAL conversations, the latest of each. */
export class Signals implements Source {
  #news: Map<string, SignalUpdate> | null = null

  add(news: SignalUpdate): void {
    const { conversationId } = news.state
    const earlier = this.#news?.get(conversationId)
    const messages = news.messages || (earlier?.messages ?? false)
    const revised = news.revised || (earlier?.revised ?? false)
    const state = earlier && earlier.state.version > news.state.version ? earlier.state : news.state
    this.#news = (this.#news ?? new Map()).set(conversationId, { state, messages, revised })
  }

  /** The conversation is no longer followed. */
  drop(conversationId: string): void {
    this.#news?.delete(conversationId)
  }

  due(): boolean {
    return this.#news !== null && this.#news.size > 0
  }

  next(): EventBatch {
    const [news] = this.#news?.values() ?? []
    if (!news) return nothing
    const bodies: EventBody[] = []
    const { state, messages, revised } = news
    const { conversationId } = state
    this.drop(conversationId)
    if (messages) bodies.push({ type: 'ConversationSignal', state })
    if (revised) bodies.push({ type: 'ConversationChanged', conversationId })
    return { bodies, nextPosition: null }
  }
}
