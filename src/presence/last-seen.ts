import type { Services } from '../context.ts'
import type { Connections } from './connections.ts'
import { noteSeen } from './store.ts'

const writeMs = 60_000
/** Whoever stays connected is noted so often, for the case that the server dies. */
const noteConnectedMs = 300_000

/** When people were last seen, gathered and written now and then. */
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
    this.#timer = setInterval(() => this.#writeGathered(), writeMs)
  }

  note(userId: string): void {
    this.#seen.set(userId, Date.now())
  }

  /** Writes these at once; what cannot be written is lost, and nothing else with it. */
  async keep(seen: ReadonlyMap<string, Date>): Promise<void> {
    if (seen.size === 0) return
    await noteSeen(this.#services.sql, seen).catch((error) =>
      this.#services.log.warn({ err: error }, 'when people were last seen could not be written'),
    )
  }

  #writeGathered(): void {
    const now = new Date()
    const seen = new Map([...this.#seen].map(([userId, time]) => [userId, new Date(time)]))
    this.#seen = new Map()
    if (now.getTime() - this.#connectedNotedAt >= noteConnectedMs) {
      this.#connectedNotedAt = now.getTime()
      for (const userId of this.#connections.userIds()) seen.set(userId, now)
    }
    this.#writing = this.#writing.then(() => this.keep(seen))
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.#connectedNotedAt = 0
    this.#writeGathered()
    await this.#writing
  }
}
