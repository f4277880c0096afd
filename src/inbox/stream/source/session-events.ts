import type { SessionEvent } from '../../../context.ts'
import { sessionEventBody } from '../../event/body.ts'
import type { EventBatch, Source } from './source.ts'

/** Changes of the reader's session: it expires soon, or has ended. */
export class SessionEvents implements Source {
  #waiting: SessionEvent[] | null = null

  add(event: SessionEvent): void {
    this.#waiting = [...(this.#waiting ?? []), event]
  }

  next(): EventBatch | null {
    if (!this.#waiting) return null
    const bodies = this.#waiting.map(sessionEventBody)
    this.#waiting = null
    return { bodies, nextPosition: null }
  }
}
