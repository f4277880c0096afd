/** Waiters for something that may arrive at any moment. */
export class Waiters {
  readonly #waiting = new Set<() => void>()

  /** Resolves when something arrives, or after the given milliseconds. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        this.#waiting.delete(done)
        resolve()
      }
      const timer = setTimeout(done, ms)
      this.#waiting.add(done)
    })
  }

  /** Wakes all waiters. */
  wake(): void {
    for (const done of [...this.#waiting]) done()
  }
}
