import type { OpenSpan } from '../../../platform/tracing/tracing.ts'
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
  /** Whether there are no events because the viewer is no member of the conversation. */
  isHidden?: boolean
  /** The span of the delivery, which ends when the last event is written. */
  span?: OpenSpan
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
  /** The next events for a reader at this position; null if there are none now. */
  next(position: Position): EventBatch | Promise<EventBatch> | null
  /** True while there may be events as soon as other sources move the position. */
  readonly awaitsPosition?: boolean
}

export const noEvents: EventBatch = { bodies: [], nextPosition: null }

/** Sources by priority: each waits until the earlier ones have no events. */
export class InOrder implements Source {
  readonly #sources: readonly Source[]

  constructor(...sources: readonly Source[]) {
    this.#sources = sources
  }

  next(position: Position): EventBatch | Promise<EventBatch> | null {
    for (const source of this.#sources) {
      const batch = source.next(position)
      if (batch) return batch
    }
    return null
  }
}

/**
 * The first source is urgent and always comes first; the others take turns, so that a busy one cannot starve the rest. Only
 * sources that are marked are asked: reading the memory of all sources of a thousand streams costs more than an event.
 */
export class InTurn {
  readonly #sources: readonly Source[]
  /** One bit per source. */
  #marked = 0
  #turn = 1

  constructor(...sources: readonly Source[]) {
    this.#sources = sources
  }

  /** The source may have events. */
  mark(source: Source): void {
    this.#marked |= 1 << this.#sources.indexOf(source)
  }

  next(position: Position): EventBatch | Promise<EventBatch> | null {
    const urgent = this.#ask(0, position)
    if (urgent) return urgent
    const others = this.#sources.length - 1
    for (let tries = 0; this.#marked !== 0 && tries < others; tries += 1) {
      const index = this.#turn
      this.#turn = index === others ? 1 : index + 1
      const batch = this.#ask(index, position)
      if (batch) return batch
    }
    return null
  }

  #ask(index: number, position: Position): EventBatch | Promise<EventBatch> | null {
    const bit = 1 << index
    if ((this.#marked & bit) === 0) return null
    const source = this.#sources[index]
    const batch = source?.next(position) ?? null
    if (!batch && !source?.awaitsPosition) this.#marked &= ~bit
    return batch
  }
}
