import type { EventBody } from '../../event/body.ts'
import type { Position } from '../../position.ts'

/** Events to tell, and where the reader stands after them. */
export interface EventBatch {
  bodies: EventBody[]
  /** null if they have no number in the stream, and so leave the reader where it is. */
  nextPosition: Position | null
  /** The history of the database in which the numbers are given, if it may be another than before. */
  history?: string
  /** More changes of one conversation, told before anything else that has a number; until then the reader stays. */
  rest?: MessagePages
}

/** Changes of one conversation from a version on, told page by page. */
export interface MessagePages {
  conversationId: string
  from: number
  to: number
  nextPosition: Position | null
}

/** One kind of thing that a reader is told of. */
export interface Source {
  /** Whether there is something to tell to a reader at this position. */
  due(position: Position): boolean
  /** Called only while something is due. */
  next(position: Position): EventBatch | Promise<EventBatch>
}

/** Nothing to tell after all. */
export const nothing: EventBatch = { bodies: [], nextPosition: null }

/** Several sources, of which each waits for those before it. */
export class InOrder implements Source {
  readonly #sources: readonly Source[]

  constructor(...sources: readonly Source[]) {
    this.#sources = sources
  }

  due(position: Position): boolean {
    return this.#sources.some((source) => source.due(position))
  }

  next(position: Position): EventBatch | Promise<EventBatch> {
    return this.#sources.find((source) => source.due(position))?.next(position) ?? nothing
  }
}

/** Several sources that take turns: a source that always has something to tell keeps no other waiting. */
export class InTurn implements Source {
  readonly #sources: readonly Source[]
  #turn = 0

  constructor(...sources: readonly Source[]) {
    this.#sources = sources
  }

  due(position: Position): boolean {
    return this.#sources.some((source) => source.due(position))
  }

  next(position: Position): EventBatch | Promise<EventBatch> {
    const count = this.#sources.length
    for (let place = this.#turn; place < this.#turn + count; place += 1) {
      const source = this.#sources[place % count]
      if (!source?.due(position)) continue
      this.#turn = (place + 1) % count
      return source.next(position)
    }
    return nothing
  }
}
