import type { Deadline } from '../../../platform/time/deadline.ts'
import type { OpenSpan } from '../../../platform/tracing/tracing.ts'
import type { MessageRow } from '../../store.ts'
import type { SendRequest } from '../request.ts'

/** A send that is not stored yet. */
export interface Queued {
  request: SendRequest
  deadline: Deadline
  /** The span that asked for it; null if it is not traced. */
  span: OpenSpan | null
  resolve: (message: MessageRow) => void
  reject: (reason: unknown) => void
}

/** Sends that are written together. */
export interface Batch {
  sends: Queued[]
  /** Wait for locks instead of skipping the conversations that are locked. */
  wait: boolean
}

const batchMax = 200

/** Sends that wait, by conversation and in order of arrival. A conversation is in one batch at a time. */
export class WaitingSends {
  readonly #queues = new Map<string, Queued[]>()
  readonly #inProgress = new Set<string>()
  /** Conversations that a batch skipped because they were locked. */
  readonly #locked = new Set<string>()

  add(send: Queued): void {
    this.#queueOf(send.request.conversationId).push(send)
  }

  /** Puts sends back that were skipped, before those that arrived later. */
  putBack(skipped: Queued[]): void {
    for (const send of skipped.toReversed()) {
      const { conversationId } = send.request
      this.#queueOf(conversationId).unshift(send)
      this.#locked.add(conversationId)
    }
  }

  #queueOf(conversationId: string): Queued[] {
    const known = this.#queues.get(conversationId)
    if (known) return known
    const queue: Queued[] = []
    this.#queues.set(conversationId, queue)
    return queue
  }

  /** How many sends `takeMany` would find, counted up to a limit. */
  ready(limit: number): number {
    let ready = 0
    for (const [conversationId, queue] of this.#queues) {
      if (ready >= limit) break
      if (this.#isFree(conversationId)) ready += queue.length
    }
    return ready
  }

  #isFree(conversationId: string): boolean {
    return !this.#inProgress.has(conversationId) && !this.#locked.has(conversationId)
  }

  /** A batch of conversations that are not known to be locked. */
  takeMany(): Batch {
    const sends: Queued[] = []
    for (const [conversationId, queue] of this.#queues) {
      if (sends.length >= batchMax) break
      if (!this.#isFree(conversationId)) continue
      this.#inProgress.add(conversationId)
      sends.push(...queue.splice(0, batchMax - sends.length))
      // The rest is queued behind the other conversations.
      this.#queues.delete(conversationId)
      if (queue.length > 0) this.#queues.set(conversationId, queue)
    }
    return { sends, wait: false }
  }

  /** A batch of one conversation that was locked. */
  takeLocked(): Batch {
    for (const conversationId of this.#locked) {
      if (this.#inProgress.has(conversationId)) continue
      this.#locked.delete(conversationId)
      this.#inProgress.add(conversationId)
      const queue = this.#queues.get(conversationId) ?? []
      const sends = queue.splice(0, batchMax)
      if (queue.length === 0) this.#queues.delete(conversationId)
      return { sends, wait: true }
    }
    return { sends: [], wait: true }
  }

  /** The conversations of a batch may be in the next one. */
  release({ sends }: Batch): void {
    for (const { request } of sends) this.#inProgress.delete(request.conversationId)
  }
}
