/** Those who wait for what may come at any moment. */
export class Waiters {
  readonly #waiting = new Set<() => void>()

  /** Resolves when something has come, at the latest after so many milliseconds. */
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

  /** Something has come: all look again. */
  wake(): void {
    for (const done of [...this.#waiting]) done()
  }
}
