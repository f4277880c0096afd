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
  async race<Result>(work: Promise<Result>, late: () => Result | Promise<Result>): Promise<Result> {
    let timer: NodeJS.Timeout | undefined
    const passed = new Promise<Result>((resolve) => {
      timer = setTimeout(() => resolve(late()), this.leftMs)
    })
    try {
      return await Promise.race([work, passed])
    } finally {
      clearTimeout(timer)
    }
  }
}
