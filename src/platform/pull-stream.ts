/**
 * A stream of events that are made when they are asked for. Hand-made rather than a generator: ten thousand idle ones
 * must cost little, and `return` must not wait for the next event.
 */
export abstract class PullStream<Event> implements AsyncIterableIterator<Event> {
  #closed = false
  #woken = false
  #wake: (() => void) | null = null

  /** An event that is ready; also asked for once after the stream was closed. */
  protected abstract take(): Event | undefined

  /** Makes further events ready, perhaps none; false when there is nothing to do until `wake`. */
  protected abstract advance(): Promise<boolean>

  /** Called once. */
  protected abstract onClose(): void

  get closed(): boolean {
    return this.#closed
  }

  /** There may be something to do. */
  protected wake(): void {
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
      if (!(await this.advance()) && !this.#woken) await this.#waken()
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
