import type { SessionEvent } from '../../../context.ts'
import { sessionEventBody } from '../../event/body.ts'
import type { EventBatch, Source } from './source.ts'

/** What becomes of the reader's session. */
export class SessionEvents implements Source {
  #waiting: SessionEvent[] = []

  add(notice: SessionEvent): void {
    this.#waiting = [...this.#waiting, notice]
  }

  due(): boolean {
    return this.#waiting.length > 0
  }

  next(): EventBatch {
    const [notice, ...others] = this.#waiting
    this.#waiting = others
    return { bodies: notice ? [sessionEventBody(notice)] : [], nextPosition: null }
  }
}
