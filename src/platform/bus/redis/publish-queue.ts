import type { Redis } from 'ioredis'

/** So many hints may wait while a batch is on its way; what comes then is dropped, since others look for themselves. */
const waitingMax = 10_000
const batchMax = 1_000

/** Hints on their way out: one batch at a time, one write each, and nothing kept while Redis is away. */
export class RedisPublishQueue {
  readonly #redis: Redis
  readonly #onFailure: (error: Error) => void
  #waiting: [channel: string, text: string][] = []
  #sending: Promise<void> | null = null
  #lost = 0
  #told = 0

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

  /** How many were lost since the start. */
  get lost(): number {
    return this.#lost
  }

  /** How many were lost since this was asked last. */
  takeLost(): number {
    const lost = this.#lost - this.#told
    this.#told = this.#lost
    return lost
  }

  async #send(): Promise<void> {
    // What is published in the same turn goes out together.
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

  /** Resolves when nothing is on its way any more. */
  async idle(): Promise<void> {
    await this.#sending
  }
}
