import type { Redis } from 'ioredis'

/** Hints that may wait while a batch is being sent; further ones are dropped, since readers also poll. */
const waitingMax = 10_000
const batchMax = 1_000

/** Publishes hints in batches, one at a time. While Redis is unreachable, hints are dropped and counted. */
export class RedisPublishQueue {
  readonly #redis: Redis
  readonly #onFailure: (error: Error) => void
  #waiting: [channel: string, text: string][] = []
  #sending: Promise<void> | null = null
  #lost = 0
  #reported = 0

  constructor(redis: Redis, onFailure: (error: Error) => void) {
    this.#redis = redis
    this.#onFailure = onFailure
  }

  publish(channel: string, text: string): void {
    if (this.#redis.status !== 'ready' || this.#waiting.length >= waitingMax) {
      this.#lost += 1
      return
    }
    this.#waiting.push([channel, text])
    this.#sending ??= this.#send()
  }

  /** Number of hints lost since the start. */
  get lost(): number {
    return this.#lost
  }

  /** Number of hints lost since the last call. */
  takeLost(): number {
    const lost = this.#lost - this.#reported
    this.#reported = this.#lost
    return lost
  }

  async #send(): Promise<void> {
    // Hints of the same tick form one batch.
    await new Promise<void>((resolve) => setImmediate(resolve))
    while (this.#waiting.length > 0) await this.#sendBatch(this.#waiting.splice(0, batchMax))
    this.#sending = null
  }

  async #sendBatch(batch: [channel: string, text: string][]): Promise<void> {
    const pipeline = this.#redis.pipeline()
    for (const [channel, text] of batch) pipeline.publish(channel, text)
    const results = (await pipeline.exec().catch((error: Error) => batch.map(() => [error]))) ?? []
    const failures = results.flatMap(([error]) => (error ? [error] : []))
    this.#lost += failures.length
    if (failures[0]) this.#onFailure(failures[0])
  }

  /** Resolves when no hint is being sent. */
  async idle(): Promise<void> {
    await this.#sending
  }
}
