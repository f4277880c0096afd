/** The time by which a request is answered. */
export class Deadline {
  readonly #at: number

  constructor(ms: number) {
    this.#at = performance.now() + ms
  }

  get leftMs(): number {
    return Math.max(0, this.#at - performance.now())
  }

  /** The result of the work, or of `late` when the deadline passes first; the work itself continues. */
  race<Result>(work: Promise<Result>, late: () => Result | Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => resolve(late()), this.leftMs)
      work.then(
        (result) => {
          clearTimeout(timer)
          resolve(result)
        },
        (error: Error) => {
          clearTimeout(timer)
          reject(error)
        },
      )
    })
  }
}
