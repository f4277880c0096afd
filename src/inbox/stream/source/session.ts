import type { SessionEvent } from '../../../context.ts'
import { noticeBody } from '../../event/body.ts'
import type { Source, Told } from './source.ts'

/** What becomes of the reader's session. */
export class SessionNotices implements Source {
  #waiting: SessionEvent[] = []

  add(notice: SessionEvent): void {
    this.#waiting = [...this.#waiting, notice]
  }

  due(): boolean {
    return this.#waiting.length > 0
  }

  next(): Told {
    const [notice, ...others] = this.#waiting
    this.#waiting = others
    return { bodies: notice ? [noticeBody(notice)] : [], leadsTo: null }
  }
}
