/**
 * A stream that produces events on demand. Not a generator, because ten thousand idle streams must cost little, and
 * `return` must not wait for the next event.
 */
export abstract class PullStream<Event> implements AsyncIterableIterator<Event> {
  #closed = false
  #woken = false
  #wake: (() => void) | null = null

  /** Takes the next ready event. Called once more after the stream was closed. */
  protected abstract take(): Event | undefined

  /** Produces further events, perhaps none. Returns false if there is nothing to do before the next `wake`. */
  protected abstract advance(): boolean | Promise<boolean>

  /** Called once. */
  protected abstract onClose(): void

  get closed(): boolean {
    return this.#closed
  }

  /** Signals that there may be new events. */
  wake(): void {
    this.#woken = true
    this.#wake?.()
    this.#wake = null
  }

  async next(): Promise<IteratorResult<Event>> {
    for (;;) {
      const event = this.take()
      if (event !== undefined) return { done: false, value: event }
      if (this.#closed) return { done: true, value: undefined }
      this.#woken = false
      const advanced = this.advance()
      // Without an await where there is nothing to wait for: most events need no read.
      const moved = typeof advanced === 'boolean' ? advanced : await advanced
      if (!moved && !this.#woken) await this.#waken()
    }
  }

  #waken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.onClose()
    this.wake()
  }

  async return(): Promise<IteratorResult<Event>> {
    this.close()
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}
