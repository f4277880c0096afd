import type { EventBody } from '../../event/body.ts'
import type { Position } from '../../position.ts'

/** Events for the reader, and the position after them. */
export interface EventBatch {
  bodies: EventBody[]
  /** null if the events have no number in the stream; the position then stays. */
  nextPosition: Position | null
  /** The history in which the numbers are given, if it may have changed. */
  history?: string
  /** Further changes of one conversation. They come before everything else with a number; until then the position stays. */
  furtherPages?: MessagePages
}

/** Changes of one conversation between two versions, delivered page by page. */
export interface MessagePages {
  conversationId: string
  from: number
  to: number
  nextPosition: Position | null
}

/** One source of events of a stream. */
export interface Source {
  /** Whether there are events for a reader at this position. */
  hasEvents(position: Position): boolean
  /** Called only while there are events. */
  next(position: Position): EventBatch | Promise<EventBatch>
}

export const noEvents: EventBatch = { bodies: [], nextPosition: null }

/** Sources by priority: each waits until the earlier ones have no events. */
export class InOrder implements Source {
  readonly #sources: readonly Source[]

  constructor(...sources: readonly Source[]) {
    this.#sources = sources
  }

  hasEvents(position: Position): boolean {
    return this.#sources.some((source) => source.hasEvents(position))
  }

  next(position: Position): EventBatch | Promise<EventBatch> {
    return this.#sources.find((source) => source.hasEvents(position))?.next(position) ?? noEvents
  }
}

/** Sources that take turns, so that a busy one cannot starve the others. */
export class InTurn implements Source {
  readonly #sources: readonly Source[]
  #turn = 0

  constructor(...sources: readonly Source[]) {
    this.#sources = sources
  }

  hasEvents(position: Position): boolean {
    return this.#sources.some((source) => source.hasEvents(position))
  }

  next(position: Position): EventBatch | Promise<EventBatch> {
    const count = this.#sources.length
    for (let place = this.#turn; place < this.#turn + count; place += 1) {
      const source = this.#sources[place % count]
      if (!source?.hasEvents(position)) continue
      this.#turn = (place + 1) % count
      return source.next(position)
    }
    return noEvents
  }
}
