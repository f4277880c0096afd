/** What takes the events of a stream. */
interface Reader {
  wake(): void
}

/**
 * A stream that produces events on demand, for one reader that never holds more than one. The reader takes what is ready
 * at once, without a promise, because ten thousand idle streams must cost little and a burst goes to a thousand of them.
 */
export abstract class PullStream<Event> implements AsyncIterable<Event> {
  #closed = false
  #reader: Reader | null = null

  /** Takes the next ready event. Called once more after the stream was closed. */
  abstract take(): Event | undefined

  /** Produces further events, perhaps none. Returns false if there is nothing to do before the next `wake`. */
  abstract advance(): boolean | Promise<boolean>

  /** Called once. */
  protected abstract onClose(): void

  get closed(): boolean {
    return this.#closed
  }

  /** Registers the reader, which is woken whenever there may be new events. */
  readBy(reader: Reader): void {
    this.#reader = reader
  }

  /** Signals that there may be new events. */
  wake(): void {
    this.#reader?.wake()
  }

  /** No further events, except those that are ready. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.onClose()
    this.wake()
  }

  /** graphql-js accepts no other kind of source. */
  [Symbol.asyncIterator](): AsyncIterator<Event> {
    throw new Error('A pull stream is read with take() and advance().')
  }
}

/** A stream of one event. */
export class OneEvent<Event> extends PullStream<Event> {
  #event: Event | undefined

  constructor(event: Event) {
    super()
    this.#event = event
  }

  take(): Event | undefined {
    const event = this.#event
    this.#event = undefined
    return event
  }

  advance(): boolean {
    this.close()
    return true
  }

  protected onClose(): void {}
}
