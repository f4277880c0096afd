import type { SessionEvent } from '../../../context.ts'
import { sessionEventBody } from '../../event/body.ts'
import type { EventBatch, Source } from './source.ts'

/** Changes of the reader's session: it expires soon, or has ended. */
export class SessionEvents implements Source {
  #waiting: SessionEvent[] = []

  add(event: SessionEvent): void {
    this.#waiting = [...this.#waiting, event]
  }

  hasEvents(): boolean {
    return this.#waiting.length > 0
  }

  next(): EventBatch {
    const [event, ...others] = this.#waiting
    this.#waiting = others
    return { bodies: event ? [sessionEventBody(event)] : [], nextPosition: null }
  }
}
