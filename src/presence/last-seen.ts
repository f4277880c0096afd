import type { Services } from '../context.ts'
import type { Connections } from './connections.ts'
import { noteSeen } from './store.ts'

const writeMs = 60_000
/** Interval in which connected users are stored, in case the server is killed. */
const noteConnectedMs = 300_000

/** When users were last seen, collected and written in batches. */
export class LastSeen {
  readonly #services: Pick<Services, 'sql' | 'log'>
  readonly #connections: Connections
  readonly #timer: NodeJS.Timeout
  #seen = new Map<string, number>()
  #connectedNotedAt = Date.now()
  #writing: Promise<void> = Promise.resolve()

  constructor(services: Pick<Services, 'sql' | 'log'>, connections: Connections) {
    this.#services = services
    this.#connections = connections
    this.#timer = setInterval(() => this.#writeCollected(), writeMs)
  }

  note(userId: string): void {
    this.#seen.set(userId, Date.now())
  }

  /** Writes these at once. A failure loses these times only. */
  async write(seen: ReadonlyMap<string, Date>): Promise<void> {
    if (seen.size === 0) return
    await noteSeen(this.#services.sql, seen).catch((error) =>
      this.#services.log.warn({ err: error }, 'last-seen times not written, dropped'),
    )
  }

  #writeCollected(): void {
    const now = new Date()
    const seen = new Map([...this.#seen].map(([userId, time]) => [userId, new Date(time)]))
    this.#seen = new Map()
    if (now.getTime() - this.#connectedNotedAt >= noteConnectedMs) {
      this.#connectedNotedAt = now.getTime()
      for (const userId of this.#connections.userIds()) seen.set(userId, now)
    }
    this.#writing = this.#writing.then(() => this.write(seen))
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.#connectedNotedAt = 0
    this.#writeCollected()
    await this.#writing
  }
}
