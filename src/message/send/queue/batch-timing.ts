/** With fewer sends than this, a batch waits for the one that is being written, unless that takes long. */
const besideMin = 8
const slowMs = 20
/** After a batch, the next one waits for at most this many sends, and for at most this time. */
const afterMax = 16
const afterMs = 2

/**
 * Decides when a batch of sends begins. A batch costs the database as much as its first ten messages, so few sends are
 * cheaper together. Beside another batch, they wait for it; after one, for the answers to what it delivered, as many as
 * there were lately. None waits long, and a conversation that is alone does not wait.
 */
export class BatchTiming {
  #begunAt = 0
  #endedAt = Number.NEGATIVE_INFINITY
  /** The conversations of the last two batches. */
  #latest: ReadonlySet<string>[] = []
  #expected = 1

  /** How long the sends that are ready wait before they begin a batch; null if there are none. */
  waitMs({ ready, isBeside, now }: QueueState): number | null {
    const enough = isBeside ? besideMin : this.#expected
    const count = ready(enough)
    if (count === 0) return null
    if (count >= enough) return 0
    const until = isBeside ? this.#begunAt + slowMs : this.#endedAt + afterMs
    return Math.max(until - now, 0)
  }

  began(conversationIds: readonly string[], now: number): void {
    this.#begunAt = now
    this.#latest = [new Set(conversationIds), ...this.#latest.slice(0, 1)]
    this.#expected = Math.min(new Set(this.#latest.flatMap((ids) => [...ids])).size, afterMax)
  }

  ended(now: number): void {
    this.#endedAt = now
  }
}

interface QueueState {
  /** Counts the sends that can be in the batch, up to a limit. */
  ready: (limit: number) => number
  /** Whether another batch is being written. */
  isBeside: boolean
  /** Milliseconds. */
  now: number
}
